package org.sessionlink.link;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sessionlink.RecordedLog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Listeners that wait, fail, and come and go, in real time. */
class MailboxTest {

	private static final Duration TIMEOUT = Duration.ofMinutes(30);

	private final LinkThreads clock = new LinkThreads();

	private final Links links = new Links(this.clock, LinkPolicy.DEFAULT);

	private final CountDownLatch stuck = new CountDownLatch(1);

	private final List<String> heard = new CopyOnWriteArrayList<>();

	@AfterEach
	void stop() {
		this.stuck.countDown();
		this.clock.close();
	}

	@Test
	void aListenerThatWaitsDelaysNoTimerAndNoOtherListener() throws Exception {
		CountDownLatch entered = new CountDownLatch(1);
		this.links.addListener(waiting(entered));
		this.links.addListener(recorder());
		open("first", TIMEOUT).end(EndCause.KICKED);
		assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();

		Link other = open("other", Duration.ofMillis(100));

		await().untilAsserted(() -> assertThat(other.endCause()).isEqualTo(EndCause.EXPIRED));
		await().untilAsserted(() -> assertThat(this.heard).containsExactly("KICKED", "EXPIRED"));
	}

	@Test
	void aListenerThatFailsMissesNothingElseAndHurtsNobody() {
		this.links.addListener(new LinkListener() {

			@Override
			public void ended(Link link, EndCause cause) {
				MailboxTest.this.heard.add("failing " + cause);
				throw new StackOverflowError("on purpose");
			}

		});
		this.links.addListener(recorder());

		open("first", TIMEOUT).end(EndCause.KICKED);
		open("second", TIMEOUT).end(EndCause.ENDED);

		await().untilAsserted(() -> assertThat(this.heard).containsExactlyInAnyOrder("failing KICKED", "failing ENDED",
				"KICKED", "ENDED"));
	}

	@Test
	void aListenerHearsOneThingAfterTheOtherInTheOrderInWhichItHappened() {
		List<Integer> order = new CopyOnWriteArrayList<>();
		int[] inside = new int[1];
		this.links.addListener(new LinkListener() {

			@Override
			public void extended(Link link, Duration remaining) {
				inside[0]++;
				order.add((inside[0] == 1) ? (int) remaining.toMinutes() : -1);
				Thread.yield();
				inside[0]--;
			}

		});
		Link link = open("link", TIMEOUT);

		IntStream.range(0, 2_000)
			.forEach((i) -> this.links.tell((listener) -> listener.extended(link, Duration.ofMinutes(i))));

		await().untilAsserted(() -> assertThat(order).hasSize(2_000));
		assertThat(order).containsExactlyElementsOf(IntStream.range(0, 2_000).boxed().toList());
	}

	@Test
	void whatWaitsForAListenerIsBoundedAndTheLogSaysWhatItMisses() throws Exception {
		CountDownLatch entered = new CountDownLatch(1);
		try (RecordedLog log = RecordedLog.of(Mailbox.class)) {
			Mailbox mailbox = new Mailbox(waiting(entered), this.clock);
			mailbox.put((listener) -> listener.ended(open("first", TIMEOUT), EndCause.KICKED));
			assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();

			IntStream.range(0, Mailbox.MOST).forEach((i) -> mailbox.put((listener) -> this.heard.add("kept")));
			assertThat(log.lines()).isEmpty();
			IntStream.range(0, 3).forEach((i) -> mailbox.put((listener) -> this.heard.add("too much")));
			assertThat(log.lines()).singleElement()
				.asString()
				.contains("does not listen: 10000 events wait for it, and it misses further ones");
			this.stuck.countDown();

			await().untilAsserted(() -> assertThat(log.lines()).hasSize(2));
			assertThat(log.lines().get(1)).contains("listens again, and has missed 3 events");
			await().untilAsserted(() -> assertThat(this.heard.stream().filter("kept"::equals)).hasSize(Mailbox.MOST));
			assertThat(this.heard).doesNotContain("too much");
		}
	}

