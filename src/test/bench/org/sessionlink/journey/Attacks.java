package org.sessionlink.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Prints what 100 well-behaved clients notice of attacks that go on beside them, and what
 * these cost the server, on each container of the system property {@code it.containers}:
 * a table to be read. No message may be lost.
 */
public final class Attacks {

	private static final int CLIENTS = 100;

	private static final int GREETINGS_PER_SECOND = 20;

	private static final int SECONDS = 10;

	private static final long DRAIN_SECONDS = 30;

	private Attacks() {
	}

	/** Prints the table. */
	public static void main(String[] arguments) throws Exception {
		for (String name : System.getProperty("it.containers", "jetty,tomcat").split(",")) {
			try (Container container = Container.start(name)) {
				measure(container);
			}
		}
		System.exit(0);
	}

	private interface Attack {

		/** Attacks until this thread is interrupted. */
		void run(URI url, String sessionId) throws IOException;

	}

	private static Map<String, List<Attack>> attacks() {
		Map<String, List<Attack>> attacks = new LinkedHashMap<>();
		attacks.put("none", List.of());
		attacks.put("slow readers (20)", Collections.nCopies(20, Attacks::readNothing));
		attacks.put("frame flood", Collections.nCopies(4, Attacks::floodWithFrames));
		attacks.put("subscription flood", Collections.nCopies(4, Attacks::floodWithSubscriptions));
		attacks.put("connect flood", Collections.nCopies(4, Attacks::connectAndDrop));
		attacks.put("half-open TCP (500)", Collections.nCopies(500, Attacks::openHalf));
		attacks.put("never CONNECT (500)", Collections.nCopies(500, Attacks::neverConnect));
		return attacks;
	}

	private static void measure(Container container) throws Exception {
		URI url = container.url("sessionlink", "/greeting");
		HttpClient http = HttpClient.newHttpClient();
		List<Client> clients = new ArrayList<>();
		for (int i = 0; i < CLIENTS; i++) {
			clients.add(new Client(http, url, newSession(container)));
		}
		// One session for each 20 of an attack's sockets.
		List<String> sessions = IntStream.range(0, 25).mapToObj((i) -> newSession(container)).toList();
		exchange(clients, 5);
		System.out.printf("%n%-10s %-22s %8s %8s %8s %10s %10s%n", container, "attack", "p50 ms", "p99 ms", "lost",
				"heap MB", "RSS MB");
		for (Map.Entry<String, List<Attack>> entry : attacks().entrySet()) {
			List<Thread> attackers = start(entry.getValue(), url, sessions);
			Result result = exchange(clients, SECONDS);
			long rss = container.jvm().residentBytes();
			long heap = container.heapOf("");
			System.out.printf("%-10s %-22s %8.1f %8.1f %8d %10.1f %10.1f%n", container, entry.getKey(), result.p50(),
					result.p99(), result.lost(), heap / 1e6, rss / 1e6);
			for (Thread attacker : attackers) {
				attacker.interrupt();
			}
			for (Thread attacker : attackers) {
				attacker.join();
			}
		}
		clients.forEach(Client::leave);
	}

	private static String newSession(Container container) {
		Visitor visitor = new Visitor(container);
		visitor.request("POST", "/session");
		return visitor.sessionId();
	}

	private record Result(double p50, double p99, long lost) {
	}

