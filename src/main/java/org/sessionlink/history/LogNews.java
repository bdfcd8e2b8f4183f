package org.sessionlink.history;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What servers hear of a destination as it happens.
 *
 * @param mark where its count is
 * @param previous the id of the message before that one
 * @param message whether it is news of this message, and not only of the place
 * @param content the bytes of the message, or null where they are to be read
 */
public record LogNews(History.Key key, Mark mark, long previous, boolean message, byte @Nullable [] content) {

	private static final int BESIDE = 200;

	/** Says where a count is. */
	public static LogNews head(History.Key key, Mark mark) {
		return new LogNews(key, mark, mark.id(), false, null);
	}

	/** Says that there is a message. */
	public static LogNews message(History.Key key, Mark mark, long previous, byte[] content) {
		return new LogNews(key, mark, previous, true, content);
	}

	/** Returns the same without what takes memory. */
	LogNews withoutContent() {
		return new LogNews(this.key, this.mark, this.previous, this.message, null);
	}

	/** Returns about how much memory it takes while it waits. */
	long bytes() {
		return BESIDE + ((this.content != null) ? this.content.length : 0L);
	}

	/** Returns where somebody is of whom nothing is known, and who is to get it. */
	Mark before() {
		return this.message ? new Mark(this.mark.epoch(), this.mark.last() - 1, this.previous) : this.mark;
	}

	/** Returns the message, if it is here. */
	@Nullable LogEntry entry() {
		return (this.content != null) ? new LogEntry(this.mark, this.previous, Duration.ZERO, this.content) : null;
	}

}
