package org.sessionlink.history;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

import org.jspecify.annotations.Nullable;

/**
 * A destination of which messages are kept, numbered from one on.
 *
 * <p>
 * Two things take the same lock, and so happen one after the other: a message gets its
 * number and its subscribers, and a subscription is made known and gets what came before.
 * So each message comes either before the seam or behind it, never both, never neither.
 * Once retired, in a step under that lock too, it does neither any more.
 */
public final class KeptDestination {

	/** What one takes of which nothing is kept. */
	static final int OVERHEAD = 512;

	private final String epoch;

	private final KeepRule rule;

	private final Ring ring;

	private final LongConsumer grown;

	private final int overhead;

	private int readers;

	private long lastUse;

	private boolean retired;

	/**
	 * Makes one of which nothing was ever kept.
	 * @param grown hears by how many bytes it takes more than before, under the lock
	 */
	KeptDestination(String epoch, KeepRule rule, int overhead, long now, LongConsumer grown) {
		this.epoch = epoch;
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
	synchronized boolean append(LongFunction<? extends Keepable> message, long now) {
		if (this.retired) {
			return false;
		}
		this.lastUse = now;
		Keepable kept = message.apply(this.ring.last() + 1);
		change(() -> this.ring.add(kept, now));
		return true;
	}

	/**
	 * Makes a subscription known, in one step with finding what came before it.
	 * @param from where its client was, or null where it does not say
	 * @param reads whether it wants to know numbers, until it has left
	 * @param register makes it known, and hands over what came before
	 * @return false where another one has taken this one's place
	 */
	synchronized boolean subscribe(@Nullable Position from, boolean reads, long now, Consumer<Seam> register) {
		if (this.retired) {
			return false;
		}
		this.lastUse = now;
		change(() -> this.ring.trim(now));
		register.accept(seam(from));
		this.readers += reads ? 1 : 0;
		return true;
	}

	private Seam seam(@Nullable Position from) {
		boolean known = from != null && from.epoch().equals(this.epoch);
		List<Ring.Kept> missed = known ? this.ring.after(from.offset()) : null;
		List<Ring.Kept> newest = this.rule.replayLast() ? this.ring.newest() : List.of();
		return new Seam(new Position(this.epoch, this.ring.last()), missed != null,
				numbered((missed != null) ? missed : List.of()), numbered(newest));
	}

	private static List<Seam.Numbered> numbered(List<Ring.Kept> kept) {
		return kept.stream().map((one) -> new Seam.Numbered(one.offset(), one.message())).toList();
	}

	/** Hears that one of its readers is gone. */
	public synchronized void left(long now) {
		this.readers--;
		this.lastUse = now;
	}

	/** Returns whether somebody reads who wants to know numbers. */
	synchronized boolean isRead() {
		return this.readers > 0;
	}

	/**
	 * Forgets what is too old; returns whether nobody needs this any more: never again.
	 */
	synchronized boolean tidy(long now) {
		change(() -> this.ring.trim(now));
		long age = this.rule.age().multipliedBy(10).toNanos();
		if (!this.retired && this.readers == 0 && this.ring.isEmpty() && age > 0 && now - this.lastUse >= age) {
			retire();
		}
		return this.retired;
	}

	/**
	 * Forgets its messages, as others need the room, and itself unless somebody reads.
	 */
	synchronized boolean giveWay() {
		change(this.ring::clear);
		if (!this.retired && this.readers == 0) {
			retire();
		}
		return this.retired;
	}

	private void retire() {
		this.retired = true;
		this.grown.accept(-this.overhead);
	}

	private void change(Runnable change) {
		long before = this.ring.bytes();
		change.run();
		long more = this.ring.bytes() - before;
		if (more != 0) {
			this.grown.accept(more);
		}
	}

	/** Returns how long it was not used; longer where nothing is kept of it. */
	synchronized long idle(long now) {
		long idle = now - this.lastUse;
		return this.ring.isEmpty() ? idle + Long.MAX_VALUE / 4 : idle;
	}

}
