package org.sessionlink.history;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.history.MessageLog.Known;
import org.sessionlink.history.MessageLog.Slice;
import org.sessionlink.link.LinkClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscription on its way to be made known at a copy: at once where the copy reaches
 * far enough, and else by reading what is missing, once for all who wait for the same.
 *
 * <p>
 * Used by the thread that subscribes, which waits as long as the log takes: for its
 * patience for each piece, and for as long again for whoever else reads, and for news.
 */
final class CopySubscription {

	private static final Logger logger = LoggerFactory.getLogger(CopySubscription.class);

	/** In nanoseconds. */
	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(2);

	private final History.Key key;

	private final KeepRule rule;

	private final @Nullable Position from;

	private final boolean reads;

	private final BiConsumer<KeptDestination, Seam> register;

	/** What it needs for that. */
	record Tools(MessageLog log, CopyFeed feed, Subscribers subscribers, LinkClock clock, Supplier<String> epochs) {
	}

	/**
	 * Makes it.
	 * @param from where its client was, or null
	 * @param reads whether it wants to know numbers
	 * @param register makes it known
	 */
	CopySubscription(History.Key key, KeepRule rule, @Nullable Position from, boolean reads,
			BiConsumer<KeptDestination, Seam> register) {
		this.key = key;
		this.rule = rule;
		this.from = from;
		this.reads = reads;
		this.register = register;
	}

	/** Makes it known; returns false where the copy is another by now. */
	boolean to(KeptDestination copy, Tools tools) {
		if (toCovered(copy, tools)) {
			return true;
		}
		if (!lock(copy)) {
			return withoutLog(copy, tools);
		}
		boolean heardOf;
		try {
			// Whoever held it may have read what this needs.
			if (toCovered(copy, tools)) {
				return true;
			}
			Slice slice = tools.log.read(new Known(this.key, this.rule, copy.mark()), this.from);
			heardOf = copy.mark().isNowhere() && tools.subscribers.areThere(this.key);
			if (!heardOf) {
				return toRead(copy, slice, tools);
			}
		}
		catch (LogAwayException ex) {
			logger.debug("What was missed cannot be read", ex);
			return withoutLog(copy, tools);
		}
		finally {
			copy.feed().unlock();
			copy.following().run();
		}
		return !copy.isRetired() && behindNews(copy, tools);
	}

	private boolean lock(KeptDestination copy) {
		try {
			return copy.feed().tryLock(PATIENCE, TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private boolean toCovered(KeptDestination copy, Tools tools) {
		return copy.subscribeIfCovered(this.from, this.reads, tools.clock.nanoTime(),
				(seam) -> this.register.accept(copy, seam));
	}

	private boolean toRead(KeptDestination copy, Slice slice, Tools tools) {
		boolean there = copy.mark().isNowhere() ? copy.beginAt(slice.mark())
				: tools.feed.bringOn(copy, this.key, slice, null);
		if (!there) {
			return false;
		}
		List<Ring.Kept> tail = tools.feed.kept(copy, this.key, slice);
		copy.fill(slice.mark(), tail, tools.clock.nanoTime());
		return copy.subscribeAt(slice.mark(), seam(slice.mark(), tail), this.reads, tools.clock.nanoTime(),
				(seam) -> this.register.accept(copy, seam));
	}

	private Seam seam(Mark mark, List<Ring.Kept> tail) {
		List<Seam.Numbered> newest = Ring
			.numbered(this.rule.replayLast() ? tail.subList(Math.max(0, tail.size() - 1), tail.size()) : List.of());
		boolean known = this.from != null && this.from.epoch().equals(mark.epoch()) && this.from.offset() <= mark.last()
				&& mark.last() - this.from.offset() <= tail.size();
		if (this.from == null || !known) {
			return new Seam(mark.position(), false, List.of(), newest);
		}
		long behind = this.from.offset();
		return new Seam(mark.position(), true,
				Ring.numbered(tail.stream().filter((one) -> one.offset() > behind).toList()), newest);
	}

	// Somebody is there who has asked for no numbers, and is to get what was published
	// since, of which the news may be on their way: behind these it goes on.
	private boolean behindNews(KeptDestination copy, Tools tools) {
		try {
			tools.log.announce(new Known(this.key, this.rule, copy.mark()));
			copy.awaitKnown(PATIENCE);
		}
		catch (LogAwayException ex) {
			logger.debug("Nobody can say where a count is", ex);
		}
		return !copy.mark().isNowhere() ? false : withoutLog(copy, tools);
	}

	/**
	 * Makes it known by what is here; returns false where the copy is another by now. A
	 * copy that is nowhere gets a count that no other server has, and begins anew once it
	 * is heard of: who reads is told of a gap then. Unless somebody else is about to
	 * bring it somewhere.
	 */
	boolean withoutLog(KeptDestination copy, Tools tools) {
		boolean alone = copy.feed().tryLock();
		try {
			String ownEpoch = tools.epochs.get();
			return copy.subscribeWithoutLog(ownEpoch, alone, this.reads, tools.clock.nanoTime(),
					(seam) -> this.register.accept(copy, seam));
		}
		finally {
			if (alone) {
				copy.feed().unlock();
			}
		}
	}

}
