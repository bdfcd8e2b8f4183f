package org.sessionlink.journey.twin.plain;

import org.sessionlink.journey.twin.TwinInitializer;

/** Starts the twin. */
public final class PlainInitializer extends TwinInitializer {

	@Override
	protected Class<?>[] getServletConfigClasses() {
		return new Class<?>[] { PlainConfig.class };
	}

}
