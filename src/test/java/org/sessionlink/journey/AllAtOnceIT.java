package org.sessionlink.journey;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.sessionlink.journey.square.Square;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * B45: with all that strangers can do at once, a hundred clients who behave are served,
 * nobody who reads is closed, and a link ends on time. What it cost them is printed.
 */
@OnQuietContainers
class AllAtOnceIT {

	private static final String SETTINGS = """
			sessionlink.limits.frames-per-second=0
			sessionlink.limits.links-per-address=0
			""";

	private static final int ROUNDS = 200;

	private final Container container;

	private final HttpClient client = HttpClient.newHttpClient();

	private final AtomicBoolean over = new AtomicBoolean();

	AllAtOnceIT(Container container) {
		this.container = container;
	}

	@Test
	void whateverStrangersDoAtOnceOthersAreServedAndALinkEndsOnTime() throws Exception {
		this.container.deploy(War.embedding(Square.class.getPackage(), SETTINGS), "all-at-once");
		ExecutorService strangers = Executors.newCachedThreadPool();
		List<AutoCloseable> open = new ArrayList<>();
		try (GoodClients clients = clients(100, "/app/say/square", "/topic/square");
				GoodClients readers = clients(10, "/app/say/flood", "/topic/flood")) {
			Duration quiet = clients.talk(ROUNDS);

			open.addAll(waitBehindManySlashes());
			open.addAll(sendMuchBehindWhatWaits());
			open.addAll(stalledSockJs());
			strangers.execute(this::stopReadingAndReset);
			strangers.execute(() -> flood(readers));
			Duration busy = clients.talk(ROUNDS);

			assertThat(session().get("/").statusCode()).isEqualTo(200);
			Duration logout = logout();
			clients.areAllOpen();
			readers.areAllOpen();
			System.out.printf("%s: p99 %d ms, with all that strangers do at once %d ms; a logout closes after %d ms%n",
					this.container, quiet.toMillis(), busy.toMillis(), logout.toMillis());
		}
		finally {
			this.over.set(true);
			session().request("POST", "/gate");
			strangers.shutdownNow();
			for (AutoCloseable peer : open) {
				peer.close();
			}
			this.container.undeploy("all-at-once");
		}
	}

	private GoodClients clients(int count, String sender, String destination) {
		List<String> sessions = Stream.generate(() -> session().sessionId()).limit(10).toList();
		return new GoodClients(this.client, endpoint(), sessions, count, sender, destination);
	}

	/**
	 * Two at a time subscribe, stop reading, and vanish in the middle of what is written.
	 */
	private void stopReadingAndReset() {
		String sessionId = session().sessionId();
		while (!this.over.get()) {
			List<StalledPeer> peers = Stream
				.generate(() -> StalledPeer.subscribed(endpoint(), sessionId, "/topic/flood"))
				.limit(2)
				.toList();
			Socket publisher = session().connect().subscribe("1", "/topic/flood");
			for (int i = 0; i < 20; i++) {
				publisher.send("/app/say/flood", "x".repeat(40_000)).awaitMessage("1", "x");
			}
			peers.forEach(StalledPeer::reset);
			publisher.close();
		}
	}

	/**
	 * Many publications are under way at once, and nobody waits for the slowest reader.
	 */
	private void flood(GoodClients readers) {
		while (!this.over.get()) {
			readers.shout(64);
		}
	}

	/** A method that waits, at a destination that only a parser of its own would miss. */
	private List<AutoCloseable> waitBehindManySlashes() {
		String frame = "SEND\ndestination:/app" + "/".repeat(2_100) + "wait\n\n\0";
		return sockets(4, 60).map((socket) -> socket.sendInParts(frame.substring(0, 2_050), frame.substring(2_050)))
			.<AutoCloseable>map((socket) -> socket::drop)
			.toList();
	}

	private List<AutoCloseable> sendMuchBehindWhatWaits() {
		return sockets(4, 10).<AutoCloseable>map((socket) -> {
			socket.send("/app/wait", "");
			for (int i = 0; i < 100; i++) {
				socket.trySend("SEND\ndestination:/app/say/nowhere\n\nwords\0");
			}
			return socket::drop;
		}).toList();
	}

	private Stream<Socket> sockets(int sessions, int each) {
		return IntStream.range(0, sessions).boxed().flatMap((i) -> {
			Visitor visitor = session();
			return Stream.generate(visitor::connect).limit(each);
		});
	}

	private List<? extends AutoCloseable> stalledSockJs() {
		String sessionId = session().sessionId();
		URI url = this.container.url("all-at-once", "/sock");
		return Stream.generate(() -> new StalledSockJs(this.client, url, sessionId, "/topic/flood")).limit(40).toList();
	}

	private Duration logout() {
		Visitor leaving = session();
		Socket socket = leaving.connect();
		long start = System.nanoTime();
		leaving.request("POST", "/logout");
		Socket.Close close = socket.awaitClose();
		assertThat(close.reason()).isEqualTo("session-ended");
		return close.after(start);
	}

	private URI endpoint() {
		return this.container.url("all-at-once", "/greeting");
	}

	private Visitor session() {
		Visitor visitor = new Visitor(this.container, "all-at-once");
		visitor.request("POST", "/session");
		return visitor;
	}

}
