package org.sessionlink.journey;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * A load that both applications get in turn, and where there is one, its like without
 * STOMP.
 */
record Scenario(String name, String words, Function<Site, Load> load, @Nullable Function<Site, Load> raw) {

	private static final int WARM_UPS = 2;

	Scenario(String name, String words, Function<Site, Load> load) {
		this(name, words, load, null);
	}

	/** Returns all of them, in the order of the report. */
	static List<Scenario> all() {
		return List.of(
				new Scenario("fanout100", "deliveries to 100 subscribers, 8 publishes in flight",
						(site) -> new FullFanOut(site, 100, 8)),
				new Scenario("fanout1000", "deliveries to 1,000 subscribers, 4 in flight",
						(site) -> new FullFanOut(site, 1000, 4)),
				new Scenario("fanout100x64", "deliveries to 100 subscribers, 64 in flight",
						(site) -> new FullFanOut(site, 100, 64)),
				new Scenario("open100x64", "deliveries to 100 subscribers, 64 in flight, and nobody is waited for",
						(site) -> new OpenFanOut(site, 100, 64)),
				new Scenario("steady", "deliveries to 100 subscribers, 20,000 a second",
						(site) -> new SteadyFanOut(site, 100, 20_000)),
				new Scenario("roundtrip1", "round trips of 1 connection", (site) -> RoundTrips.overStomp(site, 1),
						(site) -> RoundTrips.raw(site, 1)),
				new Scenario("roundtrip32", "round trips of 32 connections", (site) -> RoundTrips.overStomp(site, 32),
						(site) -> RoundTrips.raw(site, 32)),
				new Scenario("handshakes", "handshakes with CONNECT and close, 16 at once",
						(site) -> new Handshakes(site, 16)),
				new Scenario("memory", "idle sockets, each with its session", (site) -> new IdleHeap(site, 1000)),
				new Scenario("close", "1,000 sockets of a session that ends", (site) -> new MassClose(site, 1000)));
	}

	/** Warms up, then measures in rounds, one application after the other in each. */
	Outcome measure(Site plain, Site link, int rounds, Duration time) {
		Comparison comparison = new Comparison();
		comparison.add(Row.Side.PLAIN, plain, this.load);
		comparison.add(Row.Side.LINK, link, this.load);
		if (this.raw != null) {
			comparison.add(Row.Side.RAW, plain, this.raw);
		}
		for (int i = 0; i < WARM_UPS; i++) {
			comparison.warmUp(time);
		}
		for (int i = 0; i < rounds; i++) {
			comparison.measure(time);
		}
		comparison.close();
		return new Outcome(rows(comparison.measured()), comparison.failures());
	}

	private List<Row> rows(Map<Figure, Map<Row.Side, List<Double>>> measured) {
		List<Row> rows = new ArrayList<>();
		measured.forEach((figure, values) -> {
			if (values.isEmpty()) {
				return;
			}
			Map<Row.Side, Double> medians = new EnumMap<>(Row.Side.class);
			values.forEach((side, all) -> medians.put(side, median(all)));
			rows.add(new Row(this, figure, medians));
		});
		return rows;
	}

	private static double median(List<Double> values) {
		List<Double> sorted = values.stream().sorted().toList();
		int half = sorted.size() / 2;
		return (sorted.size() % 2 == 1) ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
	}

}
