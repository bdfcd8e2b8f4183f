package org.sessionlink.link;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * B12, B13: what is taken away while it is delivered to, ended and made again, in every
 * order that threads can have: a model checker tries them.
 */
class SubscriptionsRacesTest {

	private static final int ORDERS = 500;

	// The one that matters is rare.
	private static final int MANY = 5_000;

	@Test
	void onceRevokeHasReturnedNoGateIsOpen() {
		Lincheck.runConcurrentTest(ORDERS, () -> {
			Subscriptions subscriptions = new Subscriptions(new Midnight());
			subscriptions.add("1", "/topic/a", 0);
			AtomicReference<Subscription> delivering = new AtomicReference<>();

			Racing.together(() -> delivering.set(subscriptions.get("1")), () -> subscriptions.revoke("1"));

			isShut(delivering.get());
		});
	}

	@Test
	void whatAClientEndsWhileItLosesAllIsShutToo() {
		Lincheck.runConcurrentTest(MANY, () -> {
			Subscriptions subscriptions = new Subscriptions(new Midnight());
			subscriptions.add("1", "/topic/a", 0);
			Subscription delivering = subscriptions.get("1");

			Racing.together(() -> subscriptions.remove("1"),
					() -> subscriptions.review().forEach(subscriptions::revoke));

			isShut(delivering);
		});
	}

	@Test
	void twoThatRevokeOneTellOfItOnce() {
		Lincheck.runConcurrentTest(ORDERS, () -> {
			Subscriptions subscriptions = new Subscriptions(new Midnight());
			subscriptions.add("1", "/topic/a", 0);
			AtomicReference<Subscription> first = new AtomicReference<>();
			AtomicReference<Subscription> second = new AtomicReference<>();

			Racing.together(() -> first.set(subscriptions.revoke("1")), () -> second.set(subscriptions.revoke("1")));

			if ((first.get() == null) == (second.get() == null)) {
				throw new AssertionError("Revoked by " + first + " and " + second);
			}
		});
	}

	@Test
	void anIdThatWasTakenAwayIsFreeOnlyOnceThatHasBeenTold() {
		Lincheck.runConcurrentTest(ORDERS, () -> {
			Subscriptions subscriptions = new Subscriptions(new Midnight());
			subscriptions.add("1", "/topic/a", 0);
			Subscription old = subscriptions.get("1");

			Racing.together(() -> subscriptions.revoke("1"), () -> {
				if (!subscriptions.isTaken("1", "/topic/a")) {
					subscriptions.add("1", "/topic/a", 0);
				}
			});

			isShut(old);
			if (subscriptions.get("1") != old) {
				throw new AssertionError("Another one has the id before the broker has forgotten the old one");
			}
		});
	}

	@Test
	void whatWasPublishedForAnOldOneIsNotForANewOneOfTheSameId() {
		FakeClock clock = new FakeClock();
		Subscriptions subscriptions = new Subscriptions(clock);
		subscriptions.add("1", "/topic/a", 0);
		long published = clock.nanoTime();
		clock.pass(Duration.ofNanos(1));

		subscriptions.forget(subscriptions.revoke("1"));
		subscriptions.add("1", "/topic/a", 0);

		assertThat(subscriptions.get("1").getAsBoolean()).isTrue();
		assertThat(subscriptions.get("1").isOlderThan(published)).isFalse();
		assertThat(subscriptions.get("1").isOlderThan(clock.nanoTime())).isTrue();
	}

	private static void isShut(Subscription delivering) {
		if (delivering != null && delivering.getAsBoolean()) {
			throw new AssertionError("A gate is open");
		}
	}

	/** Time that stands still, and has nothing that a model checker would look into. */
	private static final class Midnight implements LinkClock {

		@Override
		public long nanoTime() {
			return 0;
		}

		@Override
		public Instant now() {
			return Instant.EPOCH;
		}

		@Override
		public Future<?> schedule(Runnable task, Duration delay) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void execute(Crew crew, Runnable task) {
			throw new UnsupportedOperationException();
		}

	}

}
