package org.sessionlink.journey;

import org.sessionlink.RelayBench;

/**
 * What messages through a broker elsewhere cost:
 * {@code mvn verify -Pfigures -Dfigures=RelayFigures}.
 */
public final class RelayFigures {

	private RelayFigures() {
	}

	/** Prints all figures. */
	public static void main(String[] arguments) throws Exception {
		RelayBench.run();
		System.exit(0);
	}

}
