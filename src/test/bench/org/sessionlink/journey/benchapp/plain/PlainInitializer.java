package org.sessionlink.journey.benchapp.plain;

import org.sessionlink.journey.benchapp.BenchInitializer;

/** Starts the application on plain Spring. */
public final class PlainInitializer extends BenchInitializer {

	PlainInitializer() {
		super(PlainConfig.class);
	}

}
