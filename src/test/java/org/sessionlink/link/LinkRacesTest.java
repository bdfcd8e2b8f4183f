package org.sessionlink.link;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What happens at once, many times, with small random delays from a fixed seed. */
class LinkRacesTest {

	private static final int ROUNDS = 5_000;

	private final ExecutorService threads = Executors.newFixedThreadPool(3);

	private final LinkThreads clock = new LinkThreads();

	private final Links links = new Links(this.clock, LinkPolicy.DEFAULT);

	private final Random random = new Random(42);

	@AfterEach
	void stop() {
		this.threads.shutdownNow();
		this.clock.close();
	}

	@Test
	void aSocketThatOpensWhileItsLinkEndsIsNeverLeftOpen() throws Exception {
		List<FakeSocket> accepted = new ArrayList<>();
		for (int round = 0; round < ROUNDS; round++) {
			Link link = this.links.open("key" + round, "id", new FakeSession(Duration.ofMinutes(30)));
			FakeSocket socket = new FakeSocket();
			boolean[] added = new boolean[1];
			atOnce(() -> added[0] = link.add(socket) == Link.Added.OPEN, () -> link.end(EndCause.ENDED));
			if (added[0]) {
				accepted.add(socket);
			}
		}

		await().untilAsserted(() -> assertThat(accepted).allSatisfy((socket) -> assertThat(socket.ends).hasSize(1)));
		assertThat(accepted.size()).as("both orders were met").isBetween(1, ROUNDS - 1);
	}

	@Test
	void twoEndsAtOnceAreOne() throws Exception {
		int[] wins = new int[2];
		for (int round = 0; round < ROUNDS; round++) {
			Link link = this.links.open("key" + round, "id", new FakeSession(Duration.ofMinutes(30)));
			boolean[] ended = new boolean[2];
			atOnce(() -> ended[0] = link.end(EndCause.EXPIRED), () -> ended[1] = link.end(EndCause.ENDED));
			assertThat(ended[0] ^ ended[1]).isTrue();
			assertThat(link.endCause()).isEqualTo(ended[0] ? EndCause.EXPIRED : EndCause.ENDED);
			wins[ended[0] ? 0 : 1]++;
		}

		assertThat(wins).as("both orders were met").doesNotContain(0);
	}

	@Test
	void aKeyHasOneLinkHoweverManyOpenItAtOnce() throws Exception {
		for (int round = 0; round < ROUNDS; round++) {
			String key = "key" + round;
			Link[] opened = new Link[2];
			atOnce(() -> opened[0] = this.links.open(key, "id", new FakeSession(Duration.ofMinutes(30))),
					() -> opened[1] = this.links.open(key, "id", new FakeSession(Duration.ofMinutes(30))));
			assertThat(opened[0]).isSameAs(opened[1]);
			opened[0].end(EndCause.ENDED);
		}
	}

	@Test
	void anIdThatChangesWhileASocketOpensReachesTheSocket() throws Exception {
		for (int round = 0; round < ROUNDS; round++) {
			FakeSession session = new FakeSession(Duration.ofMinutes(30));
			Link link = this.links.open("key" + round, "old", session);
			FakeSocket socket = new FakeSocket();
			atOnce(() -> link.add(socket), () -> link.moveTo(session, "new"));
			assertThat(socket.sessionId).isEqualTo("new");
			link.end(EndCause.ENDED);
		}
	}

	@Test
	void aSocketThatOpensUnderAPlantedIdWhileItsVictimLogsInIsNeverTheVictim() throws Exception {
		Identity victim = new Identity(() -> "victim", Set.of("STAFF"));
		for (int round = 0; round < ROUNDS; round++) {
			FakeSession session = new FakeSession(Duration.ofMinutes(30));
			Link link = this.links.open("key" + round, "planted", session);
			AtomicReference<SocketLink> opened = new AtomicReference<>();
			AtomicBoolean told = new AtomicBoolean();
			atOnce(() -> {
				SocketLink socketLink = new SocketLink(link, Identity.ANONYMOUS, "planted");
				opened.set(socketLink);
				link.add(new FakeSocket() {

					@Override
					public void identityChanged() {
						told.compareAndSet(false, socketLink.isOutgrown());
					}

				});
			}, () -> {
				link.moveTo(session, "new");
				link.identify(victim);
			});
			assertThat(opened.get().identity()).isEqualTo(Identity.ANONYMOUS);
			assertThat(told).as("it was told to look when there was something to see").isTrue();
			link.end(EndCause.ENDED);
		}
	}

	@Test
	void aRequestThatIsSlowToBringTheOldIdNeverBringsItBack() throws Exception {
		for (int round = 0; round < ROUNDS; round++) {
			FakeSession session = new FakeSession(Duration.ofMinutes(30));
			Link link = this.links.open("key" + round, "old", session);
			atOnce(() -> link.moveTo(session, "old"), () -> link.moveTo(session, "new"));
			assertThat(link.sessionId()).isEqualTo("new");
			link.end(EndCause.ENDED);
		}
	}

	private void atOnce(Runnable first, Runnable second) throws Exception {
		AtomicInteger arrived = new AtomicInteger();
		int delay = this.random.nextInt(-200, 200);
		Future<?> one = this.threads.submit(() -> run(arrived, -delay, first));
		Future<?> two = this.threads.submit(() -> run(arrived, delay, second));
		one.get(10, TimeUnit.SECONDS);
		two.get(10, TimeUnit.SECONDS);
	}

	// Spinning, as a barrier that parks its threads wakes them one after the other.
	private static void run(AtomicInteger arrived, int spins, Runnable action) {
		arrived.incrementAndGet();
		while (arrived.get() < 2) {
			Thread.onSpinWait();
		}
		for (int i = 0; i < spins; i++) {
			Thread.onSpinWait();
		}
		action.run();
	}

}
