package org.sessionlink.history;

import java.time.Duration;

/**
 * A message that all servers keep.
 *
 * @param mark its count, its number and its id
 * @param previous the id of the message before it
 * @param age how long ago it came
 * @param content its bytes
 */
public record LogEntry(Mark mark, long previous, Duration age, byte[] content) {

	long offset() {
		return this.mark.last();
	}

	/** Returns where somebody is who is to get this next. */
	Mark before() {
		return new Mark(this.mark.epoch(), this.mark.last() - 1, this.previous);
	}

	/** Returns whether it is the next one of who is there. */
	boolean follows(Mark at) {
		return before().equals(at);
	}

}
