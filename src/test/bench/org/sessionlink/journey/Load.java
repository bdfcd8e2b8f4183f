package org.sessionlink.journey;

import java.time.Duration;
import java.util.Map;

/** A load on one of the applications, with its clients connected until it is closed. */
interface Load extends AutoCloseable {

	/** Runs for so long, where it has no end of its own, and leaves nothing under way. */
	Map<Figure, Double> run(Duration time);

	@Override
	void close();

}
