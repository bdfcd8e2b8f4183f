package org.sessionlink.wire;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * What waits for one socket, in order, and its bound in bytes. Has neither lock nor
 * thread: its {@link Outbox} uses it under its own lock.
 */
final class Backlog {

	/**
	 * So many times as much as may wait does, for moments. What goes to many is kept
	 * once, however many it waits for.
	 */
	static final int FAR = 32;

	private final Deque<Outgoing> waiting = new ArrayDeque<>(2);

	private final int mostBytes;

	private long bytes;

	/**
	 * Makes an empty one.
	 * @param mostBytes how many bytes may wait; 0 for any number
	 */
	Backlog(int mostBytes) {
		this.mostBytes = mostBytes;
	}

	void add(Outgoing message) {
		this.waiting.add(message);
		this.bytes += message.bytes();
	}

	boolean isEmpty() {
		return this.waiting.isEmpty();
	}

	int size() {
		return this.waiting.size();
	}

	long bytes() {
		return this.bytes;
	}

	/** Returns whether too much waits; one message alone may always, however large. */
	boolean isOver() {
		return isOver(1);
	}

	/** Returns whether so much waits that it no longer matters why. */
	boolean isFarOver() {
		return isOver(FAR);
	}

	private boolean isOver(int times) {
		return this.mostBytes > 0 && this.bytes > (long) times * this.mostBytes && this.waiting.size() > 1;
	}

	/**
	 * Removes the oldest messages that can be done without, until there is room.
	 * @return what was removed
	 */
	List<Outgoing> makeRoom() {
		return isOver() ? removeMissable((message) -> isOver()) : List.of();
	}

	/**
	 * Removes the messages that can be done without and have waited since this time or
	 * longer.
	 * @return what was removed
	 */
	List<Outgoing> removeMissableSince(long time) {
		return removeMissable((message) -> message.since() - time <= 0);
	}

	private List<Outgoing> removeMissable(Predicate<Outgoing> condition) {
		List<Outgoing> removed = new ArrayList<>(0);
		Iterator<Outgoing> oldest = this.waiting.iterator();
		while (oldest.hasNext()) {
			Outgoing message = oldest.next();
			if (message.mayMiss() && condition.test(message)) {
				oldest.remove();
				this.bytes -= message.bytes();
				removed.add(message);
			}
		}
		return removed;
	}

	/** Returns the oldest message that cannot be done without, or null. */
	@Nullable Outgoing oldest() {
		for (Outgoing message : this.waiting) {
			if (!message.mayMiss()) {
				return message;
			}
		}
		return null;
	}

	/**
	 * Takes the first message, and those behind it until there are so many bytes.
	 * @throws java.util.NoSuchElementException if nothing waits
	 */
	List<Outgoing> take(int most) {
		Outgoing first = remove();
		if (this.waiting.isEmpty() || first.bytes() >= most) {
			return List.of(first);
		}
		List<Outgoing> taken = new ArrayList<>(this.waiting.size() + 1);
		taken.add(first);
		for (int sum = first.bytes(); sum < most
				&& !this.waiting.isEmpty(); sum += taken.get(taken.size() - 1).bytes()) {
			taken.add(remove());
		}
		return taken;
	}

	private Outgoing remove() {
		Outgoing message = this.waiting.remove();
		this.bytes -= message.bytes();
		return message;
	}

	void clear() {
		this.waiting.clear();
		this.bytes = 0;
	}

}