	private static Result exchange(List<Client> clients, int seconds) throws InterruptedException {
		clients.forEach((client) -> client.latencies.clear());
		AtomicLong sent = new AtomicLong();
		ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
		timer.scheduleAtFixedRate(() -> clients.get((int) (sent.getAndIncrement() % CLIENTS)).greet(), 0,
				1_000_000 / GREETINGS_PER_SECOND, TimeUnit.MICROSECONDS);
		timer.schedule(timer::shutdownNow, seconds, TimeUnit.SECONDS);
		timer.awaitTermination(seconds + 10L, TimeUnit.SECONDS);
		long expected = sent.get() * CLIENTS;
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DRAIN_SECONDS);
		while (received(clients) < expected && System.nanoTime() < deadline) {
			Thread.sleep(50);
		}
		List<Long> all = clients.stream().flatMap((client) -> client.latencies.stream()).sorted().toList();
		return new Result(all.get(all.size() / 2) / 1e6, all.get(all.size() * 99 / 100) / 1e6, expected - all.size());
	}

	private static long received(List<Client> clients) {
		return clients.stream().mapToLong((client) -> client.latencies.size()).sum();
	}

	private static List<Thread> start(List<Attack> attacks, URI url, List<String> sessions) {
		List<Thread> threads = new ArrayList<>();
		for (Attack attack : attacks) {
			String session = sessions.get(threads.size() % sessions.size());
			Thread thread = new Thread(() -> again(attack, url, session));
			thread.setDaemon(true);
			thread.start();
			threads.add(thread);
		}
		return threads;
	}

	// Who is thrown out comes back.
	private static void again(Attack attack, URI url, String session) {
		while (!Thread.currentThread().isInterrupted()) {
			try {
				attack.run(url, session);
			}
			catch (IOException | UncheckedIOException ex) {
				rest(20);
			}
		}
	}

	private static void rest(long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void readNothing(URI url, String session) throws IOException {
		try (StalledPeer peer = new StalledPeer(url, session)) {
			while (!Thread.currentThread().isInterrupted()) {
				rest(1000);
			}
		}
	}

	private static void floodWithFrames(URI url, String session) throws IOException {
		try (StalledPeer peer = new StalledPeer(url, session)) {
			while (!Thread.currentThread().isInterrupted()) {
				peer.send("SEND\ndestination:/app/message\n\n{\"name\":\" \"}\0");
			}
		}
	}

	private static void floodWithSubscriptions(URI url, String session) throws IOException {
		try (StalledPeer peer = new StalledPeer(url, session)) {
			for (int i = 2; !Thread.currentThread().isInterrupted(); i++) {
				peer.send("SUBSCRIBE\nid:" + i + "\ndestination:/topic/flood" + i + "\n\n\0");
			}
		}
	}

	private static void connectAndDrop(URI url, String session) throws IOException {
		new StalledPeer(url, session).close();
	}

	private static void openHalf(URI url, String session) throws IOException {
		try (java.net.Socket connection = new java.net.Socket()) {
			connection.connect(new InetSocketAddress(url.getHost(), url.getPort()));
			connection.getOutputStream()
				.write(("GET " + url.getRawPath() + " HTTP/1.1\r\nHost: ").getBytes(StandardCharsets.US_ASCII));
			while (!Thread.currentThread().isInterrupted()) {
				rest(1000);
			}
		}
	}

	private static void neverConnect(URI url, String session) throws IOException {
		try (StalledPeer peer = StalledPeer.opened(url, session)) {
			peer.awaitEnd();
		}
	}

	/** One who greets now and then, and hears all greetings. */
	private static final class Client implements WebSocket.Listener {

		private static final Pattern SENT_AT = Pattern.compile("at (-?\\d+)");

		final Queue<Long> latencies = new ConcurrentLinkedQueue<>();

		private final StringBuilder partial = new StringBuilder();

		private final WebSocket webSocket;

		Client(HttpClient http, URI url, String session) {
			this.webSocket = http.newWebSocketBuilder()
				.header("Cookie", "JSESSIONID=" + session)
				.subprotocols("v12.stomp")
				.buildAsync(URI.create(url.toString().replaceFirst("http", "ws")), this)
				.join();
			send("CONNECT\naccept-version:1.2\nheart-beat:0,0\n\n\0");
			send("SUBSCRIBE\nid:1\ndestination:/topic/reply\n\n\0");
		}

		void leave() {
			this.webSocket.abort();
		}

		void greet() {
			send("SEND\ndestination:/app/message\n\n{\"name\":\"at " + System.nanoTime() + "\"}\0");
		}

		private void send(String frame) {
			this.webSocket.sendText(frame, true).join();
		}

		@Override
		public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
			long now = System.nanoTime();
			this.partial.append(data);
			if (last) {
				Matcher sentAt = SENT_AT.matcher(this.partial);
				if (sentAt.find()) {
					this.latencies.add(now - Long.parseLong(sentAt.group(1)));
				}
				this.partial.setLength(0);
			}
			socket.request(1);
			return null;
		}

		@Override
		public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
			System.out.printf("A well-behaved client was closed: %d %s%n", status, reason);
			return null;
		}

	}

}
