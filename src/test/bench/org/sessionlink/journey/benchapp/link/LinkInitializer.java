package org.sessionlink.journey.benchapp.link;

import org.sessionlink.journey.benchapp.BenchInitializer;

/** Starts the application on SessionLink. */
public final class LinkInitializer extends BenchInitializer {

	LinkInitializer() {
		super(LinkConfig.class);
	}

}
