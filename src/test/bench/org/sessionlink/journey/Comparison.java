package org.sessionlink.journey;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a load measures on each side, in turn. A side that closes a socket, loses a
 * message or does not answer has failed: it is left out from then on, and has no figures.
 */
final class Comparison {

	private final Map<Row.Side, Site> sites = new EnumMap<>(Row.Side.class);

	private final Map<Row.Side, Load> loads = new EnumMap<>(Row.Side.class);

	private final Map<Figure, Map<Row.Side, List<Double>>> measured = new EnumMap<>(Figure.class);

	private final Map<Row.Side, String> failures = new EnumMap<>(Row.Side.class);

	/** Connects the clients of a side. */
	void add(Row.Side side, Site site, Function<Site, Load> load) {
		this.sites.put(side, site);
		attempt(side, () -> this.loads.put(side, load.apply(site)));
	}

	void warmUp(Duration time) {
		forEach((side, load) -> load.run(time));
	}

	void measure(Duration time) {
		forEach((side, load) -> load.run(time)
			.forEach((figure, value) -> this.measured.computeIfAbsent(figure, (absent) -> new EnumMap<>(Row.Side.class))
				.computeIfAbsent(side, (absent) -> new ArrayList<>())
				.add(value)));
	}

	void close() {
		forEach((side, load) -> load.close());
		this.loads.clear();
	}

	/** Returns all values of each figure, by side. */
	Map<Figure, Map<Row.Side, List<Double>>> measured() {
		return this.measured;
	}

	/** Returns why sides have failed. */
	Map<Row.Side, String> failures() {
		return this.failures;
	}

	private void forEach(Step step) {
		for (Row.Side side : Row.Side.values()) {
			Load load = this.loads.get(side);
			if (load != null) {
				attempt(side, () -> step.take(side, load));
			}
		}
	}

	private void attempt(Row.Side side, Runnable action) {
		try {
			action.run();
		}
		catch (IllegalStateException ex) {
			this.failures.put(side, String.valueOf(ex.getMessage()).replaceAll("[\\s\\x00]+", " ").strip());
			leaveOut(this.sites.get(side));
		}
	}

	// All that goes to one application, as its connections are broken.
	private void leaveOut(Site site) {
		this.sites.forEach((side, other) -> {
			if (other == site) {
				this.loads.remove(side);
				this.measured.values().forEach((bySide) -> bySide.remove(side));
			}
		});
		site.abandon();
	}

	private interface Step {

		void take(Row.Side side, Load load);

	}

}
