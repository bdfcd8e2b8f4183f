package org.sessionlink.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

import org.sessionlink.link.EndCause;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ends that this node tells the store (B22): those that could not be told wait, and
 * those of the last half minute are told again where the store has come back, as another
 * may have taken its place that has not heard of them.
 *
 * <p>
 * Safe for use by any thread: one atomic step each on the maps.
 */
final class Ends {

	private static final Logger logger = LoggerFactory.getLogger(Ends.class);

	private static final int BATCH = 500;

	private static final int MOST = 100_000;

	/** Far longer than it takes a replica to hear of what was written. */
	private static final Duration FRESH = Duration.ofSeconds(30);

	private final ConcurrentMap<String, EndCause> untold = new ConcurrentHashMap<>();

	private final ConcurrentMap<String, Told> told = new ConcurrentHashMap<>();

	private final Records records;

	private final LongSupplier nanoTime;

	Ends(Records records, LongSupplier nanoTime) {
		this.records = records;
		this.nanoTime = nanoTime;
	}

	/** Tells of an end: now, or once the store is back. */
	void tell(String hash, EndCause cause) {
		try {
			tell(Map.of(hash, cause));
		}
		catch (StoreAwayException ex) {
			if (this.untold.size() < MOST) {
				this.untold.putIfAbsent(hash, cause);
			}
			logger.debug("An end could not be told yet", ex);
		}
	}

	private void tell(Map<String, EndCause> causes) {
		this.records.end(causes);
		long now = this.nanoTime.getAsLong();
		causes.forEach((hash, cause) -> {
			this.untold.remove(hash);
			if (this.told.size() < MOST) {
				this.told.put(hash, new Told(cause, now));
			}
		});
	}

	/** Tells again of those that the store may have lost. */
	void tellAgain() {
		this.told.forEach((hash, end) -> this.untold.putIfAbsent(hash, end.cause));
	}

	/** Forgets those that all replicas have heard of; none while the store is away. */
	void forgetOld() {
		long now = this.nanoTime.getAsLong();
		this.told.values().removeIf((end) -> now - end.at > FRESH.toNanos());
	}

	/**
	 * Tells of the ends that could not be told before.
	 * @throws StoreAwayException where it still cannot
	 */
	void tellAll() {
		List<String> hashes = List.copyOf(this.untold.keySet());
		for (int from = 0; from < hashes.size(); from += BATCH) {
			Map<String, EndCause> causes = new HashMap<>();
			hashes.subList(from, Math.min(hashes.size(), from + BATCH))
				.forEach((hash) -> causes.put(hash, this.untold.getOrDefault(hash, EndCause.ENDED)));
			tell(causes);
		}
	}

	/** Returns how many are still to be told. */
	int untold() {
		return this.untold.size();
	}

	private record Told(EndCause cause, long at) {

	}

}
