package org.sessionlink.history;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.sessionlink.history.MessageLog.Known;
import org.sessionlink.history.MessageLog.Slice;
import org.sessionlink.link.LinkClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings copies on: by each message in its order, whether it is heard of or read, and
 * tells who reads of what is missing in between.
 *
 * <p>
 * Has no state. Whoever calls holds the {@link KeptDestination#feed()} of the copy, which
 * so is somewhere in one count, and is moved by these steps alone:
 * <ul>
 * <li>nowhere → where the first news say that it is, or a read does;</li>
 * <li>at a message → at the next one, which names the one before it;</li>
 * <li>at a message → behind a hole, or in another count: as the log says, never as news
 * say, which may be late.</li>
 * </ul>
 */
final class CopyFeed {

	private static final Logger logger = LoggerFactory.getLogger(CopyFeed.class);

	private final MessageLog log;

	private final Subscribers subscribers;

	private final LinkClock clock;

	CopyFeed(MessageLog log, Subscribers subscribers, LinkClock clock) {
		this.log = log;
		this.subscribers = subscribers;
		this.clock = clock;
	}

	/**
	 * Takes news of a copy.
	 * @return false where another copy has taken its place
	 * @throws LogAwayException if it is to be read what they say, and cannot be
	 */
	boolean take(KeptDestination copy, History.Key key, KeepRule rule, LogNews news) {
		if (copy.mark().isNowhere() && !copy.beginAt(news.before())) {
			return false;
		}
		Mark at = copy.mark();
		LogEntry entry = news.entry();
		if (entry != null && entry.follows(at)) {
			return append(copy, key, entry);
		}
		return isKnown(copy, at, news) || bringOn(copy, key, this.log.read(new Known(key, rule, at), null), news);
	}

	private static boolean isKnown(KeptDestination copy, Mark at, LogNews news) {
		Mark said = news.mark();
		if (!said.isOfSameCount(at) || said.last() > at.last()) {
			return false;
		}
		Long id = (said.last() == at.last()) ? Long.valueOf(at.id()) : copy.idOf(said.last());
		return id == null || id == said.id();
	}

	/**
	 * Brings a copy to where the log is.
	 * @param news on which it was read, or null
	 * @return false where another copy has taken its place
	 */
	boolean bringOn(KeptDestination copy, History.Key key, Slice slice, @Nullable LogNews news) {
		if (!slice.mark().isOfSameCount(copy.mark())) {
			boolean begun = news != null && news.mark().isOfSameCount(slice.mark());
			LogEntry entry = (news != null && begun) ? news.entry() : null;
			return beginAnew(copy, key, (news != null && begun) ? news.before() : slice.mark())
					&& (entry == null || append(copy, key, entry));
		}
		for (LogEntry entry : slice.entries()) {
			if (entry.offset() > copy.mark().last()) {
				boolean hole = !entry.follows(copy.mark());
				if ((hole && !beginAnew(copy, key, entry.before())) || !append(copy, key, entry)) {
					return false;
				}
			}
		}
		return copy.mark().last() >= slice.mark().last() || beginAnew(copy, key, slice.mark());
	}

	private boolean beginAnew(KeptDestination copy, History.Key key, Mark mark) {
		boolean begun = copy.beginAt(mark);
		if (begun) {
			this.subscribers.gap(key, copy, mark.position());
		}
		return begun;
	}

	private boolean append(KeptDestination copy, History.Key key, LogEntry entry) {
		long now = this.clock.nanoTime();
		try {
			return copy.append((offset) -> this.subscribers.deliver(key, entry.content(), copy, offset),
					entry.mark().id(), now - entry.age().toNanos(), now);
		}
		catch (RuntimeException ex) {
			// Written by another version of this program, perhaps.
			logger.warn("A message of another server cannot be delivered: who reads is told of a gap", ex);
			return beginAnew(copy, key, entry.mark());
		}
	}

	/** Returns messages as a copy keeps them, as far as they are up to where it is. */
	List<Ring.Kept> kept(KeptDestination copy, History.Key key, Slice slice) {
		List<Ring.Kept> tail = new ArrayList<>(slice.entries().size());
		long now = this.clock.nanoTime();
		try {
			for (LogEntry entry : slice.entries()) {
				tail.add(new Ring.Kept(entry.offset(), entry.mark().id(),
						this.subscribers.keep(key, entry.content(), copy, entry.offset()),
						now - entry.age().toNanos()));
			}
		}
		catch (RuntimeException ex) {
			logger.warn("A message of another server cannot be read: who comes back has a gap", ex);
			return List.of();
		}
		boolean whole = !tail.isEmpty() && tail.get(tail.size() - 1).offset() == slice.mark().last()
				&& slice.mark().last() - tail.get(0).offset() == tail.size() - 1L;
		return whole ? tail : List.of();
	}

}
