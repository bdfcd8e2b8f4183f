package org.sessionlink.cluster;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether the store is there (B21): a pulse each second alone decides, as only what
 * can be written can be kept. Says once what is wrong, and what to do.
 *
 * <p>
 * One thread pulses, and writes how things are by one volatile write; anybody reads.
 */
final class StoreWatch {

	private static final Logger logger = LoggerFactory.getLogger(StoreWatch.class);

	/** After an outage: for all nodes to tell what was used meanwhile. */
	static final Duration SETTLING = Duration.ofSeconds(5);

	private final Redis redis;

	private final Nodes nodes;

	private final Duration grace;

	private final Runnable first;

	private final LongSupplier nanoTime;

	private volatile Weather weather;

	/** Stands for the time until news are missed. */
	private volatile Object news = new Object();

	private final AtomicLong outages = new AtomicLong();

	private volatile boolean throwsAway;

	private boolean hasBeenConnected;

	/**
	 * Makes it.
	 * @param first done with a store that has come back, before anybody else may use it
	 */
	StoreWatch(Redis redis, Nodes nodes, Duration grace, Runnable first, LongSupplier nanoTime) {
		this.redis = redis;
		this.nodes = nodes;
		this.grace = grace;
		this.first = first;
		this.nanoTime = nanoTime;
		this.weather = new Weather(null, nanoTime.getAsLong() - SETTLING.toNanos());
	}

	/**
	 * Tries the store. Returns whether it has come back with that, be it from so short a
	 * break that only the connection is another: nobody knows what was lost with the old.
	 * Where that is the one for news alone, the store was there all the time.
	 */
	boolean pulse() {
		Weather before = this.weather;
		boolean again = false;
		boolean hearsAgain = false;
		try {
			boolean broken = !this.redis.isConnected();
			hearsAgain = broken && before.trouble == null && this.redis.listenAgain();
			boolean connects = broken && !hearsAgain;
			if (connects) {
				again = this.hasBeenConnected;
				if (before.trouble == null && again) {
					this.outages.incrementAndGet();
					this.weather = new Weather(Trouble.GONE, this.nanoTime.getAsLong());
				}
				this.redis.connect();
				this.hasBeenConnected = true;
			}
			this.nodes.heard(this.redis.run(Script.PULSE,
					List.of(Redis.bytes(this.nodes.id()), Redis.bytes(this.nodes.name()))));
			this.redis.listen();
			if (connects) {
				lookAtPolicy();
			}
			if (before.trouble == null && !again && !hearsAgain) {
				return false;
			}
			this.first.run();
		}
		catch (RuntimeException ex) {
			// Its name may stand for another server by now.
			this.redis.disconnect();
			away(before, Trouble.of(ex));
			logger.debug("Redis does not answer as it should", ex);
			return false;
		}
		this.news = new Object();
		if (hearsAgain) {
			logger.info("The connection for news of Redis broke, and was made again");
			return true;
		}
		this.weather = new Weather(null, this.nanoTime.getAsLong());
		if (before.trouble != null) {
			logger.info("Redis is back after {} s: sessions are kept again", before.age(this.nanoTime).toSeconds());
		}
		else {
			logger.info("The connection to Redis broke, and was made again");
		}
		return true;
	}

	private void lookAtPolicy() {
		List<?> policy = this.redis.run(Script.POLICY, List.of());
		if (!policy.isEmpty() && !this.throwsAway) {
			logger.warn("Redis throws sessions away when it is full, which logs people out (maxmemory-policy {}): "
					+ "set it to noeviction", Redis.text(policy.get(0)));
		}
		this.throwsAway = !policy.isEmpty();
	}

	private void away(Weather before, Trouble trouble) {
		if (before.trouble == null && this.weather == before) {
			this.outages.incrementAndGet();
		}
		if (before.trouble != trouble) {
			logger.warn(
					"Redis {}. Sockets stay open for {} s (sessionlink.redis.grace), and nobody's session ends by it",
					trouble.sentence(), this.grace.toSeconds());
			this.weather = new Weather(trouble, (before.trouble != null) ? before.since : this.nanoTime.getAsLong());
		}
	}

	boolean isUp() {
		return this.weather.trouble == null;
	}

	/** Returns how often it has gone away, be it for so long as to connect again. */
	long outages() {
		return this.outages.get();
	}

	/** Returns what stands for the time until it is away again, or exchanged. */
	Object era() {
		return this.weather;
	}

	/** Returns what stands for the time until some of its news may have been missed. */
	Object news() {
		return this.news;
	}

	/** Returns for how long it has been there without a break; zero where it is not. */
	Duration upFor() {
		Weather now = this.weather;
		return (now.trouble == null) ? now.age(this.nanoTime) : Duration.ZERO;
	}

	/** Returns whether a session that nobody has used for its time is over. */
	boolean judges() {
		Weather now = this.weather;
		return now.trouble == null && now.age(this.nanoTime).compareTo(SETTLING) >= 0;
	}

	/**
	 * Returns whether the store has been away for longer than sockets may live without.
	 */
	boolean isAwayForLong() {
		Weather now = this.weather;
		return now.trouble != null && now.age(this.nanoTime).compareTo(this.grace) >= 0;
	}

	/** Returns what is wrong, for operators, or null. */
	@Nullable String concern() {
		Trouble trouble = this.weather.trouble;
		return (trouble != null) ? "Redis " + trouble.sentence() : null;
	}

	/**
	 * Returns whether Redis will throw sessions away when it is full, as far as it says.
	 */
	boolean throwsAway() {
		return this.throwsAway;
	}

	/** Returns whether this node can serve people with sessions, or soon will. */
	boolean ready() {
		return !isAwayForLong();
	}

	private record Weather(@Nullable Trouble trouble, long since) {

		private Duration age(LongSupplier nanoTime) {
			return Duration.ofNanos(nanoTime.getAsLong() - this.since);
		}

	}

}
