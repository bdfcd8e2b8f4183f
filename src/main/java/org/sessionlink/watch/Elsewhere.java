package org.sessionlink.watch;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Link;

/**
 * What there is of an application's links beyond this server: the other servers that can
 * be asked, and the store that all share. By default there is neither.
 *
 * <p>
 * Each call may wait for others a little. Safe for use by any thread.
 */
public interface Elsewhere {

	/** Of a server that stands alone. */
	Elsewhere NOTHING = new Elsewhere() {

		@Override
		public @Nullable String name() {
			return null;
		}

		@Override
		public String id(Link link) {
			return link.key();
		}

		@Override
		public Answers ask(String question) {
			return new Answers(Map.of(), List.of());
		}

		@Override
		public void answerWith(UnaryOperator<String> answers) {
			// Nobody will ask.
		}

		@Override
		public List<Kept> all() {
			return List.of();
		}

		@Override
		public List<Kept> ownedBy(String user) {
			return List.of();
		}

		@Override
		public List<Kept> withFingerprint(String fingerprint) {
			return List.of();
		}

		@Override
		public Set<String> end(Collection<String> ids, EndCause cause) {
			return Set.of();
		}

	};

	/** Returns the name of this server among the others, or null where it is alone. */
	@Nullable String name();

	/**
	 * Returns what names a link on all servers, and does not tell its key to the others.
	 */
	String id(Link link);

	/** Asks all other servers; waits a second for those that say nothing. */
	Answers ask(String question);

	/** Has this give the answers to the questions of others, on a thread of theirs. */
	void answerWith(UnaryOperator<String> answers);

	/** Returns all links that the store has. */
	List<Kept> all();

	/** Returns the links that the store has of a user. */
	List<Kept> ownedBy(String user);

	/** Returns the links with this fingerprint that the store has. */
	List<Kept> withFingerprint(String fingerprint);

	/**
	 * Ends links in the store, of which all servers hear.
	 * @param ids of links
	 * @return those that this call has ended there
	 */
	Set<String> end(Collection<String> ids, EndCause cause);

	/**
	 * What others have answered.
	 *
	 * @param byServer by their names
	 * @param silent the names of those that have not
	 */
	record Answers(Map<String, String> byServer, List<String> silent) {

	}

	/**
	 * A link as the store has it.
	 *
	 * @param age of its session
	 * @param idle how long ago it was used
	 * @param timeout of its session, zero for none
	 * @param user whose it is, or null
	 * @param address from where it was used last, or null
	 * @param userAgent with what, or null
	 */
	record Kept(String id, String fingerprint, Duration age, Duration idle, Duration timeout, @Nullable String user,
			@Nullable String address, @Nullable String userAgent) {

	}

}
