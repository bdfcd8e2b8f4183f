package org.sessionlink.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * B31 on several nodes, by chance: whenever and however connections break, and the news
 * between the nodes, nothing is lost or doubled at whichever node they come back.
 * {@code it.cuts} says how often, and {@code it.seed} repeats what failed.
 */
@OnFaultyNodes
@InPhase(Phase.TIME)
class NodesCutsIT {

	private static final int CUTS = Integer.getInteger("it.cuts", 100);

	private static final int PASSENGERS = 3;

	/** So many cuts at once, until what happens meanwhile has happened. */
	private static final int ROUND = 10 * PASSENGERS;

	/** By all publishers together. */
	private static final int PER_SECOND = 3000;

	private static final String END = "end";

	private static final Pattern CONNECTION = Pattern.compile("(?m)^(?:\\$\\d+\\s+)?id=(\\d+) ");

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final long seed = Long.getLong("it.seed", System.nanoTime());

	private final Nodes nodes;

	private final Roamer operator;

	private final Order order = new Order();

	private final List<Publisher> publishers = new ArrayList<>();

	private final List<CompletableFuture<Long>> publishing = new ArrayList<>();

	private final AtomicInteger broken = new AtomicInteger();

	/** The node that is gone, or -1. */
	private volatile int gone = -1;

	private volatile boolean arrived;

	NodesCutsIT(Nodes nodes) {
		this.nodes = nodes;
		this.operator = nodes.roamer(Nodes.CUTS);
	}

