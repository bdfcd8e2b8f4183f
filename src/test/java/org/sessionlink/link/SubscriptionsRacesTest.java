package org.sessionlink.link;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;
import org.sessionlink.Often;

/**
 * B12, B13: what is taken away while it is delivered to, ended and made again, in every
 * order that threads can have: a model checker tries them.
 */
class SubscriptionsRacesTest {

	private static final int ORDERS = 50;

	// The one that matters is rare.
	private static final int MANY = Often.times(750);

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
	void whatAClientEndsIsShutWhenWhoeverTakesAllAwayIsDone() {
		Lincheck.runConcurrentTest(MANY, () -> {
			Subscriptions subscriptions = new Subscriptions(new Midnight());
			subscriptions.add("1", "/topic/a", 0);
			Subscription delivering = subscriptions.get("1");
			AtomicBoolean open = new AtomicBoolean();

			Racing.together(() -> subscriptions.remove("1"), () -> {
				subscriptions.review().forEach(subscriptions::revoke);
				open.set(delivering.getAsBoolean());
			});

			if (open.get()) {
				throw new AssertionError("A gate is open");
			}
		});
	}

	@Test
	void whatAClientEndsIsShutWhenRevokeHasReturned() {
		Lincheck.runConcurrentTest(MANY, () -> {
			Subscriptions subscriptions = new Subscriptions(new Midnight());
			subscriptions.add("1", "/topic/a", 0);
			Subscription delivering = subscriptions.get("1");
			AtomicBoolean open = new AtomicBoolean();

			Racing.together(() -> subscriptions.remove("1"), () -> {
				subscriptions.revoke("1");
				open.set(delivering.getAsBoolean());
			});

			if (open.get()) {
				throw new AssertionError("A gate is open");
			}
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

	private static void isShut(Subscription delivering) {
		if (delivering != null && delivering.getAsBoolean()) {
			throw new AssertionError("A gate is open");
		}
	}

}
