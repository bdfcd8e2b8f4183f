package org.sessionlink.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The last messages of one destination, numbered without a hole, and the bounds of how
 * many they are. Has neither lock nor thread: its {@link KeptDestination} uses it under
 * its own lock.
 */
final class Ring {

	/** What a message takes beside itself. */
	private static final int OVERHEAD = 64;

	private final Deque<Kept> kept = new ArrayDeque<>(4);

	private final KeepRule rule;

	private long last;

	private long lastId;

	private long bytes;

	/**
	 * A message that is kept.
	 *
	 * @param id tells it from another of the same number, where several servers count
	 * @param since when it came, in nanoseconds of the clock
	 */
	record Kept(long offset, long id, Keepable message, long since) {

		long bytes() {
			return OVERHEAD + this.message.bytes();
		}

	}

	/** Makes one in which nothing was ever kept. */
	Ring(KeepRule rule) {
		this.rule = rule;
	}

	/** Returns the number of the last message that came; 0 before the first. */
	long last() {
		return this.last;
	}

	/** Returns the id of that message; 0 before the first. */
	long lastId() {
		return this.lastId;
	}

	/** Returns how much memory the messages take. */
	long bytes() {
		return this.bytes;
	}

	boolean isEmpty() {
		return this.kept.isEmpty();
	}

	/** Keeps the next message; one that is larger than may be is only counted. */
	void add(Keepable message, long now) {
		add(message, 0, now, now);
	}

	/** Keeps the next message, which came some time ago. */
	void add(Keepable message, long id, long since, long now) {
		this.last++;
		this.lastId = id;
		keep(new Kept(this.last, id, message, since));
		trim(now);
	}

	private void keep(Kept one) {
		this.kept.addLast(one);
		this.bytes += one.bytes();
	}

	/** Goes on behind a message of which nothing is here. */
	void beginAt(long offset, long id) {
		clear();
		this.last = offset;
		this.lastId = id;
	}

	/** Keeps these in place of what it has: the last of them is the last that came. */
	void fill(List<Kept> tail, long now) {
		clear();
		tail.forEach(this::keep);
		trim(now);
	}

	/** Returns the id of a message; null where it is not kept. */
	@Nullable Long idOf(long offset) {
		for (Kept one : this.kept) {
			if (one.offset() == offset) {
				return one.id();
			}
		}
		return null;
	}

	int count() {
		return this.kept.size();
	}

	/** Forgets the oldest, until all bounds hold. */
	void trim(long now) {
		while (!this.kept.isEmpty() && isOver(this.kept.getFirst(), now)) {
			this.bytes -= this.kept.removeFirst().bytes();
		}
	}

	private boolean isOver(Kept oldest, long now) {
		return (this.rule.count() > 0 && this.kept.size() > this.rule.count())
				|| (this.rule.size() > 0 && this.bytes > this.rule.size())
				|| (!this.rule.age().isZero() && now - oldest.since() >= this.rule.age().toNanos());
	}

	/** Forgets all of them. */
	void clear() {
		this.kept.clear();
		this.bytes = 0;
	}

	/**
	 * Returns what came after a message; null where that is not known, or not kept any
	 * more.
	 */
	@Nullable List<Kept> after(long offset) {
		long missed = this.last - offset;
		if (missed < 0 || missed > this.kept.size()) {
			return null;
		}
		List<Kept> tail = new ArrayList<>((int) missed);
		this.kept.forEach((one) -> {
			if (one.offset() > offset) {
				tail.add(one);
			}
		});
		return tail;
	}

	/** Returns the last message, if it is kept. */
	List<Kept> newest() {
		return this.kept.isEmpty() ? List.of() : List.of(this.kept.getLast());
	}

	/** Returns messages with their numbers. */
	static List<Seam.Numbered> numbered(List<Kept> kept) {
		return kept.stream().map((one) -> new Seam.Numbered(one.offset(), one.message())).toList();
	}

}
