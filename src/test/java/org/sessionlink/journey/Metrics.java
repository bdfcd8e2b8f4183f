package org.sessionlink.journey;

import java.util.Map;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/** What a server has counted, as Prometheus reads it. */
record Metrics(Map<String, Double> series) {

	static Metrics of(String text) {
		return new Metrics(text.lines()
			.filter((line) -> !line.startsWith("#"))
			.collect(Collectors.toMap((line) -> line.substring(0, line.lastIndexOf(' ')),
					(line) -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)))));
	}

	/** Returns the number of a series, which there has to be. */
	double number(String name) {
		assertThat(this.series).containsKey(name);
		return this.series.get(name);
	}

}
