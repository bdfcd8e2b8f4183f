package org.sessionlink.journey;

import java.util.Locale;
import java.util.Map;

/** A figure of a scenario: the median of what was measured on each side. */
record Row(Scenario scenario, Figure figure, Map<Row.Side, Double> medians) {

	static final String HEAD = """
			| what | figure | plain Spring | SessionLink | gain | without STOMP |
			|---|---|---|---|---|---|
			""";

	/** What is measured side by side. */
	enum Side {

		PLAIN("plain Spring"), LINK("SessionLink"), RAW("without STOMP");

		private final String words;

		Side(String words) {
			this.words = words;
		}

		@Override
		public String toString() {
			return this.words;
		}

	}

	/** Returns how many times better SessionLink is than plain Spring. */
	double gain() {
		return this.figure.gain(value(Side.PLAIN), value(Side.LINK));
	}

	/** Returns the row of a table in Markdown. */
	@Override
	public String toString() {
		String gain = Double.isFinite(gain()) ? String.format(Locale.ROOT, "%.2f", gain()) : "";
		return String.format("| %s | %s | %s | %s | %s | %s |", this.scenario.words(), this.figure, text(Side.PLAIN),
				text(Side.LINK), gain, text(Side.RAW));
	}

	private String text(Side side) {
		double value = value(side);
		if (Double.isNaN(value)) {
			return "";
		}
		return Double.isInfinite(value) ? "never" : String.format(Locale.ROOT, (value < 100) ? "%.1f" : "%,.0f", value);
	}

	// Not a number where a side has failed.
	private double value(Side side) {
		return this.medians.getOrDefault(side, Double.NaN);
	}

}
