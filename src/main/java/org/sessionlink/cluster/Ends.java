package org.sessionlink.cluster;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import org.sessionlink.link.EndCause;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All ends of links that this node tells the store or hears of, whoever has ended them
 * (B22): those that could not be told wait, and those of the last half minute are told
 * again before the store counts as back, as another may have taken its place that has not
 * heard of them.
 *
 * <p>
 * Safe for use by any thread: one atomic step each on the maps.
 */
final class Ends {

	private static final Logger logger = LoggerFactory.getLogger(Ends.class);

	private static final int BATCH = 500;

	static final int MOST = 100_000;

	/** Far longer than it takes a replica to hear of what was written. */
	static final Duration FRESH = Duration.ofSeconds(30);

	private final ConcurrentMap<String, EndCause> untold = new ConcurrentHashMap<>();

	private final ConcurrentMap<String, Known> known = new ConcurrentHashMap<>();

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
			keep(hash, cause);
			logger.debug("An end could not be told yet", ex);
		}
	}

	/**
	 * Ends links that are open: now, or once the store is back.
	 * @return those that this has ended, as far as that is known
	 */
	Set<String> end(Collection<String> hashes, EndCause cause) {
		Set<String> ended = new HashSet<>();
		inBatches(hashes, (some) -> {
			try {
				ended.addAll(this.records.endOpen(some, cause));
			}
			catch (StoreAwayException ex) {
				some.forEach((hash) -> keep(hash, cause));
				logger.debug("Links end in the store once it is back", ex);
			}
		});
		ended.forEach((hash) -> heard(hash, cause));
		return ended;
	}

	private void keep(String hash, EndCause cause) {
		if (this.untold.size() < MOST) {
			this.untold.putIfAbsent(hash, cause);
		}
	}

	private void tell(Map<String, EndCause> causes) {
		this.records.end(causes);
		causes.forEach((hash, cause) -> {
			this.untold.remove(hash);
			heard(hash, cause);
		});
	}

	/** Takes note of an end that the store knows of. */
	void heard(String hash, EndCause cause) {
		if (this.known.size() < MOST) {
			this.known.put(hash, new Known(cause, this.nanoTime.getAsLong()));
		}
	}

	/**
	 * Tells again of those that the store may have lost.
	 * @throws StoreAwayException where it cannot be told
	 */
	void tellAgain() {
		this.known.forEach((hash, end) -> this.untold.putIfAbsent(hash, end.cause));
		tellAll();
	}

	/**
	 * Forgets those that all replicas have heard of.
	 * @param there for how long the store has been there without a break
	 */
	void forgetOld(Duration there) {
		// Where it has only come back, some are to be told again.
		if (there.compareTo(FRESH) > 0) {
			long now = this.nanoTime.getAsLong();
			this.known.values().removeIf((end) -> now - end.at > FRESH.toNanos());
		}
	}

	/**
	 * Tells of the ends that could not be told before.
	 * @throws StoreAwayException where it still cannot
	 */
	void tellAll() {
		inBatches(this.untold.keySet(), (hashes) -> {
			Map<String, EndCause> causes = new HashMap<>();
			hashes.forEach((hash) -> causes.put(hash, this.untold.getOrDefault(hash, EndCause.ENDED)));
			tell(causes);
		});
	}

	private static void inBatches(Collection<String> hashes, Consumer<List<String>> each) {
		List<String> all = List.copyOf(hashes);
		for (int from = 0; from < all.size(); from += BATCH) {
			each.accept(all.subList(from, Math.min(all.size(), from + BATCH)));
		}
	}

	/** Returns how many are still to be told. */
	int untold() {
		return this.untold.size();
	}

	/** Returns how many would be told again. */
	int known() {
		return this.known.size();
	}

	private record Known(EndCause cause, long at) {

	}

}
