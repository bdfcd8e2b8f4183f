package org.sessionlink.journey;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.journey.shop.Shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** G3, G4, G8, B3, B11, B14, B17, B24, B28, B30 and B33 in somebody else's WAR. */
@OnEveryContainer
class EmbeddingIT {

	private final Container container;

	EmbeddingIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		SharedContainers.deploy(EmbeddingIT.class,
				War.embedding(Shop.class.getPackage(), "sessionlink.handshake-attributes=colour"), "shop");
	}

	@Test
	void aSocketHasTheIdOfItsHttpSessionAndTheAttributesAskedFor() {
		Visitor visitor = new Visitor(this.container, "shop");
		visitor.get("/colour?value=green");

		Socket socket = visitor.connect();

		String id = visitor.sessionId().split("\\.")[0];
		assertThat(socket.whoami()).startsWith(id).endsWith(" green null nobody");
	}

	@Test
	void theBrowserModuleComesWithTheJar() {
		HttpResponse<String> module = new Visitor(this.container, "shop").get("/lib/session-link/session-link.js");

		assertThat(module.statusCode()).isEqualTo(200);
		// Each container has its own, and browsers run both.
		assertThat(module.headers().firstValue("Content-Type").orElse(""))
			.containsPattern("^(text|application)/javascript");
		assertThat(module.body()).contains("export class SessionLink");
	}

	@Test
	void thePrincipalOfTheRequestIsThePrincipalOfTheSocket() {
		Socket socket = new Visitor(this.container, "shop").open(Map.of("Customer", "ada"), "v12.stomp").connect();

		assertThat(socket.whoami()).endsWith(" ada");
	}

	@Test
	void aClientKnowsUnderWhichSessionItIsAndLearnsHowThatHasEnded() {
		Visitor visitor = new Visitor(this.container, "shop");
		Socket socket = visitor.open("v12.stomp");
		String link = socket.connect("").header("session");
		String mine = visitor.get("/session").body();
		String sockets = visitor.get("/session/sockets").body();

		HttpResponse<String> end = visitor.request("DELETE", "/session");

		assertThat(mine).startsWith("{\"link\":\"" + link + "\",\"principal\":null,\"roles\":[],");
		assertThat(sockets)
			.matches("\\[\\{\"socket\":\"[\\w-]+\",\"openedAt\":\"20[^\"]*Z\",\"connected\":true,\"principal\":null}]");
		assertThat(end.statusCode()).isEqualTo(204);
		assertThat(socket.awaitClose().reason()).isEqualTo("session-ended");
		assertThat(visitor.get("/session/end?link=" + link).body()).isEqualTo("{\"cause\":\"session-ended\"}");
		assertThat(visitor.get("/session").statusCode()).isEqualTo(404);
		assertThat(visitor.request("POST", "/session", Map.of("Origin", "https://evil.test")).statusCode())
			.isEqualTo(403);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/counter", "/counter-js/websocket" })
	void whomTheApplicationsHandshakeHandlerDeterminesIsFoundByName(String endpoint) {
		Visitor visitor = new Visitor(this.container, "shop");
		String name = "guest" + System.nanoTime();
		Socket socket = visitor.openAt(endpoint, Map.of("Name", name, "Customer", "ada"), "v12.stomp");
		socket.send("CONNECT\naccept-version:1.2\nheart-beat:0,0\n\n\0");
		String userName = socket.await("CONNECTED").header("user-name");
		assertThat(socket.subscribe("me", "/user/queue/me").whoami()).endsWith(" " + name);

		visitor.get("/tell?name=" + name + "&text=hello");
		Frame told = socket.awaitMessage("me");
		visitor.get("/end");

		assertThat(userName).isEqualTo(name);
		assertThat(told.body()).isEqualTo("hello");
		assertThat(socket.awaitClose().reason()).isEqualTo("session-ended");
		assertThat(socket.await("ERROR").header("message")).isEqualTo("session-ended");
	}

	@Test
	void aSocketLivesOnWhenItsSessionGetsANewId() {
		Visitor visitor = new Visitor(this.container, "shop");
		Socket socket = visitor.connect();
		String before = visitor.sessionId();

		visitor.get("/rotate");

		assertThat(visitor.sessionId()).isNotEqualTo(before);
		assertThat(socket.whoami()).startsWith(visitor.sessionId().split("\\.")[0]);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "ada" })
	void aSessionThatAnyServletEndsClosesItsSocketsAnonymousOrNot(String customer) {
		for (int i = 0; i < 20; i++) {
			Visitor visitor = new Visitor(this.container, "shop");
			Map<String, String> headers = customer.isEmpty() ? Map.of() : Map.of("Customer", customer);
			Socket socket = visitor.open(headers, "v12.stomp").connect();

			visitor.get("/end");

			assertThat(socket.awaitClose()).extracting(Socket.Close::status, Socket.Close::reason)
				.containsExactly(1008, "session-ended");
			assertThat(socket.await("ERROR").header("message")).isEqualTo("session-ended");
		}
	}

	@Test
	void aSessionThatAFilterKeepsAsSpringSessionDoesClosesItsSocketsAsItEnds() {
		Visitor visitor = new Visitor(this.container, "shop");
		Map<String, String> own = Map.of("Own-Session", "own" + System.nanoTime());
		Socket socket = visitor.open(own, "v12.stomp").connect();
		assertThat(visitor.request("GET", "/colour?value=green", own).statusCode()).isEqualTo(200);

		visitor.request("GET", "/end", own);

		assertThat(socket.awaitClose()).extracting(Socket.Close::status, Socket.Close::reason)
			.containsExactly(1008, "session-ended");
	}

	@Test
	void theServersOwnCodeEndsALinkItsSocketsAndItsSession() {
		Visitor visitor = new Visitor(this.container, "shop");
		Socket socket = visitor.connect();
		String sessionId = visitor.sessionId();

		visitor.get("/kick");

		assertThat(socket.awaitClose().reason()).isEqualTo("session-kicked");
		visitor.get("/colour?value=red");
		assertThat(visitor.sessionId()).isNotEqualTo(sessionId);
	}

	@Test
	void aFrameThatIsSentAfterTheEndReachesNoHandlerInTenThousandTries() {
		Visitor counter = new Visitor(this.container, "shop");
		counter.connect().send("/app/count", "");
		await().untilAsserted(() -> assertThat(counter.get("/counted").body()).isEqualTo("1"));

		for (int i = 0; i < 100; i++) {
			Visitor visitor = new Visitor(this.container, "shop");
			Socket socket = visitor.connect();
			visitor.get("/end");
			for (int k = 0; k < 50; k++) {
				socket.trySend("SEND\ndestination:/app/count\n\n\0");
				socket.trySend("SUBSCRIBE\nid:" + k + "\ndestination:/queue/anything\n\n\0");
			}
			assertThat(socket.awaitEnd()).isIn("1008 session-ended", "reset");
		}

		assertThat(counter.get("/counted").body()).isEqualTo("1");
	}

	@Test
	void aMessageMethodReadsAndWritesTheLiveSession() {
		Visitor visitor = new Visitor(this.container, "shop");
		Socket socket = visitor.connect().subscribe("me", "/user/queue/me");

		socket.send("/app/cart", "apple").awaitMessage("me");
		visitor.get("/rotate");
		Frame answer = socket.send("/app/cart", "pear").awaitMessage("me");

		assertThat(answer.body()).isEqualTo("apple,pear");
		assertThat(visitor.get("/cart").body()).isEqualTo("apple,pear");
	}

	@Test
	void aMessageMethodThatUsesASessionThatHasEndedIsRefusedCleanly() {
		Visitor visitor = new Visitor(this.container, "shop");
		Socket socket = visitor.connect();

		socket.send("/app/leave", "");

		assertThat(socket.awaitClose().reason()).isEqualTo("session-ended");
		await().untilAsserted(() -> assertThat(new Visitor(this.container, "shop").get("/refusals").body())
			.contains("session-ended"));
	}

	@Test
	void whatComesBehindAFrameThatWaitsKeepsItsPlace() {
		Visitor visitor = new Visitor(this.container, "shop");
		Socket socket = visitor.connect().subscribe("me", "/user/queue/me");
		socket.send("/app/wait/place", "first").send("/app/cart", "second");
		socket.send("/app/wait/place", "third").send("/app/cart", "fourth");
		Visitor other = new Visitor(this.container, "shop");
		other.connect().whoami();
		assertThat(visitor.get("/cart").body()).isEqualTo("null");

		other.connect().send("/app/open/place", "");

		await().untilAsserted(() -> assertThat(visitor.get("/cart").body()).isEqualTo("first,second,third,fourth"));
	}

	@Test
	void whatFailsBehindAFrameThatWaitsIsToldInItsTurn() {
		Visitor visitor = new Visitor(this.container, "shop");
		Socket socket = visitor.connect().subscribe("errors", "/user/queue/errors");
		Socket other = new Visitor(this.container, "shop").connect();

		socket.send("/app/wait/failure", "fail").send("/topic/nowhere", "").send("/app/cart", "behind");
		other.whoami();
		assertThat(socket.rest()).isEmpty();
		other.send("/app/open/failure", "");
		assertThat(List.of(socket.awaitMessage("errors").body(), socket.awaitMessage("errors").body()))
			.anySatisfy((body) -> assertThat(body).isEqualTo("it was to fail"))
			.anySatisfy((body) -> assertThat(body).contains("destination-not-allowed"));

		socket.send("/app/wait/nonsense", "late").send("HELLO\n\n\0").send("/app/cart", "never");
		other.whoami();
		socket.assertOpen();
		other.send("/app/open/nonsense", "");
		assertThat(socket.awaitClose()).extracting(Socket.Close::status, Socket.Close::reason)
			.containsExactly(1008, "malformed-frame");
		assertThat(socket.await("ERROR").header("message")).isEqualTo("malformed-frame");
		assertThat(visitor.get("/cart").body()).isEqualTo("behind,late");
	}

	@Test
	void aFrameThatWaitsWhenItsSessionEndsReachesNoHandler() {
		Visitor visitor = new Visitor(this.container, "shop");
		Socket socket = visitor.connect().subscribe("me", "/user/queue/me");
		Visitor other = new Visitor(this.container, "shop");
		socket.send("/app/wait/end", "first").send("/app/wait/end", "told");
		await().until(() -> other.get("/waiting").body().equals("1"));

		visitor.get("/end");
		assertThat(socket.awaitClose().reason()).isEqualTo("session-ended");
		other.connect().send("/app/open/end", "");

		await().until(() -> other.get("/waiting").body().equals("0"));
		assertThat(other.get("/told").body()).isEqualTo("0");
	}

	@Test
	void aLoginThatCopiesTheAttributesIntoANewSessionLogsNobodyOut() {
		Visitor visitor = new Visitor(this.container, "shop");
		Socket before = visitor.connect();
		visitor.get("/colour?value=green");
		String left = visitor.sessionId();

		visitor.get("/habits/migrate");

		assertThat(before.awaitClose().reason()).isEqualTo("session-ended");
		String id = visitor.sessionId();
		assertThat(id).isNotEqualTo(left);
		visitor.get("/link");
		Socket socket = visitor.connect();
		assertThat(socket.whoami()).contains(" green ");
		assertThat(visitor.sessionId()).isEqualTo(id);
		visitor.get("/end");
		assertThat(socket.awaitClose().reason()).isEqualTo("session-ended");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/habits/clear", "/habits/scribble" })
	void aLogoutThatTakesTheAttributesAwayFirstClosesTheSocketsAllTheSame(String path) {
		Visitor visitor = new Visitor(this.container, "shop");
		Socket socket = visitor.connect();
		String link = visitor.get("/link").body();

		visitor.get(path);
		assertThat(visitor.get("/link").body()).isEqualTo(link);
		visitor.get("/rotate");
		visitor.get(path);
		socket.whoami();
		visitor.get("/end");

		assertThat(socket.awaitClose().reason()).isEqualTo("session-ended");
	}

	@Test
	void theGreetingIsNotInIt() {
		int status = new Visitor(this.container, "shop").get("/index.html").statusCode();

		assertThat(status).isEqualTo(404);
	}

}
