package org.sessionlink.history;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.InOrder;

/**
 * A destination of which messages are kept, numbered from one on.
 *
 * <p>
 * Two things take the same lock, and so happen one after the other: a message gets its
 * number and its subscribers, and a subscription is made known and gets what came before.
 * So each message comes either before the seam or behind it, never both, never neither.
 * Once retired, in a step under that lock too, it does neither any more.
 *
 * <p>
 * Where several servers keep it together this is a copy, brought on by whoever holds its
 * {@link #feed()}, one message at a time by the same step: what came where the copy is
 * does not change under them.
 *
 * <p>
 * On the way to a user a message goes through code of the application's in its step. Who
 * looks after all destinations reads volatile fields, and leaves out whatever is in one.
 */
public final class KeptDestination {

	/** What one takes of which nothing is kept. */
	static final int OVERHEAD = 512;

	private final ReentrantLock feed = new ReentrantLock();

	private final InOrder following = new InOrder();

	private final KeepRule rule;

	private final Ring ring;

	private final LongConsumer grown;

	private final int overhead;

	private final ReentrantLock step = new ReentrantLock();

	private final Condition moved = this.step.newCondition();

	private final AtomicInteger readers = new AtomicInteger();

	private volatile Mark mark;

	private volatile boolean empty = true;

	private volatile long lastUse;

	private volatile boolean retired;

	/**
	 * Makes one of which nothing was ever kept.
	 * @param grown hears by how many bytes it takes more than before, under the lock
	 */
	KeptDestination(String epoch, KeepRule rule, int overhead, long now, LongConsumer grown) {
		this.mark = new Mark(epoch, 0, 0);
		this.rule = rule;
		this.ring = new Ring(rule);
		this.overhead = overhead;
		this.lastUse = now;
		this.grown = grown;
		grown.accept(overhead);
	}

	/**
	 * Numbers a message and keeps it, in one step with whatever hands it over.
	 * @param message is given its number, collects the subscribers and hands it over to
	 * them, and returns what to keep
	 * @return false where another one has taken this one's place
	 */
	boolean append(LongFunction<? extends Keepable> message, long now) {
		return append(message, 0, now, now);
	}

	/**
	 * Does the same for a message that another server has published.
	 * @param id tells it from another of the same number
	 * @param since when it came
	 */
	boolean append(LongFunction<? extends Keepable> message, long id, long since, long now) {
		return inStep(() -> {
			if (this.retired) {
				return false;
			}
			this.lastUse = now;
			Keepable kept = message.apply(this.ring.last() + 1);
			change(() -> this.ring.add(kept, id, since, now));
			return true;
		});
	}

	private <T extends @Nullable Object> T inStep(Supplier<T> task) {
		this.step.lock();
		try {
			return task.get();
		}
		finally {
			this.step.unlock();
		}
	}

	// Who looks after many does not wait for the code of an application's that one may be
	// in.
	private boolean unlessInStep(BooleanSupplier task) {
		if (this.step.isHeldByCurrentThread() || !this.step.tryLock()) {
			return false;
		}
		try {
			return task.getAsBoolean();
		}
		finally {
			this.step.unlock();
		}
	}

	/**
	 * Makes a subscription known, in one step with finding what came before it.
	 * @param from where its client was, or null where it does not say
	 * @param reads whether it wants to know numbers, until it has left
	 * @param register makes it known, and hands over what came before
	 * @return false where another one has taken this one's place
	 */
	boolean subscribe(@Nullable Position from, boolean reads, long now, Consumer<Seam> register) {
		return subscribe(() -> seam(from), reads, now, register);
	}

	/**
	 * Does the same if what its client may have missed is here, up to where the copy is.
	 */
	boolean subscribeIfCovered(@Nullable Position from, boolean reads, long now, Consumer<Seam> register) {
		return subscribe(() -> covers(from) ? seam(from) : null, reads, now, register);
	}

	/** Does the same with a seam that was read elsewhere, if it is where the copy is. */
	boolean subscribeAt(Mark mark, Seam seam, boolean reads, long now, Consumer<Seam> register) {
		return subscribe(() -> mark().equals(mark) ? seam : null, reads, now, register);
	}

	/**
	 * Does the same while nobody can say what its client has missed; where nothing is
	 * known, in a count that nobody else has.
	 * @param begins whether the copy is in that count from now on
	 */
	boolean subscribeWithoutLog(String ownEpoch, boolean begins, boolean reads, long now, Consumer<Seam> register) {
		return subscribe(() -> {
			Mark own = new Mark(ownEpoch, 0, 0);
			boolean nowhere = mark().isNowhere();
			if (nowhere && begins) {
				beginAt(own);
			}
			return new Seam((nowhere ? own : mark()).position(), false, List.of(), Ring.numbered(newestIfWanted()));
		}, reads, now, register);
	}

	private List<Ring.Kept> newestIfWanted() {
		return this.rule.replayLast() ? this.ring.newest() : List.of();
	}

	private boolean subscribe(Supplier<@Nullable Seam> where, boolean reads, long now, Consumer<Seam> register) {
		return inStep(() -> {
			if (this.retired) {
				return false;
			}
			this.lastUse = now;
			change(() -> this.ring.trim(now));
			Seam seam = where.get();
			if (seam == null) {
				return false;
			}
			register.accept(seam);
			this.readers.addAndGet(reads ? 1 : 0);
			return true;
		});
	}

