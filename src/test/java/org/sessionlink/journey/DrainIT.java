package org.sessionlink.journey;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.journey.shop.Shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * B30 and B54: a server that leaves says so first, takes no more sockets, and lets its
 * clients go with different hints when to come back.
 */
@OnEveryContainer
@InPhase(Phase.TIME)
class DrainIT {

	private static final String SETTINGS = "sessionlink.operator.name=olga\n"
			+ "sessionlink.operator.password=correct horse\nsessionlink.drain=1s\n";

	private final Container container;

	DrainIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		War shop = War.embedding(Shop.class.getPackage(), "sessionlink.drain=1s\n");
		SharedContainers.deploy(DrainIT.class, Map.of("drained", War.withSettings(SETTINGS), "leaving-fail", shop,
				"leaving-wait", shop, "leaving-sockjs", shop));
	}

	@Test
	void anOperatorLetsTheClientsGoAndEverythingElseIsServedAsEver() {
		Visitor operator = new Visitor(this.container, "drained");
		Visitor visitor = new Visitor(this.container, "drained");
		Visitor probe = new Visitor(this.container, "drained");
		operator.login("olga", "correct horse");
		List<Socket> sockets = open(visitor, 30);
		assertThat(probe.get("/health/ready").statusCode()).isEqualTo(200);

		assertThat(operator.change("POST", "/operator/drain?reason=upgrade").statusCode()).isEqualTo(202);
		HttpResponse<String> ready = probe.get("/health/ready");
		HttpResponse<?> handshake = refusal(visitor);

		assertThat(ready.statusCode()).isEqualTo(503);
		assertThat(ready.body()).isEqualTo("{\"status\":\"not-ready\",\"concerns\":[\"draining\"]}");
		assertThat(handshake.statusCode()).isEqualTo(503);
		assertThat(handshake.headers().firstValue("Retry-After")).hasValue("5");
		assertLetGo(sockets);
		assertThat(visitor.get("/session").statusCode()).isEqualTo(200);
		assertThat(probe.get("/health/live").body()).isEqualTo("{\"status\":\"up\"}");
		assertThat(probe.sessionId()).as("probes start no session").isNull();

		assertThat(operator.change("DELETE", "/operator/drain").body()).startsWith("{\"draining\":false,");
		assertThat(probe.get("/health/ready").statusCode()).isEqualTo(200);
		visitor.connect().close();
	}

	@Test
	void aServerThatIsStoppedLetsTheClientsGoFirst() throws IOException {
		try (Container own = Container.startLight(this.container.toString(),
				Map.of("leaving", War.withSettings(SETTINGS)))) {
			List<Socket> sockets = open(new Visitor(own, "leaving"), 30);

			own.stop();

			assertLetGo(sockets);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "fail", "wait" })
	void whatTheApplicationDoesAsAClientGoesKeepsNoOther(String habit) {
		String shop = "leaving-" + habit;
		Visitor visitor = new Visitor(this.container, shop);
		visitor.get("/colour?value=green");
		List<Socket> sockets = open(visitor, 40);

		assertThat(visitor.get("/leaving/begin?doing=" + habit).body()).isEqualTo("begun true");

		try {
			assertLetGo(sockets);
			assertThat(visitor.get("/leaving/begin?doing=" + habit).body()).as("told twice").isEqualTo("begun false");
		}
		finally {
			visitor.get("/leaving/cancel");
		}
		visitor.connect().close();
	}

	@Test
	void everyTransportOfSockJsHearsOfIt() {
		Visitor visitor = new Visitor(this.container, "leaving-sockjs");
		visitor.get("/colour?value=green");
		List<SockJsPeer> peers = Stream.of("websocket", "xhr_streaming", "xhr", "eventsource", "htmlfile")
			.map((transport) -> new SockJsPeer(visitor, transport, "0,0"))
			.toList();
		try {
			visitor.get("/leaving/begin");

			peers.forEach((peer) -> peer.await("ERRORnmessage:server-restart").await("c[1001,\"server-restart\"]"));
			assertThat(peers).allSatisfy((peer) -> assertThat(peer.heard()).containsPattern("nretry-after:[1-5]n"));
			assertThat(new Visitor(this.container, "leaving-sockjs").request("POST", "/js/000/late/xhr").statusCode())
				.isEqualTo(503);
		}
		finally {
			peers.forEach(SockJsPeer::close);
			visitor.get("/leaving/cancel");
		}
	}

	private static List<Socket> open(Visitor visitor, int count) {
		return Stream.generate(visitor::connect).limit(count).toList();
	}

	private static HttpResponse<?> refusal(Visitor visitor) {
		CompletionException refused = catchThrowableOfType(CompletionException.class, visitor::connect);
		return ((WebSocketHandshakeException) refused.getCause()).getResponse();
	}

	private static void assertLetGo(List<Socket> sockets) {
		assertThat(sockets).allSatisfy(
				(socket) -> assertThat(socket.awaitClose()).extracting(Socket.Close::status, Socket.Close::reason)
					.containsExactly(1001, "server-restart"));
		assertThat(sockets).extracting((socket) -> socket.await("ERROR").header("retry-after"))
			.containsOnly("1", "2", "3", "4", "5")
			.contains("1", "2", "3", "4", "5");
	}

}