	/** Waits until all is well again, for whoever is next. */
	@AfterEach
	void stop() throws InterruptedException {
		this.arrived = true;
		this.threads.shutdownNow();
		assertThat(this.threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
		this.nodes.awaitReadiness();
	}

	@Test
	void nothingIsLostOrDoubledWheneverConnectionsAndNewsBreak() throws Exception {
		String topic = "/topic/cuts/any";
		long start = System.nanoTime();
		this.operator.first().login("ada", "correct horse");
		IntStream.range(0, this.nodes.size()).forEach((node) -> publish(node, topic));
		Future<?> breaking = this.threads.submit(this::breakNews);

		List<Passenger> passengers = travel(passengers(topic), CUTS);
		this.arrived = true;
		breaking.get();
		arrive(passengers, topic);

		tell(CUTS, passengers, start);
	}

	@Test
	void nothingIsLostOrDoubledWhereANodeIsKilledAndComesBack() throws Exception {
		String topic = "/topic/cuts/killed";
		long start = System.nanoTime();
		this.operator.first().login("ada", "correct horse");
		IntStream.range(0, this.nodes.size()).forEach((node) -> publish(node, topic));

		List<Passenger> passengers = travel(passengers(topic), ROUND);
		int cuts = 2 * ROUND;
		Future<Integer> killed = this.threads
			.submit(() -> killAndStart(new Random(this.seed).nextInt(this.nodes.size())));
		while (!killed.isDone()) {
			travel(passengers, ROUND);
			cuts += ROUND;
		}
		publish(killed.get(), topic);
		travel(passengers, ROUND);
		arrive(passengers, topic);

		tell(cuts, passengers, start);
	}

	private void publish(int node, String topic) {
		Publisher publisher = new Publisher(this.nodes.roamer(Nodes.CUTS).at(node), topic, this.publishers.size() + " ",
				PER_SECOND / this.nodes.size());
		this.publishers.add(publisher);
		this.publishing.add(CompletableFuture.supplyAsync(() -> {
			try {
				return publisher.publish();
			}
			catch (IOException ex) {
				if (this.gone != node) {
					throw new UncheckedIOException(ex);
				}
				// What was on its way may be kept, and may not.
				return null;
			}
		}, this.threads));
	}

	private List<Passenger> passengers(String topic) {
		return IntStream.range(0, PASSENGERS)
			.mapToObj((i) -> new Passenger(network(new Random(this.seed - i)), topic, new Random(this.seed + i)))
			.toList();
	}

	private Passenger.Network network(Random random) {
		return new Passenger.Network() {

			@Override
			public List<Visitor> browser() {
				return NodesCutsIT.this.nodes.roamer(Nodes.CUTS).everywhere();
			}

			@Override
			public void end(String socket) {
				NodesCutsIT.this.end(socket, random);
			}

			@Override
			public boolean isRight(long number, String body) {
				return NodesCutsIT.this.order.isRight(number, body);
			}

			@Override
			public boolean isGone(int node) {
				return node == NodesCutsIT.this.gone;
			}

		};
	}

	// At any node; where its question is lost with the news, at the others: one of them
	// has the socket.
	private void end(String socket, Random random) {
		int first = random.nextInt(this.nodes.size());
		for (int i = 0; i < this.nodes.size(); i++) {
			int node = (first + i) % this.nodes.size();
			if (node != this.gone && end(socket, node)) {
				return;
			}
		}
	}

	private boolean end(String socket, int node) {
		try {
			return this.operator.at(node)
				.change("DELETE", "/operator/sockets/" + socket + "?reason=cut")
				.statusCode() == 200;
		}
		catch (IllegalStateException ex) {
			if (node != this.gone) {
				throw ex;
			}
			return false;
		}
	}

	private List<Passenger> travel(List<Passenger> passengers, int cuts) throws Exception {
		return all(passengers,
				(passenger) -> passenger.travel((cuts + passengers.indexOf(passenger)) / passengers.size()));
	}

	private void arrive(List<Passenger> passengers, String topic) throws Exception {
		this.publishers.forEach(Publisher::stop);
		Map<String, Long> last = new HashMap<>();
		for (int i = 0; i < this.publishers.size(); i++) {
			last.put(Integer.toString(i), this.publishing.get(i).get());
		}
		this.nodes.roamer(Nodes.CUTS)
			.first()
			.connect()
			.send("SEND\ndestination:" + topic + "\nreceipt:end\n\n" + END + "\0")
			.await("RECEIPT");

		all(passengers, (passenger) -> passenger.arrive(END));

		this.order.assertEachInOrder(last);
		assertThat(passengers).extracting(Passenger::cursor).containsOnly(this.order.last());
	}

	private List<Passenger> all(List<Passenger> passengers, Trip trip) throws Exception {
		List<Callable<Passenger>> trips = new ArrayList<>();
		passengers.forEach((passenger) -> trips.add(() -> trip.of(passenger)));
		for (Future<Passenger> one : this.threads.invokeAll(trips)) {
			try {
				one.get();
			}
			catch (ExecutionException ex) {
				AssertionError failed = new AssertionError("With -Dit.seed=" + this.seed, ex.getCause());
				this.publishing.stream()
					.filter(CompletableFuture::isCompletedExceptionally)
					.map((each) -> each.handle((last, thrown) -> thrown).join())
					.forEach(failed::addSuppressed);
				throw failed;
			}
		}
		return passengers;
	}

	private Void breakNews() throws IOException {
		Random random = new Random(this.seed);
		while (!this.arrived) {
			pause(random.nextInt(1000));
			if (random.nextInt(4) > 0) {
				killConnections(random);
			}
			else {
				loseNews(this.nodes.cable(random.nextInt(this.nodes.size())), random.nextInt(300));
			}
			this.broken.incrementAndGet();
		}
		return null;
	}

	// Each half of the time.
	private void killConnections(Random random) throws IOException {
		List<String> connections = CONNECTION.matcher(this.nodes.redis().command("CLIENT", "LIST", "TYPE", "pubsub"))
			.results()
			.map((found) -> found.group(1))
			.toList();
		assertThat(connections).isNotEmpty();
		for (String connection : connections) {
			if (random.nextBoolean()) {
				this.nodes.redis().command("CLIENT", "KILL", "ID", connection);
			}
		}
	}

	private static void loseNews(Cable cable, int millis) {
		cable.lose(true);
		try {
			pause(millis);
		}
		finally {
			cable.lose(false);
		}
	}

	private static void pause(int millis) {
		LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
	}

	private int killAndStart(int node) throws IOException {
		this.gone = node;
		this.nodes.container(node).kill();
		this.nodes.container(node).start();
		this.gone = -1;
		return node;
	}

	private void tell(int cuts, List<Passenger> passengers, long start) {
		System.out.printf(
				"%s: %,d cuts under %,d messages of %d publishers, %,d times recovered, "
						+ "news broken %d times, %,d s, seed %d%n",
				this.nodes, cuts, this.order.last(), this.publishers.size(),
				passengers.stream().mapToLong(Passenger::recovered).sum(), this.broken.get(),
				TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start), this.seed);
	}

	@FunctionalInterface
	private interface Trip {

		Passenger of(Passenger passenger) throws IOException;

	}

	/** Which message has which number, for all who read. */
	private static final class Order {

		private final ConcurrentMap<Long, String> bodies = new ConcurrentHashMap<>();

		boolean isRight(long number, String body) {
			String other = this.bodies.putIfAbsent(number, body);
			return other == null || other.equals(body);
		}

		long last() {
			return this.bodies.keySet().stream().max(Comparator.naturalOrder()).orElseThrow();
		}

		/**
		 * Sees that each publisher's numbers come one after another, up to the last; null
		 * where that is not known.
		 */
		void assertEachInOrder(Map<String, Long> last) {
			Map<String, Long> seen = new HashMap<>();
			this.bodies.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach((message) -> {
				if (!message.getValue().equals(END)) {
					String[] words = message.getValue().split(" ");
					long number = Long.parseLong(words[1]);
					Long before = seen.put(words[0], number);
					assertThat(number).as("%s, behind %s", message, before)
						.isEqualTo((before != null) ? before + 1 : number);
				}
			});
			last.forEach((publisher, number) -> {
				if (number != null) {
					assertThat(seen).containsEntry(publisher, number);
				}
			});
		}

	}

}
