package org.sessionlink.watch;

import java.util.List;

import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.sessionlink.link.Links;

/** The meters of an application, for benchmarks of other rooms. */
public final class BenchMeters {

	private BenchMeters() {
	}

	/** Has a registry of Prometheus's hear how long things take, as in the WAR. */
	public static void bindTo(Links links) {
		BoundMeters meters = new BoundMeters(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
				new LinkFigures(links).all(), TimedMetric.all(false), Tags.empty());
		List<BoundMeters> bound = List.of(meters);
		links.timings((what, nanos) -> bound.forEach((one) -> one.took(what, nanos)));
	}

}
