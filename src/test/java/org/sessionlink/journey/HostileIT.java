package org.sessionlink.journey;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.Deadlines;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * B26, B27: one test for each weakness that has been published of STOMP brokers and
 * WebSocket servers. Nothing that comes back tells of the server's innards.
 */
@OnEveryContainer
class HostileIT {

	private static final Pattern INNARDS = Pattern
		.compile("Exception|\\borg\\.|java\\.|jakarta\\.|/tmp/|/home/|/opt/|\\tat ");

	// Its own, as what is greeted there reaches all who are in it.
	private static final String APPLICATION = "hostile";

	private final Container container;

	private final List<Frame> answers = new ArrayList<>();

	private final List<String> sessionIds = new ArrayList<>();

	HostileIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		War ids = War.withSettings("sessionlink.operator.password=sesame");
		War narrow = War.withSettings("sessionlink.limits.sockets-per-link=2");
		War proxied = War.withSettings("""
				sessionlink.limits.links-per-address=1
				sessionlink.trusted-proxies=127.0.0.0/8, ::1
				""");
		War strict = War.withSettings("sessionlink.refused-frames=close");
		SharedContainers.deploy(HostileIT.class, Map.of(APPLICATION, War.underTest(), "ids", ids, "narrow", narrow,
				"proxied", proxied, "strict", strict));
	}

	@AfterEach
	void nothingTellsOfTheInnards() {
		assertThat(this.answers).allSatisfy((answer) -> {
			assertThat(answer.toString()).doesNotContainPattern(INNARDS);
			this.sessionIds.forEach((id) -> assertThat(answer.toString()).doesNotContain(id.split("\\.")[0]));
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "T(java.lang.Runtime).getRuntime().exec('id')", "headers['x']==1", "true", "" })
	void aSelectorIsNoExpressionAndHasNoEffect(String selector) {
		Socket socket = subscriber();

		socket.send("SUBSCRIBE\nid:s\ndestination:/topic/reply\nselector:" + selector + "\n\n\0");

		answered(socket, "header-not-allowed");
		stillGreets(socket);
		assertThat(socket.rest()).noneSatisfy((frame) -> assertThat(frame.header("subscription")).isEqualTo("s"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "SUBSCRIBE\nid:1\ndestination:/topic/reply\n\n\0",
			"SEND\ndestination:/app/message\n\n{\"name\":\"early\"}\0", "UNSUBSCRIBE\nid:1\n\n\0", "ACK\nid:1\n\n\0",
			"MESSAGE\ndestination:/topic/reply\n\nearly\0" })
	void aFrameBeforeConnectClosesTheSocket(String frame) {
		Socket socket = visitor().open("v12.stomp");

		socket.send(frame);

		closed(socket, "unexpected-frame");
	}

	@Test
	void aSecondConnectClosesTheSocket() {
		Socket socket = subscriber();

		socket.send("CONNECT\naccept-version:1.2\nlogin:admin\npasscode:x\n\n\0");

		closed(socket, "unexpected-frame");
	}

	@ParameterizedTest
	@ValueSource(strings = { "MESSAGE\ndestination:/topic/reply\nsubscription:reply\nmessage-id:1\n\nforged\0",
			"CONNECTED\nversion:1.2\n\n\0", "RECEIPT\nreceipt-id:1\n\n\0", "ERROR\nmessage:forged\n\n\0" })
	void aFrameThatOnlyServersSendClosesTheSocket(String frame) {
		Socket other = subscriber();
		Socket socket = subscriber();

		socket.send(frame);

		closed(socket, "unexpected-frame");
		stillGreets(other);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/topic/*", "/topic/**", "/topic/repl?", "/topic/{a}", "/**", "/queue/**",
			"/topic/../queue/a", "/user/queue/*", "/user/ada/queue/errors" })
	void aSubscriptionToMoreThanOnesOwnHasNoEffect(String destination) {
		Socket socket = subscriber();

		socket.subscribe("grab", destination);

		answered(socket, "destination-not-allowed");
		stillGreets(socket);
		assertThat(socket.rest()).noneSatisfy((frame) -> assertThat(frame.header("subscription")).isEqualTo("grab"));
	}

	@Test
	void theIdOfASocketIsToldToNobodyCannotBeGuessedAndOpensNothing() {
		Visitor one = new Visitor(this.container, "ids");
		Visitor two = new Visitor(this.container, "ids");
		Socket victim = subscriber(one);
		Socket attacker = subscriber(two);
		UUID id = socketId(one);
		UUID other = socketId(two);

		assertThat(id.getMostSignificantBits() >>> 32).isNotEqualTo(other.getMostSignificantBits() >>> 32);
		assertThat(id.getLeastSignificantBits() & 0xFFFFFFFFFFFFL)
			.isNotEqualTo(other.getLeastSignificantBits() & 0xFFFFFFFFFFFFL);
		stillGreets(victim);
		assertThat(attacker.awaitMessage("reply").toString()).doesNotContain(id.toString());
		String queue = "/queue/errors-user" + id;
		attacker.subscribe("grab", queue);
		answered(attacker, "destination-not-allowed");
		attacker.send(queue, "forged");
		answered(attacker, "destination-not-allowed");
		victim.send("/app/message", "{}");
		assertThat(victim.awaitMessage("errors").body()).contains("name-missing");
		stillGreets(attacker);
		assertThat(attacker.rest()).noneSatisfy((frame) -> assertThat(frame.header("subscription")).isEqualTo("grab"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/topic/reply", "/queue/a", "/user/ada/queue/errors", "/topic/", "reply",
			"/app/../topic/reply", "/topic/reply\\n", "/APP/message" })
	void aSendPastTheApplicationReachesNobody(String destination) {
		Socket socket = subscriber();
		Socket other = subscriber();

		socket.send(destination, "forged");

		answered(socket, "destination-not-allowed");
		socket.send("/app/message", "{\"name\":\"true\"}");
		assertThat(other.awaitMessage("reply").body()).isEqualTo("true");
	}

	@ParameterizedTest
	@ValueSource(strings = { "x:a\\nforged:1", "x:a\\c1", "x\\nforged:1", "forged:1", "subscription:forged",
			"message-id:forged", "simpSessionId:forged", "nativeHeaders:forged", "content-type:application/forged" })
	void noHeaderOfASenderReachesAReceiver(String header) {
		Socket other = subscriber();
		Socket socket = subscriber();

		socket.send("SEND\ndestination:/app/message\n" + header + "\n\n{\"name\":\"plain\"}\0");

		if (!header.startsWith("content-type")) {
			Frame reply = other.awaitMessage("reply");
			assertThat(reply.body()).isEqualTo("plain");
			assertThat(reply.headers().toString()).doesNotContain("forged");
		}
		stillGreets(other);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\\nforged:1", "a\\r\\nforged:1", "a\\\\nforged:1", "a\nb:\u0000SEND" })
	void aNameIsBodyAndNeverBecomesAHeader(String name) {
		Socket other = subscriber();
		Socket socket = subscriber();

		socket.send("/app/message", "{\"name\":\"" + name.replace("\n", "\\n").replace("\0", "") + "\"}");

		Frame reply = other.awaitMessage("reply");
		assertThat(reply.headers()).doesNotContainKeys("forged", "b");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			malformed-frame   | SEND\\rdestination:/app/message\\n\\n{}\\0
			malformed-frame   | SEND\\ndestination:/app/message\\rforged:1\\n\\n{}\\0
			malformed-frame   | SEND\\ndestination:/app/message\\nx:a\\\\tb\\n\\n{}\\0
			malformed-frame   | SEND\\ndestination:/app/message\\ncontent-length:1\\n\\n{}\\0
			malformed-frame   | send\\ndestination:/app/message\\n\\n{}\\0
			malformed-frame   | SUBSCRIBE\\ndestination:/topic/reply\\n\\n\\0
			malformed-frame   | SUBSCRIBE\\nid:9\\ndestination:/topic/reply\\n\\nbody\\0
			unexpected-frame  | STOMP\\naccept-version:1.2\\n\\n\\0
			""")
	void aFrameThatIsNoneClosesTheSocket(String code, String frame) {
		Socket socket = subscriber();

		socket.send(frame.replace("\\\\", "\u0001")
			.replace("\\n", "\n")
			.replace("\\r", "\r")
			.replace("\\0", "\0")
			.replace("\u0001", "\\"));

		closed(socket, code);
	}

	@ParameterizedTest
	@ValueSource(strings = { "1.0", "1.0,1.1" })
	void anOldVersionOpensNothingThatANewOneShuts(String versions) {
		Socket socket = visitor().open("v10.stomp");
		socket.send("CONNECT\naccept-version:" + versions + "\n\n\0").await("CONNECTED");
		socket.subscribe("errors", "/user/queue/errors").subscribe("reply", "/topic/reply");

		socket.send("/topic/reply", "forged");

		answered(socket, "destination-not-allowed");
		stillGreets(socket);
	}

	@Test
	void aVersionOfTheFutureIsToldWhichThereAre() {
		Socket socket = visitor().open("v12.stomp");

		socket.send("CONNECT\naccept-version:2.0\n\n\0");

		assertThat(closed(socket, "version-not-supported").header("version")).isEqualTo("1.0,1.1,1.2");
	}

	@Test
	void aConnectWithoutAVersionIsOneOfTheFirst() {
		Socket socket = visitor().open("v12.stomp");

		Frame connected = socket.send("CONNECT\n\n\0").await("CONNECTED");

		assertThat(connected.header("version")).isEqualTo("1.0");
	}

	@Test
	void tooManyHeadersCloseTheSocket() {
		Socket socket = subscriber();

		socket.send("SEND\ndestination:/app/message\nreceipt:r1\n" + "a:b\n".repeat(100) + "\n{}\0");

		Frame error = closed(socket, "too-many-headers");
		assertThat(error.body()).contains("at most 100");
		assertThat(error.header("receipt-id")).isEqualTo("r1");
	}

	@Test
	void aGiganticHeaderClosesTheSocket() {
		Socket socket = subscriber();

		socket.send("SEND\ndestination:/app/message\nx:" + "y".repeat(9_000) + "\n\n{}\0");

		assertThat(closed(socket, "header-too-long").body()).contains("8192");
	}

	@Test
	void aFrameUpToTheLimitArrivesInOneMessage() {
		Socket socket = subscriber();
		String space = " ".repeat(60 * 1024);

		socket.send("/app/message", "{\"name\":\"Zoë 🦊\"" + space + "}");

		assertThat(socket.awaitMessage("reply").body()).isEqualTo("Zoë 🦊");
	}

	@Test
	void aCharacterIsWholeWhereverTheBuffersOfTheContainerEnd() {
		Socket socket = subscriber();

		for (String shift : List.of("", " ", "  ", "   ")) {
			socket.send("/app/message",
					"{\"ignored\":\"" + "🦊".repeat(10_000) + "\",\"name\":\"Zoë" + shift + "🦊\"}");

			assertThat(socket.awaitMessage("reply").body()).isEqualTo("Zoë" + shift + "🦊");
		}
	}

	@Test
	void aFrameOverTheLimitGetsOneClearError() {
		Socket socket = subscriber();

		socket.trySend("SEND\ndestination:/app/message\n\n{\"name\":\"a\"" + " ".repeat(70 * 1024) + "}\0");

		assertThat(closed(socket, "frame-too-large").body())
			.isEqualTo("The frame is too large: send at most 65536 bytes.");
		assertThat(socket.rest()).isEmpty();
	}

	@Test
	void aContentLengthBeyondReasonReservesNothing() {
		Socket socket = subscriber();

		socket.send("SEND\ndestination:/app/message\ncontent-length:2000000000\n\n{");

		closed(socket, "frame-too-large");
	}

	@Test
	void deepJsonIsAnsweredAndDoesNoHarm() {
		Socket socket = subscriber();

		socket.send("/app/message", "{\"name\":" + "[".repeat(30_000) + "]".repeat(30_000) + "}");

		answered(socket, "not-readable");
		stillGreets(socket);
	}

	@Test
	void moreSubscriptionsThanAllowedAreAnswered() {
		Socket socket = subscriber();

		for (int i = 0; i < 98; i++) {
			socket.subscribe("s" + i, "/topic/none");
		}
		socket.subscribe("over", "/topic/none");

		answered(socket, "too-many-subscriptions");
		socket.send("UNSUBSCRIBE\nid:s0\n\n\0").subscribe("over", "/topic/reply");
		socket.send("/app/message", "{\"name\":\"room\"}");
		assertThat(socket.awaitMessage("over").body()).isEqualTo("room");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "\n", "x", "SEND\ndestination:/app/message\n\n\0", "SEND\ndestination:/topic/reply\n\n\0" })
	void aFloodIsCutOff(String message) {
		Socket socket = visitor().connect();

		for (int i = 0; i < 2_000 && socket.isOpen(); i++) {
			socket.trySend(message);
		}

		assertThat(socket.awaitEnd()).isIn("1008 too-many-frames", "reset");
		assertThat(this.container.log()).contains("too-many-frames");
	}

	@Test
	void aFloodInOneMessageIsCutOffWithOneError() {
		Socket socket = visitor().connect();

		socket.send("SEND\ndestination:/app/message\n\n\0".repeat(1_000));

		closed(socket, "too-many-frames");
		assertThat(socket.rest()).isEmpty();
	}

	@Test
	void moreSocketsThanASessionMayHaveAreRefused() {
		Visitor visitor = new Visitor(this.container, "narrow");
		visitor.connect();
		Socket second = visitor.connect();
		Handshake third = Handshake.at(this.container.url("narrow", "/greeting"),
				"Cookie: JSESSIONID=" + visitor.sessionId());

		assertThat(third.status()).isEqualTo(429);
		assertThat(third.body())
			.isEqualTo("This session has as many connections open as it may have: close one of its tabs.");
		second.assertOpen();
	}

	@Test
	void moreSessionsThanAnAddressMayHaveAreRefusedAndAProxyIsBelievedWhoTheyAre() {
		URI endpoint = this.container.url("proxied", "/greeting");
		Socket ada = new Visitor(this.container, "proxied").open(Map.of("X-Forwarded-For", "192.0.2.1"), "v12.stomp")
			.connect();
		Handshake another = from(endpoint, "192.0.2.1");
		Handshake invented = from(endpoint, "198.51.100.1, 192.0.2.1");
		Handshake bob = from(endpoint, "192.0.2.2");

		assertThat(List.of(another, invented)).allSatisfy((refused) -> {
			assertThat(refused.status()).isEqualTo(429);
			assertThat(refused.body())
				.isEqualTo("As many sessions as may be are connected from this address: end one of them, or wait.");
		});
		assertThat(bob.status()).isEqualTo(101);
		assertThat(ada.send("DISCONNECT\n\n\0").awaitClose().status()).isEqualTo(1000);
	}

	@Test
	void whoIsNoProxyIsNotBelieved() {
		Handshake handshake = Handshake.at(this.container.url(APPLICATION, "/greeting"), "X-Forwarded-Proto: https",
				"X-Forwarded-Host: evil.example", "Forwarded: proto=https;host=evil.example",
				"Origin: https://evil.example");

		assertThat(handshake.status()).isEqualTo(403);
	}

	@Test
	void aRefusalClosesTheSocketWhereTheSettingSaysSo() {
		Socket socket = new Visitor(this.container, "strict").connect();

		socket.send("SEND\ndestination:/topic/reply\nreceipt:r7\n\nforged\0");

		assertThat(closed(socket, "destination-not-allowed").header("receipt-id")).isEqualTo("r7");
	}

	@Test
	void compressionIsOfferedInVainAndACompressedFrameBreaksTheSocket() throws IOException {
		URI endpoint = this.container.url(APPLICATION, "/greeting");
		try (java.net.Socket connection = new java.net.Socket(endpoint.getHost(), endpoint.getPort())) {
			connection.setSoTimeout((int) Deadlines.ANY.toMillis());
			OutputStream out = connection.getOutputStream();
			out.write(("GET " + endpoint.getRawPath() + " HTTP/1.1\r\nHost: " + endpoint.getAuthority()
					+ "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
					+ "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
					+ "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n")
				.getBytes(StandardCharsets.ISO_8859_1));
			DataInputStream in = new DataInputStream(connection.getInputStream());
			String head = head(in);
			// FIN and RSV1, text, masked with zeros: a bomb if anything unfolded it.
			out.write(new byte[] { (byte) 0xC1, (byte) 0x82, 0, 0, 0, 0, 0x03, 0x00 });

			assertThat(head).startsWith("HTTP/1.1 101").doesNotContainIgnoringCase("Sec-WebSocket-Extensions");
			assertThat(in.readUnsignedByte()).as("a close frame").isEqualTo(0x88);
			byte[] close = in.readNBytes(in.readUnsignedByte());
			// RFC 6455, section 5.2, leaves the status open; one Undertow says 1003.
			assertThat(((close[0] & 0xFF) << 8) | (close[1] & 0xFF)).isIn(1002, 1003);
		}
	}

	private Visitor visitor() {
		return new Visitor(this.container, APPLICATION);
	}

	private Socket subscriber() {
		return subscriber(visitor());
	}

	private Socket subscriber(Visitor visitor) {
		Socket socket = visitor.connect().subscribe("errors", "/user/queue/errors").subscribe("reply", "/topic/reply");
		this.sessionIds.add(visitor.sessionId());
		socket.send("/app/message", "").awaitMessage("errors");
		return socket;
	}

	private void answered(Socket socket, String code) {
		Frame answer = socket.awaitMessage("errors");
		this.answers.add(answer);
		assertThat(answer.body()).contains("\"error\":\"" + code + "\"").contains("\"message\":\"");
	}

	private Frame closed(Socket socket, String code) {
		Frame error = socket.await("ERROR");
		this.answers.add(error);
		Socket.Close close = socket.awaitClose();
		assertThat(error.header("message")).isEqualTo(code);
		assertThat(error.body()).isNotBlank();
		assertThat(close.status()).isEqualTo(1008);
		assertThat(close.reason()).isEqualTo(code);
		return error;
	}

	private static void stillGreets(Socket socket) {
		socket.send("/app/message", "{\"name\":\"still here\"}");

		assertThat(socket.awaitMessage("reply", "still here").body()).isEqualTo("still here");
	}

	// Operators alone see it.
	private UUID socketId(Visitor visitor) {
		Visitor operator = new Visitor(this.container, "ids");
		operator.login("operator", "sesame");
		String link = visitor.get("/session").body().replaceAll(".*\"link\":\"(\\w+)\".*", "$1");
		String details = operator.get("/operator/links/" + link).body();
		Matcher id = Pattern.compile("[0-9a-f-]{36}").matcher(details);
		assertThat(id.find()).as(details).isTrue();
		return UUID.fromString(id.group());
	}

	private static Handshake from(URI endpoint, String forwardedFor) {
		return Handshake.at(endpoint, "X-Forwarded-For: " + forwardedFor, "X-Forwarded-Proto: https",
				"X-Forwarded-Host: chat.example", "Origin: https://chat.example");
	}

	private static String head(DataInputStream in) throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			head.append((char) in.readUnsignedByte());
		}
		return head.toString();
	}

}
