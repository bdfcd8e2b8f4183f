package org.sessionlink.journey;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.OnPurpose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B39: what an application finds to be different from plain Spring, on purpose. */
@OnEveryContainer
class DifferencesIT {

	private final Container container;

	DifferencesIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		Person.deploy(DifferencesIT.class);
	}

	@Test
	@OnPurpose("a handshake handler upgrades as it likes")
	void nothingIsCompressed() {
		List<List<String>> seen = Person.onBoth(this.container,
				(person) -> Handshake.at(person.visitor().url("/stomp"), "Sec-WebSocket-Extensions: permessage-deflate")
					.header("Sec-WebSocket-Extensions"));

		assertThat(seen.get(1)).isEmpty();
		if (List.of("jetty", "tomcat").contains(this.container.toString())) {
			assertThat(seen.get(0)).singleElement().asString().contains("permessage-deflate");
		}
	}

	@Test
	@OnPurpose("`setAllowedOrigins(\"*\")` opens an endpoint to all pages")
	void noPageOfAnySiteConnects() {
		List<Integer> seen = Person.onBoth(this.container,
				(person) -> Handshake.at(person.visitor().url("/open"), "Origin: https://other.example").status());

		assertThat(seen).containsExactly(101, 403);
	}

	@Test
	@OnPurpose("a handshake starts no HTTP session")
	void aHandshakeStartsASession() {
		List<String> seen = Person.onBoth(this.container, (person) -> {
			person.connectAt("/open", Map.of());
			return String.valueOf(person.visitor().sessionId());
		});

		assertThat(seen.get(0)).isEqualTo("null");
		assertThat(seen.get(1)).isNotEqualTo("null");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/end", "/clear", "/migrate", "/logout" })
	@OnPurpose("a socket outlives its HTTP session")
	void theEndOfASessionClosesItsSockets(String end) {
		List<String> seen = Person.onBoth(this.container, (person) -> {
			person.visitor().get("/colour?value=green");
			Socket socket = person.connectAt("/stomp", Map.of()).subscribe("me", "/account/queue/me");
			person.visitor().request(end.equals("/logout") ? "POST" : "GET", end);
			if (end.equals("/clear")) {
				person.visitor().get("/end");
			}
			if (person.isPlain()) {
				return socket.send("/pub/who", "").next().body();
			}
			return socket.next().header("message") + closed(socket);
		});

		assertThat(seen).containsExactly("nobody green on twin-", "session-ended 1008 session-ended");
	}

	@Test
	@OnPurpose("the user of a socket stays that of its handshake")
	void aSocketFollowsTheLoginOfItsSession() {
		List<String> seen = Person.onBoth(this.container, (person) -> {
			person.visitor().get("/colour?value=green");
			Socket socket = person.connectAt("/stomp", Map.of()).subscribe("me", "/account/queue/me");
			person.login("sam");
			return person.isPlain() ? socket.send("/pub/who", "").next().body() : closed(socket);
		});

		assertThat(seen).containsExactly("nobody green on twin-", " 1013 session-renewed");
	}

	@Test
	@OnPurpose("an error handler of the application's makes all ERROR frames")
	void anErrorHandlerOfTheApplicationSpeaksForTheApplicationAlone() {
		List<List<String>> seen = Person.onBoth(this.container,
				(person) -> List.of(refusedWith(person, "SEND\ndestination:/pub/staff/open\n\n\0"),
						refusedWith(person, "SUBSCRIBE\nid:1\ndestination:/sub/staff/news\n\n\0"),
						refusedWith(person, "HELLO\n\n\0"), refused(person.openAt("/stomp", Map.of()),
								"CONNECT\naccept-version:1.2\nlogin:ada\npasscode:wrong\n\n\0")));

		assertThat(seen.get(0)).startsWith("staff only Ask the staff. 1002 ", "staff only Ask the staff. 1002 ");
		assertThat(seen.get(1)).startsWith("staff only Ask the staff. 1008 access-denied",
				"staff only Ask the staff. 1008 access-denied");
		assertThat(seen.get(1).get(2)).startsWith("malformed-frame ").endsWith(" 1008 malformed-frame");
		String text = seen.get(0).get(3).replace(" 1002 ", "");
		assertThat(seen.get(1).get(3)).isEqualTo(text + " 1008 access-denied");
	}

	@ParameterizedTest
	@CsvSource({ "HELLO, No enum constant, malformed-frame", "CONNECT, Session already exists, unexpected-frame" })
	@OnPurpose("an ERROR frame has an exception's text, and the socket is closed with 1002")
	void whatIsRefusedHasACode(String command, String text, String code) {
		List<String> seen = Person.onBoth(this.container,
				(person) -> refusedWith(person, command + "\naccept-version:1.2\n\n\0"));

		assertThat(seen.get(0)).startsWith(text).endsWith(" 1002 ");
		assertThat(seen.get(1)).startsWith(code).endsWith(" 1008 " + code);
	}

	@Test
	@OnPurpose("a CONNECT keeps its passcode")
	void nobodyBehindTheInterceptorsSeesThePasscode() {
		List<String> seen = Person.onBoth(this.container, (person) -> {
			person.openAt("/stomp", Map.of()).connect("login:ada\npasscode:ada\n");
			// CONNECTED may come before the event.
			return await().until(() -> person.diary("SessionConnectEvent").findAny().orElse(""),
					(noted) -> !noted.isEmpty());
		});

		assertThat(seen.get(0)).contains("login", "passcode");
		assertThat(seen.get(1)).contains("login").doesNotContain("passcode");
	}

	@Test
	@OnPurpose("clients send and subscribe wherever the broker listens")
	void clientsSendAndSubscribeWhereTheApplicationHasSomething() {
		List<List<String>> seen = Person.onBoth(this.container, (person) -> {
			Socket socket = person.connectAt("/stomp", Map.of()).subscribe("e", "/account/queue/errors");
			socket.subscribe("1", "/sub/said/hall" + person.tag()).subscribe("2", "/elsewhere");
			socket.send("SEND\ndestination:/sub/said/hall" + person.tag() + "\ncolour:red\n\npast\0");
			socket.subscribe("me", "/account/queue/me").send("/pub/who", "");
			return until(socket, "me");
		});

		assertThat(seen.get(0)).hasSize(1).first().asString().contains("colour=red").endsWith("past");
		assertThat(seen.get(1)).hasSize(2).allSatisfy((frame) -> assertThat(frame).contains("destination-not-allowed"));
	}

	@Test
	@OnPurpose("patterns and selectors are for everyone")
	void patternsAndSelectorsAreOff() {
		List<List<String>> seen = Person.onBoth(this.container, (person) -> {
			Socket socket = person.connectAt("/stomp", Map.of()).subscribe("e", "/account/queue/errors");
			socket.subscribe("1", "/sub/?aid/" + person.tag());
			socket.send("SUBSCRIBE\nid:2\ndestination:/sub/said/" + person.tag()
					+ "\nselector:headers.kind == 'news'\n\n\0");
			socket.subscribe("me", "/account/queue/me").send("/pub/who", "").awaitMessage("me");
			person.visitor().get("/publish?destination=/sub/said/" + person.tag() + "&text=heard");
			socket.send("/pub/who", "");
			return until(socket, "me");
		});

		assertThat(seen.get(0)).hasSize(2).allSatisfy((frame) -> assertThat(frame).endsWith("heard"));
		assertThat(seen.get(1)).isEmpty();
	}

	@Test
	@OnPurpose("the simple broker sends a RECEIPT for a DISCONNECT alone")
	void everyFrameThatAsksForAReceiptGetsIt() {
		List<List<String>> seen = Person.onBoth(this.container, (person) -> {
			Socket socket = person.connectAt("/stomp", Map.of());
			socket.send("SUBSCRIBE\nid:me\ndestination:/account/queue/me\nreceipt:1\n\n\0");
			socket.send("SEND\ndestination:/pub/count\nreceipt:2\n\n\0");
			List<String> frames = new ArrayList<>(until(socket, "me"));
			socket.send("DISCONNECT\nreceipt:3\n\n\0");
			for (Frame next = socket.next(); !"3".equals(next.header("receipt-id")); next = socket.next()) {
				frames.add(next.described());
			}
			return frames;
		});

		assertThat(seen).containsExactly(List.of(), List.of("RECEIPT{receipt-id=1}", "RECEIPT{receipt-id=2}"));
	}

	@Test
	@OnPurpose("the simple broker has no heart-beats unless it gets a task scheduler")
	void heartBeatsAreThereFromTheStart() {
		List<String> seen = Person.onBoth(this.container,
				(person) -> person.openAt("/stomp", Map.of()).connect("").header("heart-beat"));

		assertThat(seen).containsExactly("0,0", "10000,10000");
	}

	@Test
	@OnPurpose("no limit but for sizes and times")
	void whatOneClientMayTakeIsLimited() {
		List<List<String>> seen = Person.onBoth(this.container, (person) -> {
			Socket socket = person.connectAt("/stomp", Map.of()).subscribe("e", "/account/queue/errors");
			IntStream.range(0, 5).forEach((i) -> socket.subscribe("s" + i, "/sub/said/hall" + person.tag()));
			socket.send("/pub/say/hall" + person.tag(), "hello");
			return Stream.generate(socket::next)
				.limit(5)
				.map((frame) -> frame.header("subscription"))
				.sorted()
				.toList();
		});

		assertThat(seen).containsExactly(List.of("s0", "s1", "s2", "s3", "s4"), List.of("e", "s0", "s1", "s2", "s3"));
	}

	@Test
	@OnPurpose("a session and a socket have the attributes that the application gives them")
	void aSessionAndASocketHaveSessionLinksOwnAttributesToo() {
		List<String> seen = Person.onBoth(this.container, (person) -> {
			person.visitor().get("/colour?value=green");
			Socket socket = person.connectAt("/stomp", Map.of()).subscribe("me", "/account/queue/me");
			return person.visitor().get("/attributes").body() + " | "
					+ socket.send("/pub/attributes", "").next().body();
		});

		assertThat(seen.get(0)).isEqualTo("colour | HTTP.SESSION.ID colour http tag");
		assertThat(Person.withoutOurs(seen.get(1))).isEqualTo("colour | HTTP.SESSION.ID colour http sessionId tag");
		assertThat(seen.get(1)).isNotEqualTo(Person.withoutOurs(seen.get(1)));
	}

	@Test
	@OnPurpose("a session and a socket have the attributes that the application gives them")
	void whatPrintsTheAttributesPrintsNoCredential() {
		List<Boolean> seen = Person.onBoth(this.container, (person) -> {
			person.visitor().get("/colour?value=green");
			Socket socket = person.connectAt("/stomp", Map.of()).subscribe("me", "/account/queue/me");
			socket.send("SEND\ndestination:/pub/repeat\ncontent-type:application/json\n\n{unreadable\0");
			socket.send("/pub/who", "").next();
			return this.container.log().contains(person.visitor().sessionId().split("\\.")[0]);
		});

		assertThat(seen).containsExactly(true, false);
	}

	// Plain Spring loses an ERROR frame while another thread still writes, as of
	// CONNECTED.
	private static String refusedWith(Person person, String frame) {
		Supplier<String> refusal = () -> refused(person.connectAt("/stomp", Map.of()), frame);
		return Stream.generate(refusal)
			.limit(person.isPlain() ? 5 : 1)
			.filter((told) -> !told.startsWith(" "))
			.findFirst()
			.orElseThrow(() -> new AssertionError("No ERROR before the close"));
	}

	private static String refused(Socket socket, String frame) {
		String close = closed(socket.send(frame));
		return socket.rest()
			.stream()
			.filter((received) -> received.command().equals("ERROR"))
			.map((error) -> error.header("message") + " " + error.body())
			.collect(Collectors.joining()) + close;
	}

	private static String closed(Socket socket) {
		Socket.Close close = socket.awaitClose();
		return " " + close.status() + " " + close.reason();
	}

	private static List<String> until(Socket socket, String subscription) {
		List<String> frames = new ArrayList<>();
		for (Frame next = socket.next(); !subscription.equals(next.header("subscription")); next = socket.next()) {
			frames.add(next.described());
		}
		return frames;
	}

}
