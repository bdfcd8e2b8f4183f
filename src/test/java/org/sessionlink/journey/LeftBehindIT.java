package org.sessionlink.journey;

import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.sessionlink.Deadlines;
import org.sessionlink.journey.shop.Shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * B17, B27, B28, B30 and B33: what ends leaves nothing behind, neither sockets nor links,
 * threads, classes or traces in the log.
 */
@OnQuietContainers
class LeftBehindIT {

	private static final int IDLE_WORKERS = 3;

	// Between two looks, each of which collects all garbage.
	private static final Duration COSTLY = Duration.ofSeconds(3);

	private final Container container;

	LeftBehindIT(Container container) {
		this.container = container;
	}

	@BeforeParameterizedClassInvocation
	static void deploy(Container container) {
		container.deploy(War.embedding(Shop.class.getPackage(), ""), "shop");
	}

	@Test
	void anUndeploymentSaysRestartAndLeavesNothingBehind() {
		long threads = this.container.jvm().threads("sessionlink-timer-");
		long classes = this.container.liveObjects("org.sessionlink.link.EndCause");
		this.container.deploy(War.withSettings(""), "brief");
		Socket socket = new Visitor(this.container, "brief").connect().subscribe("1", "/topic/reply");
		socket.send("/app/message", "{\"name\":\"brief\"}").awaitMessage("1");

		this.container.undeploy("brief");

		assertThat(socket.awaitClose()).extracting(Socket.Close::status, Socket.Close::reason)
			.containsExactly(1001, "server-restart");
		assertThat(socket.await("ERROR").header("retry-after")).isEqualTo("1");
		await().atMost(Duration.ofSeconds(30))
			.untilAsserted(
					() -> assertThat(this.container.jvm().threads("sessionlink-timer-")).isLessThanOrEqualTo(threads));
		await().atMost(Duration.ofSeconds(60))
			.pollInterval(COSTLY)
			.untilAsserted(() -> assertThat(this.container.liveObjects("org.sessionlink.link.EndCause"))
				.isLessThanOrEqualTo(classes));
	}

	@Test
	void endedLinksLeaveNothingBehind() {
		long links = this.container.liveObjects("org.sessionlink.link.Link");
		for (int i = 0; i < 200; i++) {
			Visitor visitor = new Visitor(this.container);
			Socket socket = visitor.connect();
			visitor.change("DELETE", "/session");
			socket.awaitClose();
		}

		await().atMost(Duration.ofSeconds(60))
			.pollInterval(COSTLY)
			.untilAsserted(() -> assertThat(this.container.liveObjects("org.sessionlink.link.Link"))
				.isLessThanOrEqualTo(links));
	}

	/** As many sockets as no container has threads for. */
	@Test
	void aHandlerThatWaitsHoldsNobodyElseUp() throws Exception {
		List<Socket> waiting = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			Visitor visitor = new Visitor(this.container, "shop");
			for (int k = 0; k < 60; k++) {
				waiting.add(visitor.connect().subscribe("me", "/user/queue/me").send("/app/wait/all", "waited"));
			}
		}
		Visitor visitor = new Visitor(this.container, "shop");
		await().untilAsserted(() -> assertThat(within(() -> visitor.get("/waiting").body())).isEqualTo("64"));

		Socket other = within(visitor::connect);
		String answer = within(() -> other.whoami());
		other.send("/app/open/all", "");

		assertThat(answer).endsWith(" nobody");
		assertThat(waiting).allSatisfy((socket) -> assertThat(socket.awaitMessage("me").body()).isEqualTo("waited"));
		waiting.forEach(Socket::close);
		await().atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(this.container.jvm().threads("sessionlink-handler-")).isZero());
	}

	private static <T> T within(Supplier<T> step) {
		return CompletableFuture.supplyAsync(step).orTimeout(Deadlines.ANY.toSeconds(), TimeUnit.SECONDS).join();
	}

	@Test
	void anUndeploymentWaitsForNoHandlerForLongAndLeavesNoThreadBehind() {
		long classes = this.container.liveObjects("org.sessionlink.link.EndCause");
		this.container.deploy(War.embedding(Shop.class.getPackage(), ""), "brief");
		Visitor visitor = new Visitor(this.container, "brief");
		Socket socket = visitor.connect().send("/app/wait/undeployment", "first");
		await().until(() -> visitor.get("/waiting").body().equals("1"));
		assertThat(visitor.request("GET", "/metrics", Map.of("Customer", "olga", "Role", "OPERATOR")).body())
			.contains("sessionlink_sockets 1.0");

		this.container.undeploy("brief");

		assertThat(socket.awaitClose()).extracting(Socket.Close::status, Socket.Close::reason)
			.containsExactly(1001, "server-restart");
		await().atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(this.container.jvm().threads("sessionlink-handler-")).isZero());
		await().atMost(Duration.ofSeconds(60))
			.pollInterval(COSTLY)
			.untilAsserted(() -> assertThat(this.container.liveObjects("org.sessionlink.link.EndCause"))
				.isLessThanOrEqualTo(classes));
	}

	@Test
	void aSessionThatEndsDuringTheHandshakeLeavesNoSocketOpen() {
		Visitor visitor = new Visitor(this.container, "shop");
		visitor.get("/colour?value=blue");
		long before = openSockets();

		for (String step : List.of("interceptor", "opening", "opened", "response", "connect")) {
			for (int i = 0; i < 20; i++) {
				endIn(step, visitor);
			}
		}

		// Connections have five seconds to answer a close; and of WildFly's workers each
		// that idles has its last request on its stack.
		await().atMost(Duration.ofSeconds(60))
			.pollInterval(COSTLY)
			.untilAsserted(() -> assertThat(openSockets()).isLessThanOrEqualTo(before + IDLE_WORKERS));
	}

	private static void endIn(String step, Visitor visitor) {
		visitor.get("/colour?value=blue");
		try {
			Socket socket = visitor.openAt("/greeting?end=" + step, Map.of(), "v12.stomp");
			socket.trySend("CONNECT\naccept-version:1.2\n\n\0");
			assertThat(socket.awaitEnd()).as("step " + step).isIn("1008 session-ended", "reset");
		}
		catch (CompletionException ex) {
			assertThat(ex.getCause()).isInstanceOf(WebSocketHandshakeException.class);
		}
	}

	private long openSockets() {
		return this.container.liveObjects("org.sessionlink.outbound.GatedSocket");
	}

	@Test
	void aHeaderWithoutEndIsCutOffAndLeavesNoTraceInTheLog() {
		Socket socket = new Visitor(this.container).connect();
		int start = this.container.log().length();

		socket.send("SEND\nx:");
		for (int i = 0; i < 9; i++) {
			socket.trySend("y".repeat(8_000));
		}

		Frame error = socket.await("ERROR");
		assertThat(error.header("message")).isEqualTo("frame-too-large");
		assertThat(error.body()).isEqualTo("The frame is too large: send at most 65536 bytes.");
		assertThat(socket.awaitClose()).extracting(Socket.Close::status, Socket.Close::reason)
			.containsExactly(1008, "frame-too-large");
		assertThat(this.container.log().substring(start)).contains("its socket closed: frame-too-large")
			.doesNotContain("\tat ", "yyy");
	}

}