	private boolean covers(@Nullable Position from) {
		if (mark().isNowhere()) {
			return false;
		}
		if (from == null) {
			return !this.rule.replayLast() || !this.ring.isEmpty() || this.ring.last() == 0;
		}
		return from.epoch().equals(this.mark.epoch()) && this.ring.after(from.offset()) != null;
	}

	private Seam seam(@Nullable Position from) {
		boolean known = from != null && from.epoch().equals(this.mark.epoch());
		List<Ring.Kept> missed = known ? this.ring.after(from.offset()) : null;
		return new Seam(this.mark.position(), missed != null, Ring.numbered((missed != null) ? missed : List.of()),
				Ring.numbered(newestIfWanted()));
	}

	/** Returns what whoever brings a copy on holds meanwhile: one at a time. */
	ReentrantLock feed() {
		return this.feed;
	}

	/**
	 * Returns what is done behind its steps, one by one: nobody else's waits for it.
	 */
	public InOrder following() {
		return this.following;
	}

	/** Returns up to where it has everything. */
	Mark mark() {
		return this.mark;
	}

	/** Returns the id of a message, or null where that is not kept here. */
	@Nullable Long idOf(long offset) {
		return this.<@Nullable Long>inStep(() -> this.ring.idOf(offset));
	}

	/**
	 * Goes on from there, with nothing of what came before.
	 * @return false where another one has taken this one's place
	 */
	boolean beginAt(Mark now) {
		return inStep(() -> {
			if (this.retired) {
				return false;
			}
			this.mark = now;
			change(() -> this.ring.beginAt(now.last(), now.id()));
			this.moved.signalAll();
			return true;
		});
	}

	/** Keeps what was read of what came before, if that is more than is here. */
	void fill(Mark upTo, List<Ring.Kept> tail, long now) {
		inStep(() -> {
			if (!this.retired && this.mark.equals(upTo) && tail.size() > this.ring.count()) {
				change(() -> this.ring.fill(tail, now));
			}
			return this;
		});
	}

	/** Waits until it is known where it is, as long as may be. */
	void awaitKnown(long nanos) {
		long end = System.nanoTime() + nanos;
		try {
			if (!this.step.tryLock(nanos, TimeUnit.NANOSECONDS)) {
				return;
			}
			try {
				for (long left = end - System.nanoTime(); left > 0 && this.mark.isNowhere() && !this.retired;) {
					left = this.moved.awaitNanos(left);
				}
			}
			finally {
				this.step.unlock();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	boolean isRetired() {
		return this.retired;
	}

	/** Hears that one of its readers is gone. */
	public void left(long now) {
		this.readers.decrementAndGet();
		this.lastUse = now;
	}

	/** Returns whether somebody reads who wants to know numbers. */
	boolean isRead() {
		return this.readers.get() > 0;
	}

	/**
	 * Forgets what is too old; returns whether nobody needs this any more: never again.
	 */
	boolean tidy(long now) {
		return unlessInStep(() -> {
			change(() -> this.ring.trim(now));
			long age = this.rule.age().multipliedBy(10).toNanos();
			if (!this.retired && !isRead() && this.ring.isEmpty() && age > 0 && now - this.lastUse >= age) {
				retire();
			}
			return this.retired;
		});
	}

	/**
	 * Forgets what is too old, and itself where nobody needs it here, as others keep it.
	 * @param needed whether somebody reads who has not asked for numbers
	 */
	boolean tidyCopy(long now, BooleanSupplier needed) {
		return unlessInStep(() -> {
			change(() -> this.ring.trim(now));
			retireUnless(needed);
			return this.retired;
		});
	}

	/**
	 * Forgets its messages, as others need the room, and itself unless somebody reads who
	 * has asked for numbers.
	 */
	boolean giveWay() {
		return giveWay(() -> false);
	}

	/**
	 * Forgets its messages, as others need the room, and itself unless somebody reads.
	 * @param needed whether somebody does who has not asked for numbers
	 */
	boolean giveWay(BooleanSupplier needed) {
		return unlessInStep(() -> {
			change(this.ring::clear);
			retireUnless(needed);
			return this.retired;
		});
	}

	private void retireUnless(BooleanSupplier needed) {
		if (!this.retired && !isRead() && !needed.getAsBoolean()) {
			change(this.ring::clear);
			retire();
		}
	}

	private void retire() {
		this.retired = true;
		this.grown.accept(-this.overhead);
		this.moved.signalAll();
	}

	private void change(Runnable change) {
		long before = this.ring.bytes();
		change.run();
		this.mark = new Mark(this.mark.epoch(), this.ring.last(), this.ring.lastId());
		this.empty = this.ring.isEmpty();
		long more = this.ring.bytes() - before;
		if (more != 0) {
			this.grown.accept(more);
		}
	}

	/** Returns how long it was not used; longer where nothing is kept of it. */
	long idle(long now) {
		long idle = now - this.lastUse;
		return this.empty ? idle + Long.MAX_VALUE / 4 : idle;
	}

}
