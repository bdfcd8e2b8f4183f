package org.sessionlink.journey;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.sessionlink.journey.people.People;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * B3, B6, B11, B12, B14, B22, B48 and B49 where the tabs of a person are at different
 * nodes.
 */
@OnNodes
@Execution(ExecutionMode.CONCURRENT)
class NodesLoginIT {

	/** How late an end may reach another node (B22). */
	private static final Duration SOON = Duration.ofSeconds(1);

	private static final Map<String, String> OLGA = Map.of("Customer", "olga", "Role", "OPERATOR");

	private final Nodes nodes;

	NodesLoginIT(Nodes nodes) {
		this.nodes = nodes;
	}

	@Test
	void aLogoutAtOneNodeClosesTheSocketsAtAllOfThemAndSaysWhy() {
		Roamer ada = this.nodes.loggedIn(Nodes.PEOPLE, "ada");
		List<Socket> sockets = Stream.concat(ada.connect().stream(), ada.connect().stream()).toList();
		String link = ada.last().link();

		int status = ada.first().change("POST", "/logout").statusCode();
		long start = System.nanoTime();

		assertThat(status).isEqualTo(204);
		assertEnded(sockets, "session-ended", start);
		ada.assertNoSession();
		assertThat(ada.everywhere()).extracting((visitor) -> visitor.get("/session/end?link=" + link).body())
			.containsOnly("{\"cause\":\"session-ended\"}");
	}

	@Test
	void aLoginAtOneNodeRenewsTheSocketsAtAllOfThem() {
		Roamer ada = this.nodes.roamer(Nodes.PEOPLE);
		List<Socket> before = ada.connect();
		String link = ada.last().link();

		ada.first().login("ada", People.PASSWORD);

		assertThat(before).extracting(Socket::awaitEnd).containsOnly("1013 session-renewed");
		assertThat(before).extracting((socket) -> socket.await("ERROR").header("retry-after")).containsOnly("0");
		assertThat(ada.everywhere()).extracting((visitor) -> visitor.get("/login").body())
			.containsOnly("{\"principal\":\"ada\",\"roles\":[\"OPERATOR\"]}");
		ada.assertLinked(link);
		assertThat(ada.connect()).allSatisfy(Socket::assertOpen);
	}

	@Test
	void aNewIdAtOneNodeKeepsTheSocketsAtTheOthersAndTheirLinkAndTheyKnowIt() {
		Roamer visitor = this.nodes.roamer(Nodes.SHOP);
		visitor.first().get("/colour?value=green");
		Socket socket = visitor.last().connect();
		String link = visitor.last().link();

		String id = visitor.first().get("/rotate").body().split("\\.")[0];

		await().untilAsserted(() -> assertThat(socket.whoami()).startsWith(id));
		visitor.assertLinked(link);
		visitor.first().get("/end");
		assertThat(socket.awaitEnd()).isEqualTo("1008 session-ended");
	}

	@Test
	void whoLosesARoleAtOneNodeLosesWhatNeedsItAtAnotherAndIsTold() {
		Roamer visitor = this.nodes.roamer(Nodes.SHOP);
		visitor.first().get("/be?name=rita&role=STAFF");
		Socket socket = visitor.last()
			.connect()
			.subscribe("session", "/user/queue/session")
			.subscribe("secret", "/topic/staff/plans")
			.subscribe("news", "/topic/news/of-a-role");
		assertThat(socket.whoami()).endsWith(" rita");
		visitor.last().get("/publish?destination=/topic/staff/plans&text=plan");
		assertThat(socket.awaitMessage("secret").body()).isEqualTo("plan");

		visitor.first().get("/be?name=rita&role=GUEST");
		long start = System.nanoTime();
		Frame told = socket.awaitMessage("session", "REVOKED");
		Duration after = Duration.ofNanos(System.nanoTime() - start);
		visitor.last().get("/publish?destination=/topic/staff/plans&text=unheard");
		visitor.last().get("/publish?destination=/topic/news/of-a-role&text=heard");

		assertThat(told.body()).contains("\"subscription\":\"secret\"");
		assertThat(after).isLessThan(Standstills.addedTo(SOON, start));
		assertThat(socket.next().body()).isEqualTo("heard");
	}

	@Test
	void anOpenSocketFollowsLoginAndLogoutAtAnotherNode() {
		Roamer visitor = this.nodes.roamer(Nodes.SHOP);
		visitor.first().get("/colour?value=green");
		Socket socket = visitor.last().connect();
		assertThat(socket.whoami()).endsWith(" nobody");

		visitor.first().get("/be?name=nora");
		awaitUser(socket, "nora");
		visitor.first().get("/forget");

		awaitUser(socket, "nobody");
	}

	// An answer that is under way while its user changes may reach nobody.
	private static void awaitUser(Socket socket, String user) {
		ScheduledExecutorService asking = Executors.newSingleThreadScheduledExecutor();
		try {
			asking.scheduleWithFixedDelay(() -> socket.send("/app/whoami", ""), 0, 200, TimeUnit.MILLISECONDS);
			socket.awaitMessage("me", " " + user);
		}
		finally {
			asking.shutdownNow();
		}
	}

