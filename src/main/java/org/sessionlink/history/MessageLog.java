package org.sessionlink.history;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What all servers keep together: it numbers the messages of each destination, keeps them
 * as long as its rule says, and tells all servers of each, in its order as far as nothing
 * is lost on the way.
 *
 * <p>
 * Safe for use by any thread. Whoever calls waits for an answer, two seconds at most.
 */
public interface MessageLog {

	/** Who hears of what happens in it. */
	interface Reader {

		/** Hears news; does not wait. */
		void hear(LogNews news);

		/**
		 * Looks where all counts are, as news may be lost, and a log may go back.
		 * @throws LogAwayException if nobody can say
		 */
		void compare();

	}

	/**
	 * What is known of a destination.
	 *
	 * @param mark where it is here
	 */
	record Known(History.Key key, KeepRule rule, Mark mark) {
	}

	/**
	 * What is kept of a destination.
	 *
	 * @param mark where its count is
	 * @param entries what came before that, in order, as far as it is kept
	 */
	record Slice(Mark mark, List<LogEntry> entries) {

		public Slice {
			entries = List.copyOf(entries);
		}

	}

	/** Remembers who hears of it. */
	void read(Reader reader);

	/**
	 * Numbers a message, keeps it and tells all servers.
	 * @throws LogAwayException if it is not known whether it is kept
	 */
	void publish(History.Key key, KeepRule rule, byte[] content);

	/**
	 * Returns what came after two places, where these are of the count that it has. A
	 * count that has gone back behind what is known becomes another by that.
	 * @param from where a client is, or null
	 * @throws LogAwayException if nobody can say
	 */
	Slice read(Known known, @Nullable Position from);

	/**
	 * Tells all servers where a count is, behind all messages before.
	 * @throws LogAwayException if nobody can say
	 */
	void announce(Known known);

	/**
	 * Returns where counts are; a count that has gone back behind what is known becomes
	 * another by that.
	 * @throws LogAwayException if nobody can say
	 */
	List<Mark> heads(List<Known> known);

}
