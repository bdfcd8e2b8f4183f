package org.sessionlink.journey;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.journey.shop.Shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * B12: logins, logouts and new roles under open sockets; and what Spring Security guards.
 */
@OnEveryContainer
class LoginIT {

	private static final String STAFF = "sessionlink.destinations.subscribe="
			+ "/topic/staff/**=STAFF, /topic/**, /queue/**, /user/queue/**\n";

	private static final String TOKEN = "what-a-collector-shows";

	private final Container container;

	LoginIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		War login = War.withSettings("sessionlink.operator.name=ada\nsessionlink.operator.password=correct horse\n"
				+ "sessionlink.metrics.token=" + TOKEN);
		War staff = War.embedding(Shop.class.getPackage(), STAFF);
		War closing = War.embedding(Shop.class.getPackage(), STAFF + "sessionlink.user-change=close");
		War crowded = War.embedding(Shop.class.getPackage(), STAFF + "sessionlink.limits.sessions-per-user=3");
		War once = War.withSettings("""
				sessionlink.operator.name=ada
				sessionlink.operator.password=correct horse
				sessionlink.limits.sessions-per-user=1
				sessionlink.limits.sessions-per-user.when=refuse-new
				""");
		SharedContainers.deploy(LoginIT.class,
				Map.of("login", login, "staff", staff, "closing", closing, "crowded", crowded, "once", once));
	}

	@Test
	void aLoginKeepsTheLinkAndChangesTheSessionsIdAndItsSocketsComeBackWithIt() {
		Visitor visitor = new Visitor(this.container, "login");
		Socket before = visitor.connect();
		String link = visitor.link();
		String sessionId = visitor.sessionId();

		HttpResponse<String> answer = visitor.login("ada", "correct horse");

		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.body()).isEqualTo("{\"principal\":\"ada\",\"roles\":[\"OPERATOR\"]}");
		assertThat(visitor.sessionId()).isNotEqualTo(sessionId);
		assertThat(visitor.link()).isEqualTo(link);
		assertThat(visitor.get("/session").body()).contains("\"principal\":\"ada\"");
		assertRenewed(before);
		Socket after = visitor.connect().subscribe("reply", "/topic/reply");
		assertThat(after.send("/app/message", "{\"name\":\"here again\"}").awaitMessage("reply").body())
			.isEqualTo("here again");
		assertThat(visitor.link()).isEqualTo(link);
	}

	@Test
	void noHandshakeThatIsMalformedIsOneThatTheServerHasFailedAt() {
		List<String> headers = List.of("Sec-WebSocket-Key: %", "Sec-WebSocket-Key: " + "x".repeat(4000),
				"Sec-WebSocket-Extensions: ;;=",
				"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=99",
				"Sec-WebSocket-Extensions: permessage-deflate; x=\"", "Sec-WebSocket-Protocol: , ,;\u0001",
				"Sec-WebSocket-Protocol: " + "a,".repeat(1000), "Sec-WebSocket-Version: -1",
				"Sec-WebSocket-Version: 13, 13", "Origin: %%%", "Origin: http://[", "Host: ", "Content-Length: 4",
				"Transfer-Encoding: chunked", "Expect: 100-continue", "Cookie: JSESSIONID=\"", "Upgrade: h2c",
				"Forwarded: for=\"[\"", "X-Forwarded-Host: [", "User-Agent: " + "x".repeat(4000));
		Visitor collector = new Visitor(this.container, "login");

		for (String path : List.of("/greeting", "/greeting?a=%zz", "/greeting;a=b")) {
			headers.forEach((header) -> assertThat(handshake(path, header)).doesNotContain(" 500 "));
		}

		String metrics = collector.request("GET", "/metrics", Map.of("Authorization", "Bearer " + TOKEN)).body();
		assertThat(Metrics.of(metrics).number("sessionlink_handshake_seconds_count{outcome=\"refused\"}")).isPositive();
		assertThat(Metrics.of(metrics).number("sessionlink_handshake_seconds_count{outcome=\"failed\"}")).isZero();
	}

	private String handshake(String path, String header) {
		String name = header.substring(0, header.indexOf(':') + 1);
		String rest = Stream
			.of("Host: 127.0.0.1", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
					"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
			.filter((line) -> !line.startsWith(name))
			.collect(Collectors.joining("\r\n"));
		URI url = this.container.url("login", "/");
		try (java.net.Socket connection = new java.net.Socket(url.getHost(), url.getPort())) {
			connection.setSoTimeout(1000);
			connection.getOutputStream()
				.write(("GET /login" + path + " HTTP/1.1\r\n" + rest + "\r\n" + header + "\r\n\r\n")
					.getBytes(StandardCharsets.ISO_8859_1));
			byte[] some = new byte[60];
			int read = connection.getInputStream().read(some);
			return new String(some, 0, Math.max(0, read), StandardCharsets.ISO_8859_1).lines()
				.findFirst()
				.orElse("closed");
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	@Test
	void metricsAreForWhoIsLoggedInAsAnOperatorAndForWhoShowsTheToken() {
		Visitor visitor = new Visitor(this.container, "login");
		HttpResponse<String> nobody = visitor.get("/metrics");
		HttpResponse<String> collector = visitor.request("GET", "/metrics", Map.of("Authorization", "Bearer " + TOKEN));
		HttpResponse<String> guess = visitor.request("GET", "/metrics", Map.of("Authorization", "Bearer guess"));
		assertThat(visitor.sessionId()).isNull();
		visitor.login("ada", "correct horse");
		HttpResponse<String> operator = visitor.get("/metrics");

		assertThat(nobody.statusCode()).isEqualTo(401);
		assertThat(nobody.body()).startsWith("{\"error\":\"login-required\"");
		assertThat(guess.statusCode()).isEqualTo(401);
		assertThat(Metrics.of(collector.body()).number("sessionlink_links")).isNotNegative();
		assertThat(Metrics.of(operator.body()).number("sessionlink_links")).isPositive();
		assertThat(operator.headers().firstValue("Content-Type")).get()
			.asString()
			.startsWith("text/plain;")
			.contains("version=0.0.4");
		// The token opens nothing else.
		assertThat(new Visitor(this.container, "login")
			.request("GET", "/operator/links", Map.of("Authorization", "Bearer " + TOKEN))
			.statusCode()).isEqualTo(401);
	}

	@Test
	void aNewIdAloneKeepsTheSocketsOfWhoIsLoggedIn() {
		Visitor visitor = new Visitor(this.container, "login");
		visitor.login("ada", "correct horse");
		Socket socket = visitor.connect().subscribe("reply", "/topic/reply");

		assertThat(visitor.change("POST", "/session/rotate").statusCode()).isEqualTo(200);

		assertThat(socket.send("/app/message", "{\"name\":\"still here\"}").awaitMessage("reply").body())
			.isEqualTo("still here");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void anAttackersSocketUnderAPlantedIdNeverHasWhatItsVictimMay(boolean idFirst) {
		Visitor victim = new Visitor(this.container, "staff");
		victim.get("/be?name=guest");
		victim.get("/forget");
		String planted = victim.sessionId();
		Socket socket = attacker(planted).subscribe("me", "/user/queue/me").subscribe("secret", "/topic/staff/plans");
		assertThat(whoami(socket)).endsWith(" nobody");
		socket.rest();

		victim.get("/enter?name=ada&role=STAFF&idFirst=" + idFirst);
		socket.trySend("SUBSCRIBE\nid:again\ndestination:/topic/staff/plans\n\n\0");
		socket.trySend("SEND\ndestination:/app/whoami\n\n\0");
		victim.get("/publish?destination=/topic/staff/plans&text=plan");
		victim.get("/tell?name=ada&text=hello");

		assertThat(socket.awaitEnd()).isIn("1013 session-renewed", "reset");
		assertThat(socket.rest())
			.allSatisfy((frame) -> assertThat(frame.body()).doesNotContain("ada", "plan", "hello"));
		assertThat(whoami(attacker(planted).subscribe("me", "/user/queue/me"))).endsWith(" nobody");
		Socket own = victim.connect().subscribe("me", "/user/queue/me").subscribe("secret", "/topic/staff/plans");
		assertThat(whoami(own)).endsWith(" ada");
		victim.get("/publish?destination=/topic/staff/plans&text=plan");
		assertThat(own.awaitMessage("secret").body()).isEqualTo("plan");
	}

	private Socket attacker(String planted) {
		return new Visitor(this.container, "staff").open(Map.of("Cookie", "JSESSIONID=" + planted), "v12.stomp")
			.connect();
	}

	private static void assertRenewed(Socket socket) {
		assertThat(socket.awaitClose()).extracting(Socket.Close::status, Socket.Close::reason)
			.containsExactly(1013, "session-renewed");
		Frame error = socket.await("ERROR");
		assertThat(error.header("message")).isEqualTo("session-renewed");
		assertThat(error.header("retry-after")).isEqualTo("0");
	}

	@Test
	void aLogoutEndsTheSessionAndItsSockets() {
		Visitor visitor = new Visitor(this.container, "login");
		visitor.login("ada", "correct horse");
		Socket one = visitor.connect();
		Socket two = visitor.connect();

		int status = visitor.change("POST", "/logout").statusCode();

		assertThat(status).isEqualTo(204);
		assertThat(one.awaitClose().reason()).isEqualTo("session-ended");
		assertThat(two.awaitClose().reason()).isEqualTo("session-ended");
		assertThat(visitor.get("/login").body()).isEqualTo("{\"principal\":null,\"roles\":[]}");
	}

	@Test
	void aWrongPasswordIsRefusedAndChangesNothing() {
		Visitor visitor = new Visitor(this.container, "login");
		Socket socket = visitor.connect();
		String sessionId = visitor.sessionId();

		HttpResponse<String> answer = visitor.login("ada", "guess");

		assertThat(answer.statusCode()).isEqualTo(401);
		assertThat(answer.body()).contains("\"error\":\"login-refused\"").doesNotContain("Exception", "guess");
		assertThat(visitor.sessionId()).isEqualTo(sessionId);
		socket.assertOpen();
	}

	@Test
	void whatChangesSomethingIsRefusedWithoutTheToken() {
		Visitor visitor = new Visitor(this.container, "login");
		Socket socket = visitor.connect();

		HttpResponse<String> answer = visitor.request("DELETE", "/session");

		assertThat(answer.statusCode()).isEqualTo(403);
		assertThat(answer.body()).contains("\"error\":\"csrf-token-invalid\"");
		assertThat(visitor.request("POST", "/logout").statusCode()).isEqualTo(403);
		assertThat(visitor.request("POST", "/login").statusCode()).isEqualTo(403);
		assertThat(visitor.get("/session").statusCode()).isEqualTo(200);
		socket.assertOpen();
	}

	@Test
	void theOperatorsAreaIsForOperatorsAlone() {
		Visitor visitor = new Visitor(this.container, "login");

		HttpResponse<String> anonymous = visitor.get("/operator/links");
		visitor.login("ada", "correct horse");
		int operator = visitor.get("/operator/links").statusCode();

		assertThat(anonymous.statusCode()).isEqualTo(401);
		assertThat(anonymous.body()).contains("\"error\":\"login-required\"");
		assertThat(anonymous.headers().allValues("Set-Cookie")).isEmpty();
		assertThat(operator).isNotIn(401, 403);
	}

	@Test
	void withoutASettingTheOperatorsPasswordIsMadeAndLogged() {
		assertThat(this.container.log())
			.containsPattern("Operator 'operator' may log in with the password [\\w-]{20}, made for this start: ");
		assertThat(this.container.log()).doesNotContain("correct horse");
	}

	@Test
	void anOpenSocketFollowsLoginAndLogoutUnderItsSession() {
		Visitor visitor = new Visitor(this.container, "staff");
		Socket socket = visitor.connect().subscribe("me", "/user/queue/me");

		String anonymous = whoami(socket);
		visitor.get("/be?name=ada");
		String ada = whoami(socket);
		visitor.get("/be?name=bob");
		String bob = whoami(socket);
		visitor.get("/forget");

		assertThat(anonymous).endsWith(" nobody");
		assertThat(ada).endsWith(" ada");
		assertThat(bob).endsWith(" bob");
		assertThat(whoami(socket)).endsWith(" nobody");
	}

	@Test
	void messagesToAUserReachTheSocketFromTheLoginToTheLogout() {
		Visitor visitor = new Visitor(this.container, "staff");
		Socket socket = visitor.connect().subscribe("me", "/user/queue/me");
		whoami(socket);

		visitor.get("/be?name=carol");
		// Who sends to users finds her a moment after her session does.
		await().until(() -> {
			visitor.get("/tell?name=carol&text=ready");
			return socket.rest().stream().anyMatch((frame) -> frame.body().equals("ready"));
		});
		visitor.get("/tell?name=carol&text=hello");
		Frame heard = socket.awaitMessage("me", "hello");
		visitor.get("/forget");
		visitor.get("/tell?name=carol&text=unheard");

		assertThat(heard.body()).isEqualTo("hello");
		assertThat(whoami(socket)).endsWith(" nobody");
	}

	@Test
	void aContextThatIsChangedInPlaceIsFollowedToo() {
		Visitor visitor = new Visitor(this.container, "staff");
		Socket socket = visitor.connect().subscribe("me", "/user/queue/me");
		visitor.get("/be?name=ada");

		visitor.get("/become?name=dora");

		// At the end of a request, which its client may hear of before.
		await().untilAsserted(() -> assertThat(whoami(socket)).endsWith(" dora"));
	}

	@Test
	void whoLosesARoleLosesWhatNeedsItAndIsTold() {
		Visitor visitor = new Visitor(this.container, "staff");
		visitor.get("/be?name=ada&role=STAFF");
		Socket socket = visitor.connect()
			.subscribe("session", "/user/queue/session")
			.subscribe("me", "/user/queue/me")
			.subscribe("secret", "/topic/staff/plans")
			.subscribe("news", "/topic/news");
		whoami(socket);
		visitor.get("/publish?destination=/topic/staff/plans&text=plan");
		assertThat(socket.awaitMessage("secret").body()).isEqualTo("plan");

		visitor.get("/be?name=ada&role=GUEST");
		Frame told = socket.awaitMessage("session", "REVOKED");
		visitor.get("/publish?destination=/topic/staff/plans&text=unheard");
		visitor.get("/publish?destination=/topic/news&text=heard");

		assertThat(told.body()).contains("\"subscription\":\"secret\"", "\"destination\":\"/topic/staff/plans\"");
		assertThat(socket.next().body()).isEqualTo("heard");
	}

	@Test
	void whoLogsOutUnderAnOpenSocketLosesWhatNeedsARole() {
		Visitor visitor = new Visitor(this.container, "staff");
		visitor.get("/be?name=ada&role=STAFF");
		Socket socket = visitor.connect()
			.subscribe("session", "/user/queue/session")
			.subscribe("me", "/user/queue/me")
			.subscribe("secret", "/topic/staff/plans");
		whoami(socket);

		visitor.get("/forget");

		assertThat(socket.awaitMessage("session", "REVOKED").body()).contains("\"subscription\":\"secret\"");
		socket.assertOpen();
	}

	@Test
	void whereTheSettingsSaySoAnotherUserClosesTheSocketsAndNotTheLink() {
		Visitor visitor = new Visitor(this.container, "closing");
		visitor.get("/be?name=ada");
		Socket socket = visitor.connect();
		String sessionId = visitor.sessionId();

		visitor.get("/be?name=bob");

		assertThat(socket.awaitClose()).extracting(Socket.Close::status, Socket.Close::reason)
			.containsExactly(1008, "session-user-changed");
		assertThat(socket.await("ERROR").header("message")).isEqualTo("session-user-changed");
		visitor.connect().assertOpen();
		assertThat(visitor.sessionId()).isEqualTo(sessionId);
	}

	@Test
	void aPersonSeesTheirOwnSessionsAndEndsThem() {
		Visitor desk = new Visitor(this.container, "login");
		Visitor phone = new Visitor(this.container, "login");
		desk.login("ada", "correct horse");
		phone.login("ada", "correct horse");
		Socket socket = phone.connect();
		String link = phone.link();

		String mine = desk.get("/session/mine").body();
		HttpResponse<String> answer = desk.change("DELETE", "/session/mine/" + link);

		assertThat(mine).startsWith("[{\"link\":\"" + desk.link() + "\",\"current\":true,");
		assertThat(mine).containsPattern("\\{\"link\":\"" + link + "\",\"current\":false,[^}]*"
				+ "\"address\":\"127.0.0.1\",\"browser\":\"Unknown browser\",\"sockets\":1}");
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.body()).startsWith("{\"links\":[\"" + link + "\"],\"sockets\":[\"");
		assertThat(socket.awaitClose().reason()).isEqualTo("session-kicked");
		assertThat(desk.change("DELETE", "/session/mine/" + desk.link()).statusCode()).isEqualTo(200);
		await().untilAsserted(() -> assertThat(desk.get("/session/mine").statusCode()).isEqualTo(401));
	}

	@Test
	void ofFiftyLoginsAtOnceThreeStayAndTheOthersHaveEndedWithTheirSockets() throws Exception {
		List<Visitor> visitors = IntStream.range(0, 50)
			.mapToObj((i) -> new Visitor(this.container, "crowded"))
			.toList();
		List<Socket> sockets = visitors.stream().map(Visitor::connect).toList();
		ExecutorService threads = Executors.newFixedThreadPool(50);

		threads.invokeAll(
				visitors.stream().<Callable<Object>>map((visitor) -> () -> visitor.get("/be?name=ada")).toList());
		threads.shutdown();

		await().untilAsserted(() -> assertThat(sockets).filteredOn(Socket::isOpen).hasSize(3));
		assertThat(sockets).filteredOn((socket) -> !socket.isOpen())
			.allSatisfy((socket) -> assertThat(socket.awaitClose().reason()).isEqualTo("session-replaced"));
		assertThat(sockets).filteredOn(Socket::isOpen)
			.hasSize(3)
			.allSatisfy((socket) -> assertThat(socket.whoami()).endsWith(" ada"));
	}

	@Test
	void aLoginTooManyIsRefusedUntilALogoutElsewhere() {
		Visitor first = new Visitor(this.container, "once");
		Visitor second = new Visitor(this.container, "once");
		first.login("ada", "correct horse");

		HttpResponse<String> refused = second.login("ada", "correct horse");
		int again = first.login("ada", "correct horse").statusCode();
		String nobody = second.get("/login").body();
		first.change("POST", "/logout");
		HttpResponse<String> loggedIn = second.login("ada", "correct horse");

		assertThat(refused.statusCode()).isEqualTo(409);
		assertThat(refused.body()).isEqualTo("{\"error\":\"too-many-user-sessions\","
				+ "\"message\":\"You are logged in as often as you may be: log out elsewhere first.\"}");
		assertThat(again).isEqualTo(200);
		assertThat(nobody).startsWith("{\"principal\":null");
		assertThat(loggedIn.statusCode()).isEqualTo(200);
	}

	private static String whoami(Socket socket) {
		return socket.send("/app/whoami", "").awaitMessage("me").body();
	}

}
