package org.sessionlink.broker;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.jetbrains.lincheck.Lincheck;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.InOrder;
import org.sessionlink.link.Subscription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sessionlink.link.Racing;
import org.sessionlink.link.SocketLink;
import org.sessionlink.outbound.OpenSockets;

import static org.assertj.core.api.Assertions.assertThat;

/** B35: whatever clients do at whatever moment, a message is taken once, or is lost. */
class LinesTest {

	private static final int MESSAGES = 400;

	private static final int MOST = 3;

	private static final Lines.Name NAME = new Lines.Name("work", Line.Kind.WORK, "/queue/work");

	private final OpenSockets sockets = new OpenSockets();

	private final List<Delivery> lost = Collections.synchronizedList(new ArrayList<>());

	private final Lines lines = new Lines(this.sockets.sockets().clock(),
			(line, messages) -> this.lost.addAll(messages));

	private final AtomicLong number = new AtomicLong();

	private final Map<Integer, Integer> acknowledged = new ConcurrentHashMap<>();

	private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

	static IntStream seeds() {
		return IntStream.range(0, 25);
	}

	@ParameterizedTest
	@MethodSource("seeds")
	void aMessageIsAcknowledgedByOneOrLost(int seed) throws InterruptedException {
		List<Client> clients = IntStream.range(0, 4).mapToObj((i) -> new Client(new Random(31L * seed + i))).toList();
		List<Thread> threads = new ArrayList<>(clients.stream().map(Thread::new).toList());
		threads.add(new Thread(() -> IntStream.range(0, MESSAGES).forEach(this::publish)));

		threads.forEach(Thread::start);
		for (Thread thread : threads) {
			thread.join();
		}
		clients.forEach(Client::cut);
		Client patient = new Client(null);
		patient.join();
		patient.acknowledgeAll();

		assertThat(this.wrong).isEmpty();
		assertThat(this.acknowledged.values()).containsOnly(1);
		assertThat(this.acknowledged.size() + this.lost.size()).isEqualTo(MESSAGES);
		assertThat(this.lost).allSatisfy((one) -> assertThat(one.redelivered()).isEqualTo(MOST + 1))
			.noneMatch((one) -> this.acknowledged.containsKey(((Letter) one.parcel()).body()));
		patient.cut();
		assertThat(this.lines.count()).isZero();
		assertThat(this.lines.waiting()).isZero();
	}

	private void publish(int body) {
		if (!this.lines.change(NAME, (line) -> line.add(new Delivery(new Letter(body), 0, null, 0)))) {
			this.wrong.add("No room for " + body);
		}
	}

	@Test
	void ofATopicNothingIsKeptForSomebodyWhoIsGone() {
		Lines.Name topic = new Lines.Name("one 1", Line.Kind.OWN, "/topic/a");
		Client client = new Client(null);
		this.lines.change(topic, (line) -> {
			line.join(client.taker);
			return line.offer(client.taker, new Delivery(new Letter(1), 0, null, 0));
		});

		this.lines.takeBack(topic, (line) -> line.leave(client.taker, MOST, 0));

		assertThat(this.lines.count()).isZero();
		assertThat(this.lines.waiting()).isZero();
		assertThat(this.lost).isEmpty();
	}

	@Test
	void whatWaitsForSomebodyToComeBackIsForgottenAfterAWhile() {
		Lines.Name queue = new Lines.Name("queue /queue/a", Line.Kind.SHARED, "/queue/a");
		Client client = new Client(null);
		this.lines.change(queue, (line) -> {
			line.join(client.taker);
			return line.offer(client.taker, new Delivery(new Letter(1), 0, null, 0));
		});
		this.lines.takeBack(queue, (line) -> line.leave(client.taker, MOST, this.sockets.sockets().now()));
		assertThat(this.lines.waiting()).isOne();

		this.sockets.pass(Lines.KEPT);

		assertThat(this.lines.count()).isZero();
		assertThat(this.lost).hasSize(1);
	}

