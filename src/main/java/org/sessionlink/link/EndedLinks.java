package org.sessionlink.link;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Why links have ended, for clients that come back later and find another (B46): the last
 * {@value #MOST}, none for longer than an hour.
 *
 * <p>
 * Safe for use by any thread: the map changes under its lock, each end in one step, which
 * takes out what is too much or too old.
 */
final class EndedLinks {

	static final int MOST = 10_000;

	static final Duration LONGEST = Duration.ofHours(1);

	// The oldest come first.
	private final Map<String, End> byFingerprint = new LinkedHashMap<>();

	private final LinkClock clock;

	EndedLinks(LinkClock clock) {
		this.clock = clock;
	}

	/**
	 * Remembers the first end of a link: one that is told of again has not ended anew.
	 */
	synchronized void add(String fingerprint, EndCause cause) {
		forgetOld();
		this.byFingerprint.putIfAbsent(fingerprint, new End(cause, this.clock.nanoTime()));
		if (this.byFingerprint.size() > MOST) {
			Iterator<String> oldest = this.byFingerprint.keySet().iterator();
			oldest.next();
			oldest.remove();
		}
	}

	/** Returns why a link has ended; null where that is not known, or no longer. */
	synchronized @Nullable EndCause find(String fingerprint) {
		forgetOld();
		End end = this.byFingerprint.get(fingerprint);
		return (end != null) ? end.cause() : null;
	}

	private void forgetOld() {
		long now = this.clock.nanoTime();
		Iterator<End> ends = this.byFingerprint.values().iterator();
		while (ends.hasNext() && now - ends.next().nanos() >= LONGEST.toNanos()) {
			ends.remove();
		}
	}

	synchronized int size() {
		return this.byFingerprint.size();
	}

	private record End(EndCause cause, long nanos) {

	}

}
