package org.sessionlink.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkStore;
import org.sessionlink.link.LinkedSocket;
import org.sessionlink.link.Refused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the nodes that share links tell each other (B22): each end by news at once, and
 * for certain by looking at the records of all links that are open here, now and then.
 *
 * <p>
 * Safe for use by any thread. Which links the store has lost, and since when, only the
 * thread that looks knows.
 */
final class SharedLinks implements LinkStore {

	private static final Logger logger = LoggerFactory.getLogger(SharedLinks.class);

	private static final int BATCH = 500;

	private final Ends ends;

	private final Map<String, Long> lost = new HashMap<>();

	private final Records records;

	private final StoreWatch watch;

	private final LocalLinks local;

	private final Duration grace;

	private final Consumer<String> follow;

	/**
	 * Makes it.
	 * @param follow takes over what the store has of a link, by its hash
	 */
	SharedLinks(Records records, StoreWatch watch, LocalLinks local, Ends ends, Duration grace,
			Consumer<String> follow) {
		this.records = records;
		this.ends = ends;
		this.watch = watch;
		this.local = local;
		this.grace = grace;
		this.follow = follow;
	}

	@Override
	public boolean isShared() {
		return true;
	}

	@Override
	public void ask(Link link) {
		if (!this.watch.isUp()) {
			return;
		}
		try {
			String hash = Records.hash(link.key());
			State state = this.records.look(List.of(hash), this.watch.judges()).get(0);
			Duration remaining = link.remaining();
			if (state.isOpen() || state.end() != null) {
				heard(hash, link, state);
			}
			else if (this.watch.judges() && remaining != null && remaining.isZero()) {
				link.end(EndCause.EXPIRED);
			}
		}
		catch (StoreAwayException ex) {
			logger.debug("Nobody can say when {} was used last", link, ex);
		}
	}

	/** Tells the store that a link is in use. Returns the timeout, or null. */
	@Nullable Duration touch(String hash) {
		Link link = this.local.find(hash);
		if (link == null || !this.watch.isUp()) {
			return null;
		}
		try {
			State state = this.records.touch(hash, link.idle());
			heard(hash, link, state);
			return state.isOpen() ? state.timeout() : null;
		}
		catch (StoreAwayException ex) {
			// All are told of once it is back.
			logger.debug("The use of {} could not be told", link, ex);
			return null;
		}
	}

	@Override
	public void ended(Link link, EndCause cause) {
		this.ends.tell(Records.hash(link.key()), cause);
	}

	/** Ends a link on all nodes: now, or once the store is back. */
	void end(String hash, EndCause cause) {
		this.ends.tell(hash, cause);
		endHere(hash, cause);
	}

	/** Takes note that the store says that a link has ended. */
	void hasEnded(String hash, EndCause cause) {
		this.ends.heard(hash, cause);
		endHere(hash, cause);
	}

	private void endHere(String hash, EndCause cause) {
		Link link = this.local.find(hash);
		if (link != null) {
			link.end(cause);
		}
	}

	/** Tells the store what it has missed. */
	void catchUp() {
		inBatches(this.local.open(), this::tellUses);
	}

	private void tellUses(List<String> hashes) {
		Map<String, Link> used = new LinkedHashMap<>();
		Map<String, Duration> agos = new LinkedHashMap<>();
		for (String hash : hashes) {
			Link link = this.local.find(hash);
			if (link != null) {
				used.put(hash, link);
				agos.put(hash, link.idle());
			}
		}
		Iterator<State> states = this.records.touch(agos).iterator();
		used.forEach((hash, link) -> heard(hash, link, states.next()));
	}

	private static void inBatches(List<String> hashes, Consumer<List<String>> each) {
		for (int from = 0; from < hashes.size(); from += BATCH) {
			each.accept(hashes.subList(from, Math.min(hashes.size(), from + BATCH)));
		}
	}

	/** Takes over what another node has told. */
	void news(String message) {
		String[] words = message.split(" ");
		if (words.length < 2) {
			return;
		}
		String hash = words[1];
		if (words[0].equals("ended")) {
			hasEnded(hash, State.cause((words.length > 2) ? words[2] : ""));
		}
		if (this.local.find(hash) == null) {
			return;
		}
		switch (words[0]) {
			case "changed" -> followIfNews(hash, (words.length > 2) ? version(words[2]) : Long.MAX_VALUE);
			case "used" -> look(List.of(hash));
			default -> logger.debug("News of a kind that is not known here");
		}
	}

	private static long version(String word) {
		try {
			return Long.parseLong(word);
		}
		catch (NumberFormatException ex) {
			return Long.MAX_VALUE;
		}
	}

	private void followIfNews(String hash, long version) {
		if (this.local.isNews(hash, version)) {
			this.follow.accept(hash);
		}
	}

	/** Looks at the records of all links that are open here. */
	void lookAtAll() {
		if (!this.watch.isUp()) {
			return;
		}
		List<String> open = this.local.open();
		this.lost.keySet().retainAll(open);
		inBatches(open, this::look);
		this.ends.forgetOld(this.watch.upFor());
	}

	private void look(List<String> hashes) {
		List<State> states = this.records.look(hashes, this.watch.judges());
		for (int i = 0; i < states.size(); i++) {
			String hash = hashes.get(i);
			Link link = this.local.find(hash);
			if (link == null) {
				continue;
			}
			State state = states.get(i);
			if (state.isOpen() || state.end() != null) {
				this.lost.remove(hash);
				heard(hash, link, state);
			}
			else if (this.watch.judges()) {
				lost(hash, link);
			}
		}
	}

	// Without its having ended: the store was emptied, or has fallen back to a copy that
	// never had it. It lives on for the grace, as with a store that is away.
	private void lost(String hash, Link link) {
		long now = link.clock().nanoTime();
		Long since = this.lost.putIfAbsent(hash, now);
		if (since == null) {
			logger.warn("Redis has nothing of {}, which has not ended: it was emptied, or lacks what another had",
					link);
		}
		else if (now - since >= this.grace.toNanos()) {
			link.end(EndCause.ENDED);
		}
	}

	private void heard(String hash, Link link, State state) {
		Duration idle = state.idle();
		if (state.end() != null) {
			link.end(state.end());
		}
		else if (idle != null) {
			link.usedElsewhere(idle);
			followIfNews(hash, state.version());
		}
	}

	/** Closes all sockets, which have been without the store for too long (B21). */
	void closeSockets() {
		for (String hash : this.local.open()) {
			Link link = this.local.find(hash);
			if (link != null) {
				link.sockets().forEach(this::close);
			}
		}
	}

	private void close(LinkedSocket socket) {
		socket.giveUp(Refused.STORE_AWAY, "The server cannot look after sessions at the moment: come back in a while.");
	}

}