	@Test
	void whoeverAsksTaskAfterTaskIsRunOnceAndInOrder() {
		Lincheck.runConcurrentTest(50, () -> {
			InOrder order = new InOrder();
			List<Integer> run = new ArrayList<>();
			order.add(() -> run.add(0));

			Racing.together(order::run, () -> {
				order.add(() -> run.add(1));
				order.run();
			});

			if (!run.equals(List.of(0, 1))) {
				throw new IllegalStateException("Run: " + run);
			}
		});
	}

	@Test
	void roomIsNotTakenTwice() {
		Lincheck.runConcurrentTest(50, () -> {
			Allowance allowance = new Allowance(1, 0);
			boolean[] taken = new boolean[2];

			Racing.together(() -> taken[0] = allowance.take(1), () -> taken[1] = allowance.take(1));

			if (taken[0] == taken[1]) {
				throw new IllegalStateException("Taken by both, or by none");
			}
		});
	}

	@Test
	void aMessageThatIsLargerThanAllThatMayBeStillGoes() {
		Allowance allowance = new Allowance(0, 10);

		assertThat(allowance.take(100)).isTrue();
		assertThat(allowance.take(1)).isFalse();
		allowance.give(100);
		assertThat(allowance.take(10)).isTrue();
	}

	/** A message of which is known who got it. */
	private record Letter(int body) implements Parcel {

		@Override
		public long bytes() {
			return 1;
		}

		@Override
		public long begun() {
			return 0;
		}

		@Override
		public Numbers.Number number() {
			return new Numbers().none();
		}

		@Override
		public void to(String socketId, Subscription subscription, Map<String, String> headers) {
			throw new IllegalStateException("Nobody gets it without acknowledging");
		}

		@Override
		public void to(Taker taker, @Nullable String ack, int redelivered) {
			Client.inboxes.get(taker).add(new Got(this.body, Long.parseLong(String.valueOf(ack).split("-")[1])));
		}

	}

	private record Got(int body, long id) {
	}

	/** Somebody who does anything at any time. */
	private final class Client implements Runnable {

		private static final Map<Taker, Queue<Got>> inboxes = new ConcurrentHashMap<>();

		private final @Nullable Random random;

		private Taker taker = fresh();

		Client(@Nullable Random random) {
			this.random = random;
		}

		private Taker fresh() {
			OpenSockets.Peer peer = LinesTest.this.sockets.open("1.2");
			peer.subscribe("1", "/queue/work");
			SocketLink socket = SocketLink.in(peer.attributes());
			Taker made = new Taker(LinesTest.this.number.incrementAndGet(), peer.getId(),
					socket.subscriptions().get("1"), socket, Taker.AckMode.CLIENT_INDIVIDUAL, NAME,
					new Allowance(20, 0));
			inboxes.put(made, new ConcurrentLinkedQueue<>());
			return made;
		}

		void join() {
			LinesTest.this.lines.change(NAME, (line) -> {
				line.join(this.taker);
				return true;
			});
		}

		void cut() {
			LinesTest.this.lines.takeBack(NAME, (line) -> line.leave(this.taker, MOST, 0));
		}

		@Override
		public void run() {
			join();
			for (int i = 0; i < MESSAGES; i++) {
				int what = this.random.nextInt(20);
				if (what == 0) {
					cut();
					if (this.random.nextBoolean()) {
						// Too late: it belongs to somebody else now.
						acknowledge(inboxes.get(this.taker).poll());
					}
					this.taker = fresh();
					join();
				}
				else if (what < 5) {
					refuse(inboxes.get(this.taker).poll());
				}
				else {
					acknowledge(inboxes.get(this.taker).poll());
				}
			}
		}

		void acknowledgeAll() {
			for (Got got = poll(); got != null; got = poll()) {
				acknowledge(got);
			}
		}

		private @Nullable Got poll() {
			return inboxes.get(this.taker).poll();
		}

		private void acknowledge(@Nullable Got got) {
			if (got != null && LinesTest.this.lines.change(NAME, (line) -> line.acknowledged(this.taker, got.id()))) {
				LinesTest.this.acknowledged.merge(got.body(), 1, Integer::sum);
			}
		}

		private void refuse(@Nullable Got got) {
			if (got != null) {
				LinesTest.this.lines.takeBack(NAME, (line) -> line.refused(this.taker, got.id(), MOST, 0));
			}
		}

	}

}
