package org.sessionlink.journey;

import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.journey.shop.Shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B3, B4, B6 to B8, B12, B15, B27 and B36 over all transports of SockJS. */
@OnEveryContainer
@InPhase(Phase.TIME)
@Execution(ExecutionMode.CONCURRENT)
class SockJsIT {

	private static final String SHOP = "sockjs";

	private static final List<String> TRANSPORTS = List.of("websocket", "xhr_streaming", "xhr", "eventsource",
			"htmlfile");

	private final List<SockJsPeer> peers = new CopyOnWriteArrayList<>();

	private final Container container;

	SockJsIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		SharedContainers.deploy(SockJsIT.class, War.embedding(Shop.class.getPackage(),
				"sessionlink.heartbeat=1s\nsessionlink.expiry-warning=1s\nsessionlink.limits.sockets-per-link=5"),
				SHOP);
	}

	@AfterEach
	void leave() {
		this.peers.forEach(SockJsPeer::close);
	}

	@Test
	void everyTransportHearsOfTheEndOfItsSessionAtOnceAndWhy() {
		Visitor visitor = visitor();
		List<SockJsPeer> peers = peers(visitor);
		String link = visitor.link();
		int status = visitor.request("POST", "/js/000/one-more/xhr").statusCode();
		long start = System.nanoTime();

		visitor.get("/end");

		peers.forEach((peer) -> peer.await("ERRORnmessage:session-ended").await("1008"));
		assertThat(Duration.ofNanos(System.nanoTime() - start))
			.isLessThan(Standstills.addedTo(Duration.ofSeconds(3), start));
		assertThat(peers).allSatisfy((peer) -> assertThat(peer.heard()).contains("c[1008,\"session-ended\"]"));
		assertThat(peers).allSatisfy((peer) -> assertThat(peer.heard()).containsOnlyOnce("nsession:" + link + "n"));
		assertThat(visitor.get("/session/end?link=" + link).body()).isEqualTo("{\"cause\":\"session-ended\"}");
		assertThat(status).isEqualTo(429);
	}

	@Test
	void whoOnlyBeatsExpiresWithAWarningAndWhoTalksDoesNot() {
		Visitor deserted = visitor();
		Visitor talking = visitor();
		List<SockJsPeer> beating = peers(deserted);
		beating.forEach((peer) -> peer.subscribe("s", "/user/queue/session").await("OPEN"));
		SockJsPeer talks = peer(talking, "xhr", "0,0").subscribe("me", "/user/queue/me");
		long start = System.nanoTime();
		beating.get(0).say("SEND\ndestination:/app/timeout\n\n3\0");
		talks.say("SEND\ndestination:/app/timeout\n\n3\0");
		long begun = System.nanoTime();
		ScheduledExecutorService clock = Executors.newScheduledThreadPool(3);
		try {
			clock.scheduleWithFixedDelay(() -> beating.forEach((peer) -> peer.post(deserted, "[\"\\n\"]")), 0, 200,
					TimeUnit.MILLISECONDS);
			assertThat(beating.get(1).postByRelay("[\"\\n\"]")).isEqualTo(204);
			clock.scheduleWithFixedDelay(() -> beating.get(1).postByRelay("[\"\\n\"]"), 0, 200, TimeUnit.MILLISECONDS);
			clock.scheduleWithFixedDelay(talks::whoami, 0, 500, TimeUnit.MILLISECONDS);

			beating.forEach((peer) -> peer.await("EXPIRING").await("ERRORnmessage:session-expired").await("c[1008,"));

			assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(3));
			assertThat(Duration.ofNanos(System.nanoTime() - begun))
				.isLessThan(Standstills.addedTo(Duration.ofSeconds(7), begun));
			await().until(() -> System.nanoTime() - begun > Duration.ofSeconds(5).toNanos());
			assertThat(talks.isOpen()).as(talks.heard()).isTrue();
		}
		finally {
			clock.shutdownNow();
		}
	}

	@Test
	void whoIsSilentStaysOpenUnlessTheyPromisedToBeat() {
		List<SockJsPeer> silent = peers(visitor());
		Visitor other = visitor();
		List<SockJsPeer> broken = Stream.of("websocket", "xhr_streaming", "xhr")
			.map((transport) -> peer(other, transport, "1000,1000"))
			.toList();
		long start = System.nanoTime();

		broken.forEach((peer) -> peer.await("ERRORnmessage:heartbeat-timeout").await("c[1013,\"heartbeat-timeout\"]"));

		await().until(() -> System.nanoTime() - start > Duration.ofSeconds(4).toNanos());
		// WildFly would close what it reads nothing from.
		silent.get(TRANSPORTS.indexOf("websocket")).await("ping");
		assertThat(silent).allSatisfy((peer) -> assertThat(peer.isOpen()).as(peer.heard()).isTrue());
		silent.forEach((peer) -> peer.subscribe("me", "/user/queue/me").whoami().await("nobody"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "xhr_streaming", "xhr", "websocket" })
	void aLoginFollowsOrAsksToComeBack(String transport) {
		Visitor carried = visitor();
		SockJsPeer goesOn = peer(carried, transport, "0,0").subscribe("me", "/user/queue/me");
		Visitor renewed = visitor();
		SockJsPeer comesBack = peer(renewed, transport, "0,0").subscribe("me", "/user/queue/me");

		carried.get("/be?name=ada");
		goesOn.whoami().await(" ada");
		renewed.get("/rotate");
		comesBack.whoami().await(renewed.sessionId().split("\\.")[0]);
		renewed.get("/enter?name=ada&role=STAFF");

		comesBack.await("ERRORnmessage:session-renewed").await("c[1013,\"session-renewed\"]");
		assertThat(goesOn.isOpen()).isTrue();
	}

	@Test
	void nobodyElseSpeaksForASocketWhoseIdTheyKnow() {
		SockJsPeer ada = peer(visitor(), "xhr_streaming", "0,0");

		assertThat(Stream.of(visitor(), new Visitor(this.container, SHOP))
			.map((eve) -> ada.post(eve, "[\"DISCONNECT\\n\\n\\u0000\"]"))).containsOnly(404);

		ada.subscribe("me", "/user/queue/me").whoami().await("nobody");
	}

	@ParameterizedTest
	@ValueSource(strings = { "xhr_streaming", "xhr", "websocket" })
	void whatIsNoArrayOfStringsClosesTheSocketWithACode(String transport) {
		Visitor visitor = visitor();
		SockJsPeer peer = peer(visitor, transport, "0,0");

		peer.post(visitor, "[\"no end");

		peer.await("ERRORnmessage:malformed-frame").await("c[1008,\"malformed-frame\"]");
	}

	@Test
	void aClientThatIsGoneIsNoFailureOfTheServer() throws Exception {
		Visitor visitor = visitor();
		StalledSockJs gone = new StalledSockJs(HttpClient.newHttpClient(), this.container.url(SHOP, "/js"),
				visitor.sessionId(), "/user/queue/me");
		String link = visitor.link();

		gone.close();

		await().untilAsserted(() -> {
			writeTo(gone);
			assertThat(this.container.log())
				.containsPattern("event=close code=1006 cause=connection-lost link=" + link + " ");
		});
	}

	// Until that is found out, and there is nobody to whom anything could be written.
	private static void writeTo(StalledSockJs gone) {
		try {
			gone.send("SEND\\ndestination:/app/whoami\\n\\n\\u0000");
		}
		catch (IOException ex) {
			assertThat(ex).hasMessageContaining("404");
		}
	}

	private List<SockJsPeer> peers(Visitor visitor) {
		return TRANSPORTS.stream().map((transport) -> peer(visitor, transport, "0,0")).toList();
	}

	private SockJsPeer peer(Visitor visitor, String transport, String heartbeat) {
		SockJsPeer peer = new SockJsPeer(visitor, transport, heartbeat);
		this.peers.add(peer);
		return peer;
	}

	private Visitor visitor() {
		Visitor visitor = new Visitor(this.container, SHOP);
		visitor.get("/colour?value=null");
		return visitor;
	}

}
