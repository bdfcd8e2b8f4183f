package org.sessionlink.journey.twin.linked;

import org.sessionlink.journey.twin.TwinInitializer;

/** Starts the twin. */
public final class LinkedInitializer extends TwinInitializer {

	@Override
	protected Class<?>[] getServletConfigClasses() {
		return new Class<?>[] { LinkedConfig.class };
	}

}
