package org.sessionlink.link;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The ids of the messages that a link has sent: the last 1,000, and none of more than
 * five minutes ago. One that comes again is not handled again (B52).
 *
 * <p>
 * Safe for use by any thread: each method is one step under the monitor, and runs nothing
 * of anybody else's in it. An id is being handled, and from then on was handled, or is
 * forgotten.
 */
public final class SentIds {

	/** How many ids of a link are remembered. */
	public static final int MOST = 1_000;

	/** How long each is. */
	public static final Duration LONGEST = Duration.ofMinutes(5);

	private final Map<String, Sent> byId = new LinkedHashMap<>(4);

	private final LinkClock clock;

	/** Those of a link that has sent none yet. */
	public SentIds(LinkClock clock) {
		this.clock = clock;
	}

	private static final class Sent {

		private final long since;

		private final List<Repeat> waiting = new ArrayList<>(0);

		private boolean handled;

		Sent(long since) {
			this.since = since;
		}

	}

	/**
	 * A message that comes again while the first is handled: whoever has sent it hears
	 * either.
	 *
	 * @param handled once the first was handled
	 * @param failed once it was not, and may be sent again
	 */
	public record Repeat(Runnable handled, Runnable failed) {
	}

	/** What a message is. */
	public enum Turn {

		/** The first of its id: it is to be handled. */
		FIRST,

		/** One more, of which the first was handled. */
		AGAIN,

		/** One more, while the first is being handled. */
		MEANWHILE

	}

	/**
	 * Says what a message is.
	 * @param repeat is told what becomes of the first, if that is under way
	 */
	public synchronized Turn take(String id, Repeat repeat) {
		long now = this.clock.nanoTime();
		forget(now);
		Sent known = this.byId.get(id);
		if (known == null) {
			this.byId.put(id, new Sent(now));
			return Turn.FIRST;
		}
		if (known.handled) {
			return Turn.AGAIN;
		}
		// A client that says it over and over need not be answered each time.
		if (known.waiting.size() < MOST) {
			known.waiting.add(repeat);
		}
		return Turn.MEANWHILE;
	}

	private void forget(long now) {
		Iterator<Sent> oldest = this.byId.values().iterator();
		while (oldest.hasNext()) {
			long age = now - oldest.next().since;
			if (this.byId.size() < MOST && age < LONGEST.toNanos()) {
				return;
			}
			oldest.remove();
		}
	}

	/** Remembers that a message was handled; returns what was to follow. */
	public synchronized List<Runnable> handled(String id) {
		Sent known = this.byId.get(id);
		if (known == null) {
			return List.of();
		}
		known.handled = true;
		List<Runnable> following = known.waiting.stream().map(Repeat::handled).toList();
		known.waiting.clear();
		return following;
	}

	/**
	 * Forgets a message that was not handled: it may be sent again; returns what is to
	 * follow.
	 */
	public synchronized List<Runnable> failed(String id) {
		Sent known = this.byId.remove(id);
		return (known != null) ? known.waiting.stream().map(Repeat::failed).toList() : List.of();
	}

	/** Returns how many ids are remembered. */
	public synchronized int size() {
		return this.byId.size();
	}

}