	@Test
	void anAttackersSocketAtAnotherNodeNeverHasWhatItsVictimMay() {
		Roamer victim = this.nodes.roamer(Nodes.SHOP);
		victim.first().get("/be?name=guest");
		victim.first().get("/forget");
		String planted = victim.last().sessionId();
		Socket socket = this.nodes.roamer(Nodes.SHOP)
			.last()
			.open(Map.of("Cookie", "JSESSIONID=" + planted), "v12.stomp")
			.connect()
			.subscribe("secret", "/topic/staff/plans");
		assertThat(socket.whoami()).endsWith(" nobody");
		socket.rest();

		victim.first().get("/enter?name=vera&role=STAFF");
		socket.trySend("SUBSCRIBE\nid:again\ndestination:/topic/staff/plans\n\n\0");
		victim.last().get("/publish?destination=/topic/staff/plans&text=plan");

		assertThat(socket.awaitEnd()).isIn("1013 session-renewed", "reset");
		assertThat(socket.rest()).allSatisfy((frame) -> assertThat(frame.body()).doesNotContain("vera", "plan"));
		Socket own = victim.last().connect().subscribe("secret", "/topic/staff/plans");
		assertThat(own.whoami()).endsWith(" vera");
	}

	@Test
	void anOperatorEndsASessionWhoseSocketsAreAtOtherNodes() {
		Roamer visitor = this.nodes.roamer(Nodes.SHOP);
		visitor.first().get("/be?name=kim");
		List<Socket> sockets = visitor.connect();

		int status = operator(0, "DELETE", "/operator/links/" + visitor.last().link() + "?reason=stolen");
		long start = System.nanoTime();

		assertThat(status).isEqualTo(200);
		assertEnded(sockets, "session-kicked", start);
		visitor.assertNoSession();
	}

	@Test
	void anOperatorEndsAllSessionsOfAUserWhereverTheyAre() {
		List<Roamer> sessions = Stream.generate(() -> this.nodes.roamer(Nodes.SHOP)).limit(3).toList();
		sessions.forEach((session) -> session.last().get("/be?name=uma"));
		List<Socket> sockets = sessions.stream().flatMap((session) -> session.connect().stream()).toList();
		Roamer other = this.nodes.roamer(Nodes.SHOP);
		other.first().get("/be?name=otto");
		List<Socket> others = other.connect();

		int status = operator(0, "DELETE", "/operator/user-links?user=uma");
		long start = System.nanoTime();

		assertThat(status).isEqualTo(200);
		assertEnded(sockets, "session-kicked", start);
		assertThat(others).allSatisfy(Socket::assertOpen);
	}

	private int operator(int node, String method, String path) {
		return this.nodes.roamer(Nodes.SHOP).at(node).request(method, path, OLGA).statusCode();
	}

	@Test
	void aPersonSeesTheirSessionsAtAllNodesAndEndsThem() {
		Roamer desk = this.nodes.loggedIn(Nodes.PEOPLE, "bob");
		Roamer phone = this.nodes.loggedIn(Nodes.PEOPLE, "bob");
		List<Socket> sockets = phone.connect();
		String phoneLink = phone.last().link();

		// A node counts those of others that answer in time.
		await().untilAsserted(() -> assertThat(desk.first().get("/session/mine").body())
			.containsPattern("\"link\":\"" + phoneLink + "\"[^}]*\"sockets\":" + this.nodes.size() + "}"));
		String mine = desk.first().get("/session/mine").body();
		int status = desk.first().change("DELETE", "/session/mine/" + phoneLink).statusCode();
		long start = System.nanoTime();

		assertThat(mine).contains("\"link\":\"" + desk.first().link() + "\",\"current\":true,",
				"\"link\":\"" + phoneLink + "\",\"current\":false,");
		assertThat(status).isEqualTo(200);
		assertEnded(sockets, "session-kicked", start);
		assertThat(desk.last().get("/session/mine").body()).startsWith("[{").doesNotContain(phoneLink);
	}

	@Test
	void aLoginAtOneNodeEndsTheOldestSessionAtAnother() {
		Roamer oldest = this.nodes.loggedIn(Nodes.SINGLE, "ada");
		List<Socket> sockets = oldest.connect();
		Roamer newest = this.nodes.roamer(Nodes.SINGLE);

		int status = newest.last().login("ada", People.PASSWORD).statusCode();
		long start = System.nanoTime();

		assertThat(status).isEqualTo(200);
		assertEnded(sockets, "session-replaced", start);
		oldest.assertNoSession();
		assertThat(newest.first().get("/session").body()).contains("\"principal\":\"ada\"");
	}

	@Test
	void aLoginTooManyIsRefusedAtEveryNodeUntilALogoutAtAnother() {
		Roamer first = this.nodes.loggedIn(Nodes.ONCE, "bob");
		Roamer second = this.nodes.roamer(Nodes.ONCE);

		List<Integer> refused = second.everywhere()
			.stream()
			.map((visitor) -> visitor.login("bob", People.PASSWORD).statusCode())
			.toList();
		first.first().change("POST", "/logout");
		int loggedIn = second.last().login("bob", People.PASSWORD).statusCode();

		assertThat(refused).containsOnly(409);
		assertThat(loggedIn).isEqualTo(200);
	}

	private static void assertEnded(List<Socket> sockets, String cause, long start) {
		assertThat(sockets).extracting(Socket::awaitEnd).containsOnly("1008 " + cause);
		assertThat(sockets).extracting((socket) -> socket.await("ERROR").header("message")).containsOnly(cause);
		assertThat(sockets).extracting((socket) -> socket.awaitClose().after(start))
			.allSatisfy((after) -> assertThat(after).isLessThan(Standstills.addedTo(SOON, start)));
	}

}
