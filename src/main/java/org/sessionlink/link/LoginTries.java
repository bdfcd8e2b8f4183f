package org.sessionlink.link;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes guessing slow: who has failed five times to log in as somebody, or from an
 * address, waits before the next try, a second at first and then twice as long each time,
 * up to 30. Nobody is shut out for good: a wait passes whatever is tried in it, and
 * strangers who guess a name hold up nobody who has logged in by it from another address.
 *
 * <p>
 * Safe for use by any thread; a try begins and ends in one step each, under the lock.
 * What is remembered is bounded: the names and addresses tried last, 10,000 of each, for
 * ten minutes after a failure.
 */
public final class LoginTries {

	private static final Logger logger = LoggerFactory.getLogger(LoginTries.class);

	private static final int FREE = 5;

	/** Many log in at once from one address. */
	private static final int AT_ONCE_FROM_AN_ADDRESS = 20;

	private static final int MOST = 10_000;

	private static final int LONGEST_NAME = 200;

	private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

	private static final Duration REMEMBERED = Duration.ofMinutes(10);

	private final LinkClock clock;

	private final Runnable refused;

	private final Map<String, Tries> names = bounded();

	private final Map<String, Tries> addresses = bounded();

	private final Map<String, Boolean> known = bounded();

	/**
	 * Makes the counts, all zero.
	 * @param refused told of each try that has to wait
	 */
	public LoginTries(LinkClock clock, Runnable refused) {
		this.clock = clock;
		this.refused = refused;
	}

	/** How a try has ended. */
	public enum Outcome {

		/** It was the right person. */
		KNOWN,

		/** Name and password did not fit. */
		REFUSED,

		/** Nobody has decided, as where the accounts were out of reach. */
		UNDECIDED

	}

	/**
	 * Begins a try, unless it has to wait.
	 * @param name whom somebody wants to log in as; empty where they do not say, and then
	 * the address alone counts
	 * @param address the remote address that it comes from
	 * @param atOnce how many may try one name at the same time; those that have failed
	 * count
	 */
	public Try begin(String name, String address, int atOnce) {
		Try begun = decide(keyOf(name), AddressCounts.networkOf(address), atOnce);
		if (begun.hasToWait()) {
			this.refused.run();
		}
		return begun;
	}

	private synchronized Try decide(String name, String network, int atOnce) {
		String pair = name + "\n" + network;
		Tries from = tries(this.addresses, network);
		// Strangers who try a name elsewhere are counted apart from who has come from
		// here.
		Tries as = name.isEmpty() ? new Tries() : tries(this.names, (this.known.get(pair) != null) ? pair : name);
		Duration wait = longer(from.wait(Math.max(atOnce, AT_ONCE_FROM_AN_ADDRESS)), as.wait(atOnce));
		if (wait.isZero()) {
			from.underWay++;
			as.underWay++;
		}
		return new Try(wait, pair, from, as);
	}

	private synchronized boolean end(Try ended, Outcome outcome) {
		ended.from.underWay--;
		ended.as.underWay--;
		if (outcome == Outcome.KNOWN) {
			ended.as.failures = 0;
			this.known.put(ended.pair, true);
		}
		// Both, whatever the first says.
		return outcome == Outcome.REFUSED && (ended.from.fail() | ended.as.fail());
	}

	synchronized int remembered() {
		return this.names.size() + this.addresses.size();
	}

	private Tries tries(Map<String, Tries> all, String key) {
		return all.computeIfAbsent(key, (first) -> new Tries());
	}

	// Accounts may take names of any case, and with blanks around, for the same.
	private static String keyOf(String name) {
		String key = name.strip().toLowerCase(Locale.ROOT).replace('\n', ' ');
		return (key.length() > LONGEST_NAME) ? key.substring(0, LONGEST_NAME) : key;
	}

	private static Duration longer(Duration one, Duration other) {
		return (one.compareTo(other) > 0) ? one : other;
	}

	private static <T> Map<String, T> bounded() {
		return new LinkedHashMap<>(16, 0.75f, true) {

			private static final long serialVersionUID = 1L;

			@Override
			protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
				return size() > MOST;
			}

		};
	}

	/** One try, which has begun or has to wait. */
	public final class Try {

		private final Duration wait;

		private final String pair;

		private final Tries from;

		private final Tries as;

		private Try(Duration wait, String pair, Tries from, Tries as) {
			this.wait = wait;
			this.pair = pair;
			this.from = from;
			this.as = as;
		}

		/** Returns whether it has not begun, as it comes too soon. */
		public boolean hasToWait() {
			return !this.wait.isZero();
		}

		/** Returns in how many seconds the next try may come, at least one. */
		public long waitSeconds() {
			return this.wait.plusMillis(999).toSeconds();
		}

		/** Ends it, if it has begun; once. */
		public void end(Outcome outcome) {
			if (!hasToWait() && LoginTries.this.end(this, outcome)) {
				logger.warn("Logins of a name, or from an address, have failed {} times: the next ones have to wait",
						FREE);
			}
		}

	}

	/** Those of one name, or from one address; it changes under the lock. */
	private final class Tries {

		private int underWay;

		private int failures;

		private long failedAt;

		Duration wait(int atOnce) {
			Duration since = Duration.ofNanos(LoginTries.this.clock.nanoTime() - this.failedAt);
			if (since.compareTo(REMEMBERED) > 0) {
				this.failures = 0;
			}
			Duration rest = penalty().minus(since);
			if (this.failures >= FREE && !rest.isNegative() && !rest.isZero()) {
				return rest;
			}
			int room = (this.failures < FREE) ? atOnce - this.failures : 1;
			return (this.underWay < room) ? Duration.ZERO : Duration.ofSeconds(1);
		}

		private Duration penalty() {
			Duration doubled = Duration.ofSeconds(1L << Math.max(0, Math.min(this.failures - FREE, 10)));
			return (doubled.compareTo(LONGEST_WAIT) < 0) ? doubled : LONGEST_WAIT;
		}

		// Returns true when it is one too many for the first time.
		boolean fail() {
			this.failures++;
			this.failedAt = LoginTries.this.clock.nanoTime();
			return this.failures == FREE;
		}

	}

}
