package org.sessionlink.journey;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import org.sessionlink.OnPurpose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** G1 to G7, B1 and B25 as the WAR does them out of the box. */
@OnEveryContainer
class GreetingIT {

	private final Container container;

	GreetingIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		SharedContainers.deploy(GreetingIT.class, War.withSettings("sessionlink.limits.frames-per-second=0\n"), "fast");
	}

	@Test
	void aNameSentByOneReachesEveryone() {
		Socket ada = subscriber();
		Socket bob = subscriber();

		bob.send("/app/message", "{\"name\":\"Bob\"}");

		assertThat(bob.awaitMessage("reply").body()).isEqualTo("Bob");
		assertThat(ada.awaitMessage("reply").body()).isEqualTo("Bob");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "content-type:application/json\n", "content-type:application/json;charset=utf-8\n",
			"content-type:text/plain\n" })
	void theNameIsReadWithOrWithoutAContentType(String contentType) {
		Socket socket = subscriber();

		socket.send("SEND\ndestination:/app/message\n" + contentType + "\n{\"name\":\"Zoë 🦊\"}\0");

		Frame reply = socket.awaitMessage("reply");
		assertThat(reply.body()).isEqualTo("Zoë 🦊");
		assertThat(reply.header("destination")).isEqualTo("/topic/reply");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			name-missing  | {}
			name-missing  | {"name":null}
			name-missing  | {"nom":"Ada"}
			name-blank    | {"name":""}
			name-blank    | {"name":" \\t\\u2003"}
			not-readable  | {"name":42}
			not-readable  | {"name":["Ada"]}
			not-readable  | {"name":"Ada"
			not-readable  | {"name":"Ada"} and more
			not-readable  | Ada
			not-readable  | ["Ada"]
			not-readable  | ``
			""")
	void aMessageThatMakesNoSenseIsAnsweredToItsSenderOnly(String error, String body) {
		Socket sender = subscriber();
		Socket other = subscriber();

		sender.send("/app/message", body);
		Frame answer = sender.awaitMessage("errors");
		sender.send("/app/message", "{\"name\":\"after\"}");

		assertThat(answer.body()).contains("\"error\":\"" + error + "\"").contains("\"message\":\"");
		assertThat(sender.awaitMessage("reply").body()).isEqualTo("after");
		assertThat(other.next()).extracting(Frame::body).isEqualTo("after");
	}

	@Test
	void aNameMayHaveAHundredCharactersAndNoMore() {
		Socket socket = subscriber();

		socket.send("/app/message", "{\"name\":\"" + "🦊".repeat(101) + "\"}");
		socket.send("/app/message", "{\"name\":\"" + "🦊".repeat(100) + "\"}");

		assertThat(socket.awaitMessage("errors").body()).contains("\"error\":\"name-too-long\"");
		assertThat(socket.awaitMessage("reply").body()).isEqualTo("🦊".repeat(100));
	}

	@ParameterizedTest
	@ValueSource(strings = { "v10.stomp", "v11.stomp", "v12.stomp" })
	void everyVersionOfStompIsSpoken(String subprotocol) {
		Socket socket = new Visitor(this.container).open(subprotocol);

		socket.connect();

		assertThat(socket.subprotocol()).isEqualTo(subprotocol);
	}

	@Test
	void aSendRightBehindItsSubscribeNeverMisses() {
		withoutLimits((visitor) -> {
			Socket socket = visitor.get().connect();

			for (int i = 0; i < 500; i++) {
				String name = "name" + i;
				socket.subscribe(name, "/topic/reply");
				socket.send("/app/message", "{\"name\":\"" + name + "\"}");
				assertThat(socket.awaitMessage(name).body()).isEqualTo(name);
				socket.send("UNSUBSCRIBE\nid:" + name + "\n\n\0");
			}
		});
	}

	@Test
	void aFrameThatAsksForAReceiptGetsItOnceItHasBeenHandled() {
		Socket socket = new Visitor(this.container).connect();

		socket.send("SUBSCRIBE\nid:1\ndestination:/topic/reply\nreceipt:a\\cb\n\n\0");
		assertThat(socket.next().headers()).containsExactly(Map.entry("receipt-id", "a\\cb"));
		socket.send("SEND\ndestination:/app/message\nreceipt:sent\n\n{\"name\":\"Ada\"}\0");

		assertThat(socket.next().body()).isEqualTo("Ada");
		assertThat(socket.next().headers()).containsExactly(Map.entry("receipt-id", "sent"));
		socket.send("UNSUBSCRIBE\nid:1\nreceipt:left\n\n\0");
		assertThat(socket.next().headers()).containsExactly(Map.entry("receipt-id", "left"));
	}

	@Test
	void whoHasTheReceiptOfASubscriptionMissesNothingThatIsSentFromThenOn() {
		withoutLimits((visitor) -> {
			Socket subscriber = visitor.get().connect();
			Socket sender = visitor.get().connect();

			for (int i = 0; i < 300; i++) {
				subscriber.send("SUBSCRIBE\nid:" + i + "\ndestination:/topic/reply\nreceipt:" + i + "\n\n\0");
				subscriber.await("RECEIPT");
				sender.send("/app/message", "{\"name\":\"" + i + "\"}");
				assertThat(subscriber.awaitMessage(Integer.toString(i)).body()).isEqualTo(Integer.toString(i));
				subscriber.send("UNSUBSCRIBE\nid:" + i + "\n\n\0");
			}
		});
	}

	@Test
	void namesReachASubscriberInTheOrderSent() {
		withoutLimits((visitor) -> {
			Socket subscriber = subscriber(visitor.get());
			Socket sender = visitor.get().connect();
			List<String> names = IntStream.range(0, 500).mapToObj((i) -> "ordered" + i).toList();

			names.forEach((name) -> sender.send("/app/message", "{\"name\":\"" + name + "\"}"));

			assertThat(names).allSatisfy((name) -> assertThat(subscriber.awaitMessage("reply").body()).isEqualTo(name));
		});
	}

	private void withoutLimits(Consumer<Supplier<Visitor>> journey) {
		journey.accept(() -> new Visitor(this.container, "fast"));
	}

	@Test
	void theLogShowsOneSessionForHandshakeSubscriptionAndMessageAndNeverItsId() {
		Visitor visitor = new Visitor(this.container);

		Socket socket = visitor.connect().subscribe("1", "/topic/reply");
		socket.send("/app/message", "{\"name\":\"Log\"}").awaitMessage("1", "Log");

		String log = this.container.log();
		assertThat(Pattern.compile("(\\w+) under session " + visitor.link()).matcher(log).results())
			.extracting((line) -> line.group(1))
			.containsExactly("Handshake", "Subscription", "Message");
		assertThat(visitor.sessionId()).isNotNull();
		assertThat(log).doesNotContain(idWithoutRoute(visitor.sessionId()));
	}

	@Test
	void theStartIsLoggedWithVersionContainerContextPathAndSettings() {
		assertThat(this.container.log()).containsPattern("SessionLink \\d\\S* on .*\\d.* at context path /sessionlink")
			.contains("sessionlink.session = create")
			.contains("sessionlink.session-timeout = the container's")
			.contains("sessionlink.allowed-origins = same origin");
	}

	@Test
	void aHandshakeWithoutASessionGetsOneWhoseCookieStaysOutOfReach() {
		Handshake handshake = Handshake.at(endpoint());

		assertThat(handshake.status()).isEqualTo(101);
		assertThat(handshake.header("Set-Cookie")).singleElement()
			.asString()
			.startsWith("JSESSIONID=")
			.containsIgnoringCase("HttpOnly")
			.containsIgnoringCase("SameSite=Lax");
	}

	@Test
	void aHandshakeUnderASessionKeepsIt() {
		Visitor visitor = new Visitor(this.container);
		visitor.connect();
		String sessionId = visitor.sessionId();

		visitor.connect();

		assertThat(visitor.sessionId()).isEqualTo(sessionId);
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://evil.example", "https://127.0.0.1", "null", "http://[evil", "a b" })
	void aPageOfAnotherSiteIsRefusedAndGetsNoSession(String origin) {
		Handshake handshake = Handshake.at(endpoint(), "Origin: " + origin);

		assertThat(handshake.status()).isEqualTo(403);
		assertThat(handshake.body()).isEqualTo("Pages of this origin may not connect here.");
		assertThat(handshake.header("Set-Cookie")).isEmpty();
		assertThat(this.container.log()).contains("the origin \"" + origin + "\" is neither");
	}

	@Test
	@OnPurpose("a DISCONNECT without a receipt is closed with 1002")
	void aClientThatDisconnectsIsClosedWithoutAnError() {
		Socket socket = new Visitor(this.container).connect();

		socket.send("DISCONNECT\n\n\0");

		assertThat(socket.awaitClose().status()).isEqualTo(1000);
		assertThat(socket.rest()).isEmpty();
	}

	@Test
	void aClientThatDisconnectsWithAReceiptGetsIt() {
		Socket socket = new Visitor(this.container).connect();

		Frame receipt = socket.send("DISCONNECT\nreceipt:bye\n\n\0").await("RECEIPT");

		assertThat(receipt.header("receipt-id")).isEqualTo("bye");
	}

	@Test
	void aPageOfThisApplicationMayConnect() {
		Handshake handshake = Handshake.at(endpoint(), "Origin: http://" + endpoint().getAuthority());

		assertThat(handshake.status()).isEqualTo(101);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			malformed-frame  | HELLO\\n\\n\\0
			malformed-frame  | SEND\\nno colon\\n\\n\\0
			malformed-frame  | SEND\\ndestination:/app/message\\ncontent-type:nonsense\\n\\n\\0
			unexpected-frame | SUBSCRIBE\\nid:1\\ndestination:/topic/reply\\n\\n\\0
			unexpected-frame | SEND\\ndestination:/app/message\\n\\n{}\\0
			""")
	void aFrameThatBreaksTheProtocolGetsAnErrorWithoutInnards(String message, String frame) {
		Socket socket = new Visitor(this.container).open("v12.stomp");

		socket.send(frame.replace("\\n", "\n").replace("\\0", "\0"));

		Frame error = socket.await("ERROR");
		assertThat(error.header("message")).isEqualTo(message);
		assertThat(error.body()).isNotBlank();
		assertThat(error.toString()).doesNotContain("Exception", "org.spring", "org.sessionlink");
		socket.awaitClose();
	}

	@ParameterizedTest
	@CsvSource({ "/, text/html", "/index.html, text/html", "/lib/stompjs/index.js, javascript",
			"/lib/bootstrap/css/bootstrap.min.css, text/css" })
	void thePageAndItsLibrariesAreServedForThisSiteOnly(String path, String type) {
		HttpResponse<String> response = new Visitor(this.container).get(path);

		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).get()
			.asString()
			.matches("(?i).*" + type + "; ?charset=UTF-8");
		assertThat(response.headers().firstValue("Content-Security-Policy")).get()
			.asString()
			.contains("default-src 'self'");
		assertThat(response.headers().allValues("Set-Cookie")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/WEB-INF/jboss-deployment-structure.xml", "/page/../WEB-INF/classes/logback.xml",
			"/lib/stompjs/..%2f..%2f..%2f..%2f..%2forg/sessionlink/version.properties", "/nothing" })
	void nothingElseIsServed(String path) {
		int status = new Visitor(this.container).get(path).statusCode();

		assertThat(status).isIn(400, 404);
	}

	private Socket subscriber() {
		return subscriber(new Visitor(this.container));
	}

	private static Socket subscriber(Visitor visitor) {
		Socket socket = visitor.connect().subscribe("errors", "/user/queue/errors").subscribe("reply", "/topic/reply");
		// Frames are handled in order: once this is answered, both subscriptions are in
		// force.
		socket.send("/app/message", "").awaitMessage("errors");
		return socket;
	}

	private URI endpoint() {
		return this.container.url("sessionlink", "/greeting");
	}

	private static String idWithoutRoute(String sessionId) {
		return sessionId.split("\\.")[0];
	}

}
