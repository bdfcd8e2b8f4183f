package org.sessionlink.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

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

	/** Longer than it takes until somebody's own question is answered. */
	private static final long SETTLED = Redis.PATIENCE.multipliedBy(2).toNanos();

	private static final long LONGEST = Duration.ofMinutes(5).toNanos();

	private final ConcurrentMap<String, List<Waiting>> waiting = new ConcurrentHashMap<>();

	// What has become of messages that nobody could be told, by their names.
	private final ConcurrentMap<String, String> untold = new ConcurrentHashMap<>();

	private final Redis redis;

	private final StoreWatch watch;

	private final String node;

	/** Whoever is to hear of it, and since when. */
	private record Waiting(SentIds.Repeat repeat, long since) {
	}

	SharedSends(Redis redis, StoreWatch watch, String node) {
		this.redis = redis;
		this.watch = watch;
		this.node = node;
	}

	@Override
	public SentIds.Turn take(Link link, String id, SentIds.Repeat repeat) {
		String name = name(link, id);
		// What became of an earlier one of the same id is nothing to this one.
		this.untold.remove(name);
		// Before it is asked for: the news may come before the answer.
		await(name, repeat);
		SentIds.Turn turn = switch (run("take", name)) {
			case "again" -> SentIds.Turn.AGAIN;
			case "meanwhile" -> SentIds.Turn.MEANWHILE;
			default -> SentIds.Turn.FIRST;
		};
		if (turn != SentIds.Turn.MEANWHILE) {
			forget(name, repeat);
		}
		return turn;
	}

	private static String name(Link link, String id) {
		return Records.hash(link.key()) + " " + id;
	}

	private void await(String name, SentIds.Repeat repeat) {
		long now = System.nanoTime();
		if (this.waiting.size() >= MOST_WAITING) {
			this.waiting.values().removeIf((all) -> all.stream().allMatch((one) -> now - one.since() > LONGEST));
		}
		if (this.waiting.size() < MOST_WAITING) {
			this.waiting.compute(name, (key, known) -> {
				List<Waiting> all = new ArrayList<>((known != null) ? known : List.of());
				all.removeIf((one) -> now - one.since() > LONGEST);
				if (all.size() < SentIds.MOST) {
					all.add(new Waiting(repeat, now));
				}
				return List.copyOf(all);
			});
		}
	}

	private void forget(String name, SentIds.Repeat repeat) {
		this.waiting.computeIfPresent(name, (key, known) -> {
			List<Waiting> others = known.stream().filter((one) -> one.repeat() != repeat).toList();
			return others.isEmpty() ? null : others;
		});
	}

	@Override
	public void handled(Link link, String id) {
		note("handled", name(link, id));
	}

	@Override
	public void failed(Link link, String id) {
		note("failed", name(link, id));
	}

	private void note(String what, String name) {
		if (run(what, name).isEmpty() && this.untold.size() < MOST_WAITING) {
			this.untold.put(name, what);
		}
	}

	/** Returns whether something is to be told once the store is there. */
	boolean missSome() {
		return !this.untold.isEmpty();
	}

	/**
	 * Tells what could not be told: others would wait for it as long as this node lives.
	 */
	void tellMissed() {
		this.untold.keySet()
			.forEach((name) -> this.untold.computeIfPresent(name,
					(key, what) -> run(what, key).isEmpty() ? what : null));
	}

	/**
	 * Asks what became of all that is waited for, as news may be lost, and the node gone
	 * that was at it.
	 */
	void look() {
		long now = System.nanoTime();
		this.waiting.forEach((name, all) -> {
			if (all.stream().anyMatch((one) -> now - one.since() > SETTLED)) {
				switch (run("look", name)) {
					case "again" -> tell(name, SentIds.Repeat::handled);
					case "first" -> tell(name, SentIds.Repeat::failed);
					default -> {
						// That is not known yet.
					}
				}
			}
		});
	}

	private String run(String what, String name) {
		if (!this.watch.isUp()) {
			return "";
		}
		String[] words = name.split(" ", 2);
		try {
			List<?> answer = this.redis.run(Script.SENT,
					List.of(Redis.bytes(what), Redis.bytes(words[0]), Redis.bytes(words[1]), Redis.bytes(this.node)));
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
		if (words.length == 2) {
			tell(words[1], words[0].equals("handled") ? SentIds.Repeat::handled : SentIds.Repeat::failed);
		}
	}

	private void tell(String name, Function<SentIds.Repeat, Runnable> what) {
		List<Waiting> all = this.waiting.remove(name);
		if (all != null) {
			all.forEach((one) -> Telling.tell("Who waits for a message of another node",
					() -> what.apply(one.repeat()).run()));
		}
	}

	/** Returns how many messages of other nodes are waited for. */
	int waiting() {
		return this.waiting.size();
	}

}
