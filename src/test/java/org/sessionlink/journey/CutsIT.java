package org.sessionlink.journey;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * B31: whenever and however connections break, nothing is lost or doubled, by chance:
 * {@code it.cuts} says how often, and {@code it.seed} repeats what failed.
 */
@OnEveryContainer
class CutsIT {

	private static final String APPLICATION = "cuts";

	/** Where little may wait, and so little come back at once. */
	private static final String SLOW = "cuts-slow";

	private static final String LARGE = "x".repeat(60_000);

	private static final String TOPIC = "/topic/cuts";

	private static final int CUTS = Integer.getInteger("it.cuts", 60);

	private static final int PASSENGERS = 3;

	private static final int PER_SECOND = 3000;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final Container container;

	CutsIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		String open = "sessionlink.destinations.send=/app/**, /topic/**\nsessionlink.limits.frames-per-second=0\n";
		SharedContainers.deploy(CutsIT.class, Map.of(APPLICATION, War.withSettings(open + """
				sessionlink.destinations.keep=/topic/cuts count=0 size=32MB age=10m
				sessionlink.history.memory=64MB
				sessionlink.limits.send-buffer=4MB
				sessionlink.operator.name=ada
				sessionlink.operator.password=correct horse
				"""), SLOW, War.withSettings(open + """
				sessionlink.destinations.keep=/topic/many/*, /topic/news
				sessionlink.limits.send-buffer=64KB
				sessionlink.drop-oldest=/topic/news
				""")));
	}

	@AfterEach
	void stop() {
		this.threads.shutdownNow();
	}

	@Test
	void nothingIsLostOrDoubledWheneverAndHoweverConnectionsBreak() throws Exception {
		long seed = Long.getLong("it.seed", System.nanoTime());
		Visitor operator = visitor();
		operator.login("ada", "correct horse");
		Publisher publisher = new Publisher(visitor(), TOPIC, "", PER_SECOND);
		Future<Long> publishing = this.threads.submit(publisher::publish);
		List<Callable<Passenger>> trips = new ArrayList<>();
		for (int i = 0; i < PASSENGERS; i++) {
			Random random = new Random(seed + i);
			int cuts = (CUTS + i) / PASSENGERS;
			trips.add(() -> new Passenger(network(operator), TOPIC, random).travel(cuts));
		}

		List<Passenger> passengers = join(seed, this.threads.invokeAll(trips));
		publisher.stop();
		long last = publishing.get();
		List<Callable<Passenger>> rest = new ArrayList<>();
		passengers.forEach((passenger) -> rest.add(() -> passenger.arrive(Long.toString(last))));
		join(seed, this.threads.invokeAll(rest));

		assertThat(passengers).extracting(Passenger::cursor).containsOnly(last);
		System.out.printf("%s: %,d cuts under %,d messages, %,d times recovered, seed %d%n", this.container, CUTS, last,
				passengers.stream().mapToLong(Passenger::recovered).sum(), seed);
	}

	/**
	 * Each of its destinations is little enough, and all of them together are not: it
	 * would be cut off by what comes back, and again, and again.
	 */
	@Test
	void whoComesBackToManyDestinationsIsNotCutOffByWhatTheyBring() throws IOException {
		Visitor visitor = new Visitor(this.container, SLOW);
		Socket others = new Visitor(this.container, SLOW).connect().subscribe("done", "/topic/done");
		List<String> topics = IntStream.range(0, 40).mapToObj((i) -> "/topic/many/" + i).toList();
		BareSocket broken = connect(visitor);
		Map<String, String> positions = new HashMap<>();
		for (String topic : topics) {
			positions.put(topic, broken.send(subscribe(topic, topic, "*")).await("RECEIPT").header("resume"));
		}
		broken.reset();
		topics.forEach((topic) -> publish(others, topic, 5));

		BareSocket back = connect(visitor);
		for (String topic : topics) {
			back.send(subscribe(topic, topic, positions.get(topic)));
		}
		// Then all of it has been handled, and it has read nothing yet.
		back.send("SEND\ndestination:/topic/done\n\n\0");
		others.awaitMessage("done");
		publish(others, "/topic/many/0", 1);
		Map<String, Integer> wanted = new HashMap<>(Map.of("/topic/many/0", 1));
		Map<String, Integer> brought = new HashMap<>();
		int receipts = 0;
		while (receipts < topics.size() || !brought.equals(wanted)) {
			Frame frame = back.next();
			if (frame.command().equals("RECEIPT")) {
				// They come in the order of the subscriptions.
				String topic = topics.get(receipts++);
				if (frame.header("recovered").equals("true")) {
					wanted.merge(topic, 5, Integer::sum);
				}
			}
			else {
				brought.merge(frame.header("subscription"), 1, Integer::sum);
			}
		}

		assertThat(wanted).containsEntry("/topic/many/0", 6).hasSizeLessThan(topics.size());
		back.reset();
	}

	@Test
	void whoReadsTooSlowlyIsToldOfTheGapAndStays() throws IOException {
		Visitor visitor = new Visitor(this.container, SLOW);
		Socket others = new Visitor(this.container, SLOW).connect();
		BareSocket slow = connect(visitor);
		slow.send("SUBSCRIBE\nid:own\ndestination:/user/queue/session\n\n\0");
		String position = slow.send(subscribe("1", "/topic/news", "*")).await("RECEIPT").header("resume");
		publish(others, "/topic/news", 200);

		List<String> told = new ArrayList<>();
		List<Long> offsets = new ArrayList<>();
		while (offsets.isEmpty() || offsets.get(offsets.size() - 1) < 200 || told.isEmpty()) {
			Frame frame = slow.next();
			if ("1".equals(frame.header("subscription"))) {
				offsets.add(Long.valueOf(frame.header("offset")));
			}
			else if (frame.body().contains("GAP")) {
				told.add(frame.body());
			}
		}

		assertThat(offsets).isSorted().doesNotHaveDuplicates().startsWith(1L).hasSizeLessThan(200);
		assertThat(told).first().asString().contains("\"destination\":\"/topic/news\"");
		assertThat(slow.send(subscribe("2", "/topic/news", position)).await("RECEIPT").header("recovered"))
			.isEqualTo("false");
		assertThat(slow.send(subscribe("3", "/topic/news", position.replaceAll("\\d+$", "199")))
			.await("RECEIPT")
			.header("recovered")).isEqualTo("true");
		slow.reset();
	}

	private static BareSocket connect(Visitor visitor) throws IOException {
		BareSocket socket = new BareSocket(visitor.url("/greeting"), visitor.sessionId()).upgraded();
		socket.send("CONNECT\naccept-version:1.2\nheart-beat:0,0\n\n\0").await("CONNECTED");
		return socket;
	}

	private static String subscribe(String id, String topic, String position) {
		return "SUBSCRIBE\nid:" + id + "\ndestination:" + topic + "\nreceipt:r\nresume:" + position + "\n\n\0";
	}

	private static void publish(Socket others, String topic, int count) {
		for (int i = 0; i < count; i++) {
			others.send("SEND\ndestination:" + topic + "\nreceipt:r\n\n" + LARGE + "\0").await("RECEIPT");
		}
	}

	private Visitor visitor() {
		return new Visitor(this.container, APPLICATION);
	}

	private static List<Passenger> join(long seed, List<Future<Passenger>> travelling) throws InterruptedException {
		List<Passenger> passengers = new ArrayList<>();
		for (Future<Passenger> one : travelling) {
			try {
				passengers.add(one.get());
			}
			catch (ExecutionException ex) {
				throw new AssertionError("With -Dit.seed=" + seed, ex.getCause());
			}
		}
		return passengers;
	}

	// Each body is its number.
	private Passenger.Network network(Visitor operator) {
		return new Passenger.Network() {

			@Override
			public List<Visitor> browser() {
				return List.of(visitor());
			}

			@Override
			public void end(String socket) {
				CutsIT.end(operator, socket);
			}

			@Override
			public boolean isRight(long number, String body) {
				return Long.toString(number).equals(body);
			}

		};
	}

	private static void end(Visitor operator, String socket) {
		assertThat(operator.change("DELETE", "/operator/sockets/" + socket + "?reason=cut").statusCode())
			.isEqualTo(200);
	}

}
