package org.sessionlink.broker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.InOrder;

/**
 * Who of a destination acknowledges, and what waits for one of them: what has come back
 * in front, in its order, and behind it what is new in a work queue.
 *
 * <p>
 * Changed in steps of {@link Lines}, one at a time; what a step hands out goes to the
 * sockets in the order of the steps, once they are done.
 */
final class Line {

	/** How many messages may wait for somebody who takes them, and how many bytes. */
	static final int MOST = 1_000;

	static final long MOST_BYTES = 1 << 20;

	private final Kind kind;

	private final Allowance all;

	private final Deque<Taker> takers = new ArrayDeque<>(2);

	private final Deque<Delivery> waiting = new ArrayDeque<>(0);

	private final InOrder out = new InOrder();

	private long bytes;

	/** Whose what comes back is. */
	enum Kind {

		/** That of one of the subscribers, as is all that is new. */
		WORK,

		/** That of another subscriber. */
		SHARED,

		/** That of the same user, or visitor. */
		PERSONAL,

		/** Nobody else's. */
		OWN

	}

	/**
	 * Makes a line without anybody in it.
	 * @param all what all lines together may keep
	 */
	Line(Kind kind, Allowance all) {
		this.kind = kind;
		this.all = all;
	}

	boolean isEmpty() {
		return this.takers.isEmpty() && this.waiting.isEmpty();
	}

	boolean isWaiting() {
		return !this.waiting.isEmpty();
	}

	/** Lets somebody in, who gets what waits. */
	void join(Taker taker) {
		this.takers.add(taker);
		handOver(null);
	}

	/** Hears that somebody in it has room. */
	void goOn() {
		handOver(null);
	}

	/**
	 * Takes a message that is new, for one of the subscribers.
	 * @return false where as much waits as may
	 */
	boolean add(Delivery delivery) {
		if (this.waiting.isEmpty()) {
			Taker next = next(delivery, null);
			if (next != null && give(next, delivery)) {
				return true;
			}
		}
		return (this.waiting.size() < MOST && this.bytes + delivery.parcel().bytes() <= MOST_BYTES)
				&& keep(delivery, false);
	}

	/**
	 * Gives a subscriber its own copy of a message.
	 * @return false where it has no room
	 */
	boolean offer(Taker taker, Delivery delivery) {
		return !this.takers.contains(taker) || give(taker, delivery);
	}

	/**
	 * Hears that messages were acknowledged, so that there is room for others.
	 * @return false where there was none by this id
	 */
	boolean acknowledged(Taker taker, long id) {
		boolean open = !taker.answered(id).isEmpty();
		handOver(null);
		return open;
	}

	/**
	 * Takes back what somebody does not want.
	 * @param most how often a message may come back
	 * @return what nobody gets any more
	 */
	List<Delivery> refused(Taker taker, long id, int most, long now) {
		return comeBack(taker.answered(id), taker, most, now);
	}

	/** Takes back what somebody who leaves has not acknowledged. */
	List<Delivery> leave(Taker taker, int most, long now) {
		if (!this.takers.remove(taker)) {
			return List.of();
		}
		List<Delivery> left = taker.leave();
		// Whoever is not there any more misses the messages of a topic.
		return (this.kind == Kind.OWN) ? List.of() : comeBack(left, taker, most, now);
	}

	private List<Delivery> comeBack(List<Delivery> back, Taker from, int most, long now) {
		List<Delivery> lost = new ArrayList<>(0);
		for (int i = back.size() - 1; i >= 0; i--) {
			Delivery again = back.get(i).again(now);
			if (isWithAnother(again, from)) {
				continue;
			}
			if (again.redelivered() > most || !isOfThisLine(again, from) || !keep(again, true)) {
				lost.add(again);
			}
		}
		handOver(from);
		while (this.waiting.size() > 2 * MOST || this.bytes > 2 * MOST_BYTES) {
			lost.add(forget(this.waiting.removeLast()));
		}
		return lost;
	}

	// Whoever was back before its old socket was known to be gone has asked for it
	// itself.
	private boolean isWithAnother(Delivery delivery, Taker from) {
		return this.kind != Kind.WORK
				&& this.takers.stream().anyMatch((one) -> one != from && one.has(delivery.parcel()));
	}

	// Somebody else may have been behind the socket when it went out.
	private boolean isOfThisLine(Delivery delivery, Taker from) {
		return this.kind != Kind.PERSONAL || Objects.equals(delivery.user(), from.user());
	}

	private boolean keep(Delivery delivery, boolean first) {
		if (!this.all.take(delivery.parcel().bytes())) {
			return false;
		}
		this.bytes += delivery.parcel().bytes();
		if (first) {
			this.waiting.addFirst(delivery);
		}
		else {
			this.waiting.addLast(delivery);
		}
		return true;
	}

	private Delivery forget(Delivery waited) {
		this.bytes -= waited.parcel().bytes();
		this.all.give(waited.parcel().bytes());
		return waited;
	}

	// Those who wait behind one whom nobody can take it from wait with it.
	private void handOver(@Nullable Taker notTo) {
		while (!this.waiting.isEmpty()) {
			Delivery first = this.waiting.getFirst();
			Taker next = next(first, notTo);
			if (next == null || !give(next, first)) {
				return;
			}
			forget(this.waiting.removeFirst());
		}
	}

	// The one with the fewest that are open; of these the one that has waited longest.
	private @Nullable Taker next(Delivery delivery, @Nullable Taker notTo) {
		Taker best = null;
		for (Taker each : this.takers) {
			if (each != notTo && mayTake(each, delivery)
					&& (best == null || each.unacknowledged() < best.unacknowledged())) {
				best = each;
			}
		}
		return (best == null && notTo != null && this.takers.contains(notTo) && mayTake(notTo, delivery)) ? notTo
				: best;
	}

	private boolean mayTake(Taker taker, Delivery delivery) {
		return (this.kind != Kind.PERSONAL || taker.isSame()) && taker.hasRoom(delivery);
	}

	private boolean give(Taker taker, Delivery delivery) {
		String ack = taker.take(delivery);
		if (ack == null) {
			return false;
		}
		this.takers.remove(taker);
		this.takers.addLast(taker);
		String id = ack.isEmpty() ? null : ack;
		this.out.add(() -> delivery.parcel().to(taker, id, delivery.redelivered()));
		return true;
	}

	/** Forgets what has waited since before a time; a work queue keeps it. */
	List<Delivery> expire(long before) {
		List<Delivery> old = new ArrayList<>(0);
		this.waiting.removeIf((each) -> {
			boolean isOld = this.kind != Kind.WORK && each.since() - before <= 0;
			return isOld && old.add(forget(each));
		});
		return old;
	}

	/** Hands what the last steps have given over to the sockets, outside of any step. */
	void handOut() {
		this.out.run();
	}

}
