package org.sessionlink.link;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What happens at once, many times, with small random delays from a fixed seed. */
class LinkRacesTest {

	private static final int ROUNDS = 20_000;

	/** How often a thread looks for the other one before it lets others work. */
	private static final int PATIENCE = 1_000;

	private final FakeSession session = new FakeSession(Duration.ofMinutes(30));

	private final Links links = new Links(new Midnight(), LinkPolicy.DEFAULT);

	@Test
	void aSocketThatOpensWhileItsLinkEndsIsNeverLeftOpen() throws Exception {
		List<Link> opened = open("id");
		List<FakeSocket> sockets = IntStream.range(0, ROUNDS).mapToObj((round) -> new FakeSocket()).toList();
		boolean[] accepted = new boolean[ROUNDS];

		atOnce((round) -> accepted[round] = opened.get(round).add(sockets.get(round)) == Link.Added.OPEN,
				(round) -> opened.get(round).end(EndCause.ENDED));

		for (int round = 0; round < ROUNDS; round++) {
			if (accepted[round]) {
				assertThat(sockets.get(round).ends).hasSize(1);
			}
		}
		assertThat(accepted).as("both orders were met").contains(true, false);
	}

	@Test
	void twoEndsAtOnceAreOne() throws Exception {
		List<Link> opened = open("id");
		boolean[] expired = new boolean[ROUNDS];
		boolean[] ended = new boolean[ROUNDS];

		atOnce((round) -> expired[round] = opened.get(round).end(EndCause.EXPIRED),
				(round) -> ended[round] = opened.get(round).end(EndCause.ENDED));

		for (int round = 0; round < ROUNDS; round++) {
			assertThat(expired[round] ^ ended[round]).isTrue();
			assertThat(opened.get(round).endCause()).isEqualTo(expired[round] ? EndCause.EXPIRED : EndCause.ENDED);
		}
		assertThat(expired).as("both orders were met").contains(true, false);
	}

	@Test
	void anIdThatChangesWhileASocketOpensReachesTheSocket() throws Exception {
		List<Link> opened = open("old");
		List<FakeSocket> sockets = IntStream.range(0, ROUNDS).mapToObj((round) -> new FakeSocket()).toList();

		atOnce((round) -> opened.get(round).add(sockets.get(round)),
				(round) -> opened.get(round).moveTo(this.session, "new"));

		assertThat(sockets).allSatisfy((socket) -> assertThat(socket.sessionId).isEqualTo("new"));
	}

	@Test
	void aSocketThatOpensUnderAPlantedIdWhileItsVictimLogsInIsNeverTheVictim() throws Exception {
		Identity victim = new Identity(() -> "victim", Set.of("STAFF"));
		List<Link> opened = open("planted");
		SocketLink[] planted = new SocketLink[ROUNDS];
		// Told by both threads: one is enough.
		AtomicInteger[] told = IntStream.range(0, ROUNDS)
			.mapToObj((round) -> new AtomicInteger())
			.toArray(AtomicInteger[]::new);

		atOnce((round) -> {
			SocketLink socketLink = new SocketLink(opened.get(round), Identity.ANONYMOUS, "planted");
			planted[round] = socketLink;
			opened.get(round).add(new FakeSocket() {

				@Override
				public void identityChanged() {
					if (socketLink.isOutgrown()) {
						told[round].incrementAndGet();
					}
				}

			});
		}, (round) -> {
			opened.get(round).moveTo(this.session, "new");
			opened.get(round).identify(victim);
		});

		assertThat(planted).allSatisfy((socket) -> assertThat(socket.identity()).isEqualTo(Identity.ANONYMOUS));
		assertThat(told).as("told to look when there was something to see")
			.allSatisfy((times) -> assertThat(times.get()).isPositive());
	}

	private List<Link> open(String id) {
		return IntStream.range(0, ROUNDS)
			.mapToObj((round) -> this.links.open("key" + round, id, this.session))
			.toList();
	}

	/**
	 * Does both in each round, on two threads, a little earlier or later than the other.
	 */
	private static void atOnce(IntConsumer first, IntConsumer second) throws Exception {
		int[] delays = delays();
		AtomicInteger arrived = new AtomicInteger();
		CompletableFuture<Void> one = onThread(() -> {
			for (int round = 0; round < ROUNDS; round++) {
				meet(arrived, round);
				spin(-delays[round]);
				first.accept(round);
			}
		});
		CompletableFuture<Void> other = onThread(() -> {
			for (int round = 0; round < ROUNDS; round++) {
				meet(arrived, round);
				spin(delays[round]);
				second.accept(round);
			}
		});
		CompletableFuture.allOf(one, other).get(60, TimeUnit.SECONDS);
	}

	// Most are next to none, as what must not come between is short.
	private static int[] delays() {
		Random random = new Random(42);
		return IntStream.range(0, ROUNDS).map((round) -> (int) (random.nextGaussian() * 40)).toArray();
	}

	private static CompletableFuture<Void> onThread(Runnable rounds) {
		return CompletableFuture.runAsync(rounds, (task) -> {
			Thread thread = new Thread(task);
			// It waits for the other one, also where that has failed.
			thread.setDaemon(true);
			thread.start();
		});
	}

	// Spinning, as a barrier that parks its threads wakes them one after the other.
	private static void meet(AtomicInteger arrived, int round) {
		arrived.incrementAndGet();
		for (int looks = 1; arrived.get() < 2 * (round + 1); looks++) {
			if (looks % PATIENCE == 0) {
				Thread.yield();
			}
			Thread.onSpinWait();
		}
	}

	private static void spin(int times) {
		for (int i = 0; i < times; i++) {
			Thread.onSpinWait();
		}
	}

}
