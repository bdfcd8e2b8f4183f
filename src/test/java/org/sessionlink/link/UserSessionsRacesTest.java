package org.sessionlink.link;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.Often;

import static org.assertj.core.api.Assertions.assertThat;

/** B49: logins at once, in every order that threads can have, and in great number. */
class UserSessionsRacesTest {

	private static final int ORDERS = Often.times(200);

	@Test
	void ofTwoLoginsAtOnceExactlyOneStays() {
		Lincheck.runConcurrentTest(ORDERS, () -> {
			Links links = links(1, false);
			Link one = links.open("one", "id", Home.GONE);
			Link other = links.open("other", "id", Home.GONE);

			Racing.together(() -> logIn(one, "ada"), () -> logIn(other, "ada"));

			if ((one.endCause() == null) == (other.endCause() == null)) {
				throw new AssertionError(one + ", " + other);
			}
		});
	}

	@Test
	void ofTwoThatAskAtOnceExactlyOneIsPromisedTheLastPlace() {
		Lincheck.runConcurrentTest(ORDERS, () -> {
			Links links = links(1, true);
			Link one = links.open("one", "id", Home.GONE);
			Link other = links.open("other", "id", Home.GONE);
			boolean[] promised = new boolean[2];

			Racing.together(() -> promised[0] = one.ownership().promisePlace("ada"),
					() -> promised[1] = other.ownership().promisePlace("ada"));

			if (promised[0] == promised[1]) {
				throw new AssertionError("Both: " + promised[0]);
			}
		});
	}

	@Test
	void aLinkThatEndsWhileItsUserLogsInCountsForNobody() {
		Lincheck.runConcurrentTest(ORDERS, () -> {
			Links links = links(1, true);
			Link link = links.open("one", "id", Home.GONE);

			Racing.together(() -> logIn(link, "ada"), () -> link.end(EndCause.ENDED));

			if (links.userSessions().size() != 0) {
				throw new AssertionError("It counts still");
			}
		});
	}

	@Test
	void aLinkWhoseUserChangesTwiceAtOnceCountsForOne() {
		Lincheck.runConcurrentTest(ORDERS, () -> {
			Links links = links(1, true);
			Link link = links.open("one", "id", Home.GONE);

			Racing.together(() -> logIn(link, "ada"), () -> logIn(link, "bob"));

			if (links.userSessions().size() != 1 || links.havePlaceFor(link.ownership().name())) {
				throw new AssertionError("It counts for " + links.userSessions().size());
			}
		});
	}

	@RepeatedTest(20)
	void ofFiftyLoginsAtOnceTheLastStay() throws Exception {
		Links links = links(3, false);
		List<Link> all = IntStream.range(0, 50).mapToObj((i) -> links.open("key " + i, "id", Home.GONE)).toList();

		atOnce(all.stream().<Runnable>map((link) -> () -> logIn(link, "ada")).toList());

		assertThat(links.open()).hasSize(3);
		assertThat(all).filteredOn((link) -> link.endCause() == EndCause.REPLACED).hasSize(47);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void ofFiftyThatAskAtOnceAsManyAsMayBeComeIn(boolean someFail) throws Exception {
		Links links = links(3, true);
		List<Link> all = IntStream.range(0, 50).mapToObj((i) -> links.open("key " + i, "id", Home.GONE)).toList();

		atOnce(IntStream.range(0, 50).<Runnable>mapToObj((i) -> () -> {
			if (all.get(i).ownership().promisePlace("ada") && !(someFail && i % 2 == 0)) {
				logIn(all.get(i), "ada");
			}
			all.get(i).ownership().giveBackPlace();
		}).toList());

		assertThat(all).allSatisfy((link) -> assertThat(link.endCause()).isNull());
		long in = all.stream().filter((link) -> link.ownership().name() != null).count();
		assertThat(in).isBetween(someFail ? 0L : 3L, 3L);
		assertThat(links.havePlaceFor("ada")).isEqualTo(in < 3);
	}

	private static void atOnce(List<Runnable> tasks) throws Exception {
		CountDownLatch start = new CountDownLatch(1);
		List<Thread> threads = new ArrayList<>();
		for (Runnable task : tasks) {
			Thread thread = new Thread(() -> {
				try {
					start.await();
					task.run();
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
			});
			thread.start();
			threads.add(thread);
		}
		start.countDown();
		threads.forEach(Racing::join);
	}

	private static Links links(int most, boolean refusesNew) {
		return new Links(new Midnight(),
				new LinkPolicy(null, Duration.ofMinutes(1), LinkLimits.NONE, new UserLimit(most, refusesNew)));
	}

	// Without a Principal, whose methods the model checker cannot call.
	private static void logIn(Link link, String user) {
		link.ownership().seen(new Seen("192.0.2.1", null, user));
	}

}
