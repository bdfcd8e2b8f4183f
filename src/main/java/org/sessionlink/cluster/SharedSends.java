package org.sessionlink.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import org.sessionlink.link.Link;
import org.sessionlink.link.SentIds;
import org.sessionlink.link.SentStore;
import org.sessionlink.link.Telling;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which messages of a link any node has handled, or is at (B52): one script before such a
 * message, and one after it. While the store is away each node knows its own alone.
 *
 * <p>
 * Safe for use by any thread: who waits for another node stands in the map, and is put in
 * and taken out by one step on it.
 */
final class SharedSends implements SentStore {

	private static final Logger logger = LoggerFactory.getLogger(SharedSends.class);

	/** The channel on which nodes hear of messages that they wait for. */
	static final String CHANNEL = "sent";

	private static final int MOST_WAITING = 10_000;

	private static final long LONGEST = Duration.ofMinutes(5).toNanos();

	private final ConcurrentMap<String, List<Waiting>> waiting = new ConcurrentHashMap<>();

	private final Redis redis;

	private final StoreWatch watch;

	private final String node;

	/** Whoever is to hear of it, and since when. */
	private record Waiting(Runnable handled, long since) {
	}

	SharedSends(Redis redis, StoreWatch watch, String node) {
		this.redis = redis;
		this.watch = watch;
		this.node = node;
	}

	@Override
	public SentIds.Turn take(Link link, String id, Runnable handled) {
		String name = Records.hash(link.key()) + " " + id;
		// Before it is asked for: the news may come before the answer.
		await(name, handled);
		SentIds.Turn turn = switch (run("take", link, id)) {
			case "again" -> SentIds.Turn.AGAIN;
			case "meanwhile" -> SentIds.Turn.MEANWHILE;
			default -> SentIds.Turn.FIRST;
		};
		if (turn != SentIds.Turn.MEANWHILE) {
			forget(name, handled);
		}
		return turn;
	}

	private void await(String name, Runnable handled) {
		long now = System.nanoTime();
		if (this.waiting.size() >= MOST_WAITING) {
			this.waiting.values().removeIf((all) -> all.stream().allMatch((one) -> now - one.since() > LONGEST));
		}
		if (this.waiting.size() < MOST_WAITING) {
			this.waiting.compute(name, (key, known) -> {
				List<Waiting> all = new ArrayList<>((known != null) ? known : List.of());
				all.removeIf((one) -> now - one.since() > LONGEST);
				if (all.size() < SentIds.MOST) {
					all.add(new Waiting(handled, now));
				}
				return List.copyOf(all);
			});
		}
	}

	private void forget(String name, Runnable handled) {
		this.waiting.computeIfPresent(name, (key, known) -> {
			List<Waiting> others = known.stream().filter((one) -> one.handled() != handled).toList();
			return others.isEmpty() ? null : others;
		});
	}

	@Override
	public void handled(Link link, String id) {
		run("handled", link, id);
	}

	@Override
	public void failed(Link link, String id) {
		run("failed", link, id);
	}

	private String run(String what, Link link, String id) {
		if (!this.watch.isUp()) {
			return "";
		}
		try {
			List<?> answer = this.redis.run(Script.SENT, List.of(Redis.bytes(what),
					Redis.bytes(Records.hash(link.key())), Redis.bytes(id), Redis.bytes(this.node)));
			return Redis.text(answer.get(0));
		}
		catch (StoreAwayException ex) {
			logger.debug("What other nodes know of a message cannot be said", ex);
			return "";
		}
	}

	/** Takes note of what another node has told. */
	void hear(String message) {
		String[] words = message.split(" ", 2);
		List<Waiting> all = (words.length == 2) ? this.waiting.remove(words[1]) : null;
		if (all != null && words[0].equals("handled")) {
			all.forEach((one) -> Telling.tell("A receipt for a message of another node", one.handled()::run));
		}
	}

	/** Returns how many messages of other nodes are waited for. */
	int waiting() {
		return this.waiting.size();
	}

}