	@Test
	void howeverMuchStrangersHaveHappenNoEndIsMissedForIt() throws Exception {
		CountDownLatch entered = new CountDownLatch(1);
		List<String> calls = new CopyOnWriteArrayList<>();
		this.links.addListener(new LinkListener() {

			@Override
			public void opened(Link link) {
				entered.countDown();
				try {
					MailboxTest.this.stuck.await();
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
			}

			@Override
			public void refused(Link link, Refused reason) {
				calls.add("refused");
			}

			@Override
			public void socketClosed(SocketClosed socket) {
				calls.add("closed");
			}

			@Override
			public void ended(Link link, EndCause cause) {
				calls.add("ended");
			}

		});
		Link link = open("first", TIMEOUT);
		assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();

		SocketClosed closed = new SocketClosed("socket", link, null, 1000, CloseCause.CLIENT_CLOSED, link.createdAt(),
				Duration.ZERO, Duration.ZERO, TrafficSum.NONE, 0, 0, null, null);
		IntStream.range(0, 3 * Mailbox.MOST).forEach((i) -> {
			link.refused(Refused.DESTINATION);
			link.socketClosed(closed);
		});
		link.end(EndCause.KICKED);
		this.stuck.countDown();

		await().untilAsserted(() -> assertThat(calls).endsWith("ended"));
		assertThat(calls.stream().filter("refused"::equals)).hasSizeBetween(1, Mailbox.MOST_TALK);
		assertThat(calls.stream().filter("closed"::equals)).hasSize(Mailbox.MOST);
	}

	@Test
	void aListenerListensAgainOnceNothingWaitsForIt() {
		List<Runnable> handedOver = new ArrayList<>();
		Mailbox mailbox = new Mailbox(new LinkListener() {
		}, new FakeClock() {

			@Override
			public void execute(Crew crew, Runnable task) {
				handedOver.add(task);
			}

		});
		try (RecordedLog log = RecordedLog.of(Mailbox.class)) {
			IntStream.rangeClosed(0, Mailbox.MOST).forEach((i) -> mailbox.put((listener) -> this.heard.add("kept")));
			assertThat(log.lines()).singleElement().asString().startsWith("WARN " + MailboxTest.class.getName());

			handedOver.subList(0, Mailbox.MOST - 1).forEach(Runnable::run);
			assertThat(log.lines()).hasSize(1);
			handedOver.get(Mailbox.MOST - 1).run();
			mailbox.put((listener) -> this.heard.add("later"));
			handedOver.get(Mailbox.MOST).run();

			assertThat(log.lines()).hasSize(2);
			assertThat(this.heard).hasSize(Mailbox.MOST + 1).endsWith("later");
		}
	}

	@Test
	void aListenerThatIsTakenAwayHearsNothingMoreAlsoOfWhatWaits() throws Exception {
		CountDownLatch entered = new CountDownLatch(1);
		LinkListener waiting = waiting(entered);
		this.links.addListener(waiting);
		this.links.addListener(recorder());
		open("first", TIMEOUT).end(EndCause.KICKED);
		assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
		open("second", TIMEOUT).end(EndCause.KICKED);

		this.links.removeListener(waiting);
		open("third", TIMEOUT).end(EndCause.KICKED);
		this.stuck.countDown();

		await().untilAsserted(() -> assertThat(this.heard.stream().filter("KICKED"::equals)).hasSize(3));
		await().untilAsserted(() -> assertThat(this.clock.waiting()).isEqualTo(3));
		assertThat(this.heard.stream().filter("waited"::equals)).hasSize(1);
	}

	private Link open(String key, Duration timeout) {
		return this.links.open(key, "id", new FakeSession(timeout));
	}

	private LinkListener recorder() {
		return new LinkListener() {

			@Override
			public void ended(Link link, EndCause cause) {
				MailboxTest.this.heard.add(cause.name());
			}

		};
	}

	private LinkListener waiting(CountDownLatch entered) {
		return new LinkListener() {

			@Override
			public void ended(Link link, EndCause cause) {
				entered.countDown();
				try {
					MailboxTest.this.stuck.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
				MailboxTest.this.heard.add("waited");
			}

		};
	}

}
