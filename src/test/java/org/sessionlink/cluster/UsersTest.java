package org.sessionlink.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Home;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Gathered;
import org.sessionlink.link.Hall;
import org.sessionlink.link.Link;
import org.sessionlink.link.Present;
import org.sessionlink.link.Seen;
import org.sessionlink.link.UserLimit;
import org.sessionlink.watch.AuditEntry;
import org.sessionlink.watch.Desk;
import org.sessionlink.watch.Elsewhere.Kept;
import org.sessionlink.watch.Ended;
import org.sessionlink.watch.TargetException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Users and operators of two nodes (B14, B23, B48 to B50), on a real Redis. */
@Execution(ExecutionMode.CONCURRENT)
class UsersTest {

	@AutoClose
	private static final RealRedis redis = new RealRedis();

	private String path;

	@AutoClose
	private TwoNodes nodes;

	private Node a;

	private Node b;

	private Desk here;

	private Desk there;

	@BeforeEach
	void namePath(TestInfo test) {
		this.path = "/" + test.getTestMethod().orElseThrow().getName();
	}

	private void start(UserLimit limit) {
		this.nodes = new TwoNodes(redis, this.path, limit);
		this.a = this.nodes.a;
		this.b = this.nodes.b;
		this.here = new Desk(this.a.links, this.a.cluster.elsewhere());
		this.there = new Desk(this.b.links, this.b.cluster.elsewhere());
		await().until(() -> this.a.cluster.nodes().others().size() == 1 && this.b.cluster.nodes().others().size() == 1);
	}

	private static Node another(String contextPath) {
		return new Node(redis.url(), TwoNodes.LONG, TwoNodes.GRACE, contextPath);
	}

	private static Link loggedIn(Node node, String name) {
		String id = node.begin();
		Link link = node.open(id);
		node.login(id, name);
		return link;
	}

	// A session whose node is gone: only its record is left.
	private String onlyKept(String name) {
		try (Node gone = another(this.path)) {
			return loggedIn(gone, name).fingerprint();
		}
	}

	@Test
	void aListHasTheLinksOfAllNodesEachOnceAndSaysWhere() {
		// Its node left before these came, who would have it as silent else.
		String kept = onlyKept("eve");
		start(UserLimit.NONE);
		String id = this.a.begin();
		Link both = this.a.open(id);
		Desk.socket("a-1", both);
		String newId = this.a.login(id, "ada");
		Desk.socket("b-1", this.b.open(newId));
		Link bobs = loggedIn(this.b, "bob");
		both.sockets().get(0).traffic().received(3, 30);
		this.b.links.socket("b-1").traffic().sent(5, 500);

		assertThat(this.here.get("/operator/links?sort=principal")).bodyText()
			.containsSubsequence("\"link\":\"" + both.fingerprint(), "\"principal\":\"ada\"", "\"sockets\":2",
					"\"framesIn\":3,\"bytesIn\":30,\"framesOut\":5,\"bytesOut\":500",
					"\"link\":\"" + bobs.fingerprint(), "\"node\":\"" + this.b.cluster.nodes().name(),
					"\"link\":\"" + kept, "\"principal\":\"eve\"", "\"sockets\":0")
			.endsWith("\"total\":3}")
			.doesNotContain(newId, both.key(), Records.hash(both.key()));
		assertThat(this.here.get("/operator/links?q=bo")).bodyText()
			.contains(bobs.fingerprint())
			.endsWith("\"total\":1}");
		assertThat(this.here.get("/operator/links/" + both.fingerprint())).bodyText()
			.containsSubsequence("\"framesIn\":3,\"bytesIn\":30,\"framesOut\":5", "\"socket\":\"a-1\"",
					"\"openedAt\":\"2", "\"framesIn\":3", "\"framesOut\":0", this.a.cluster.nodes().name(),
					"\"socket\":\"b-1\"", "\"openedAt\":\"2", "\"framesIn\":0", "\"bytesOut\":500",
					this.b.cluster.nodes().name());
	}

	@Test
	void whatIsOnAnotherNodeEndsFromThisOne() {
		start(UserLimit.NONE);
		Link link = loggedIn(this.b, "ada");
		List<EndCause> first = Desk.socket("b-1", link);
		List<EndCause> second = Desk.socket("b-2", link);
		List<String> revoked = Desk.subscribed("b-3", link, "7", "/topic/news");

		assertThat(this.here.operations.revoke("b-3", "7", "olga", "why").destination()).isEqualTo("/topic/news");
		assertThat(this.here.operations.endSocket("b-1", "olga", ""))
			.isEqualTo(new Ended(List.of(), List.of("b-1"), List.of()));
		Ended ended = this.here.operations.endLink(link.fingerprint(), "olga", "");

		assertThat(revoked).containsExactly("7: why");
		await().untilAsserted(() -> assertThat(first).contains(EndCause.KICKED));
		assertThat(ended.links()).containsExactly(link.fingerprint());
		assertThat(ended.sockets()).contains("b-2", "b-3");
		assertThat(link.endCause()).isEqualTo(EndCause.KICKED);
		await().untilAsserted(() -> assertThat(second).containsExactly(EndCause.KICKED));
		assertThat(this.here.audit.entries()).extracting(AuditEntry::who)
			.filteredOn(Objects::nonNull)
			.containsExactly("olga", "olga", "olga");
		assertThat(this.there.audit.entries()).extracting(AuditEntry::who).doesNotContain("olga");
		assertThatExceptionOfType(TargetException.class)
			.isThrownBy(() -> this.here.operations.endSocket("b-9", "olga", ""));
		assertThatExceptionOfType(TargetException.class)
			.isThrownBy(() -> this.here.operations.endLink(link.fingerprint(), "olga", ""));
	}

	@Test
	void allSessionsOfAUserEndWhereverTheyAre() {
		start(UserLimit.NONE);
		Link one = loggedIn(this.a, "ada");
		Link other = loggedIn(this.b, "ada");
		Link bobs = loggedIn(this.b, "bob");
		String kept = onlyKept("ada");

		Ended ended = this.here.operations.endUserBut("ada", one.fingerprint(), "olga", "");

		assertThat(ended.links()).containsExactlyInAnyOrder(other.fingerprint(), kept);
		assertThat(other.endCause()).isEqualTo(EndCause.KICKED);
		assertThat(List.of(one, bobs)).allSatisfy((link) -> assertThat(link.endCause()).isNull());
		assertThat(this.here.own("ada")).hasSize(1);
	}

	@Test
	void allSessionsEndAtOnceWithOneEntry() {
		onlyKept("eve");
		start(UserLimit.NONE);
		List<Link> links = List.of(loggedIn(this.a, "ada"), loggedIn(this.b, "bob"), this.b.open(this.b.begin()));

		int ended = this.here.operations.endAll("olga", "keys have leaked");

		assertThat(ended).isEqualTo(4);
		assertThat(links).allSatisfy((link) -> assertThat(link.endCause()).isEqualTo(EndCause.KICKED));
		assertThat(Stream.concat(this.here.audit.entries().stream(), this.there.audit.entries().stream())
			.filter((entry) -> entry.who() != null)).singleElement().extracting(AuditEntry::ended).isEqualTo(4);
		assertThat(this.here.get("/operator/links")).bodyText().endsWith("\"total\":0}");
	}

	@Test
	void aPersonSeesAndEndsTheirOwnOnAllNodes() {
		start(UserLimit.NONE);
		Link current = loggedIn(this.a, "ada");
		Link other = loggedIn(this.b, "ada");
		Link bobs = loggedIn(this.b, "bob");
		Desk.socket("b-1", other);
		other.ownership().seen(new Seen("192.0.2.7", "Firefox", null));

		await().untilAsserted(() -> assertThat(this.here.own("ada")).containsExactlyInAnyOrder(
				current.fingerprint() + ": 0 from null", other.fingerprint() + ": 1 from 192.0.2.7"));
		assertThatExceptionOfType(TargetException.class)
			.isThrownBy(() -> this.here.operations.endOwn("ada", bobs.fingerprint()));
		assertThat(this.here.operations.endOwnBut("ada", current).links()).containsExactly(other.fingerprint());

		assertThat(other.endCause()).isEqualTo(EndCause.KICKED);
		assertThat(bobs.endCause()).isNull();
		assertThat(this.here.own("ada")).hasSize(1);
	}

	@Test
	void ofTwoLoginsAtOnceOnTwoNodesExactlyOneStays() {
		start(new UserLimit(1, false));
		for (int i = 0; i < 20; i++) {
			String name = "ada " + i;
			String one = this.a.begin();
			String other = this.b.begin();
			Link first = this.a.open(one);
			Link second = this.b.open(other);

			CompletableFuture
				.allOf(CompletableFuture.runAsync(() -> this.a.login(one, name)),
						CompletableFuture.runAsync(() -> this.b.login(other, name)))
				.join();

			await().until(() -> first.endCause() != null || second.endCause() != null);
			assertThat(Stream.of(first, second).filter((link) -> link.endCause() == EndCause.REPLACED)).hasSize(1);
			assertThat(this.here.own(name)).hasSize(1);
		}
	}

	@Test
	void theOldestOfAllNodesEndsAndTheSameAgainIsNoNewOne() {
		start(new UserLimit(2, false));
		Link first = loggedIn(this.a, "ada");
		Link second = loggedIn(this.b, "ada");
		this.b.open(first.sessionId());
		this.a.login(first.sessionId(), "ada", "STAFF");

		Link third = loggedIn(this.b, "ada");

		assertThat(Node.end(first)).isEqualTo(EndCause.REPLACED);
		assertThat(List.of(second, third)).allSatisfy((link) -> assertThat(link.endCause()).isNull());
	}

	@Test
	void aPromisedPlaceCountsOnAllNodesUntilItIsGivenBackOrItsNodeIsGone() {
		start(new UserLimit(1, true));
		Link asking = this.a.open(this.a.begin());
		Link other = this.b.open(this.b.begin());

		assertThat(asking.ownership().promisePlace("ada")).isTrue();
		assertThat(this.b.links.havePlaceFor("ada")).isFalse();
		assertThat(other.ownership().promisePlace("ada")).isFalse();
		asking.ownership().giveBackPlace();
		assertThat(other.ownership().promisePlace("ada")).isTrue();
		this.b.login(other.sessionId(), "ada");
		assertThat(other.endCause()).isNull();
		assertThat(asking.ownership().promisePlace("ada")).isFalse();
		this.a.login(asking.sessionId(), "ada");
		assertThat(Node.end(asking)).isEqualTo(EndCause.REPLACED);
		other.end(EndCause.ENDED);

		await().until(() -> this.a.links.havePlaceFor("ada"));
	}

	@Test
	void aLoginThatCouldNotBeCountedIsCountedSoon() {
		start(UserLimit.NONE);
		String places = "{sessionlink:" + this.path + "}:user:" + Records.hash("ada");
		redis.ask().set(places, "no list of places at all");
		Link link = loggedIn(this.a, "ada");
		assertThat(link.ownership().name()).isEqualTo("ada");

		redis.ask().del(places);

		await().untilAsserted(() -> assertThat(this.b.cluster.elsewhere().ownedBy("ada")).extracting(Kept::fingerprint)
			.containsExactly(link.fingerprint()));
	}

	@Test
	void whatADeadNodeHasLeftIsCleanedUp() {
		start(new UserLimit(1, true));
		String ns = "{sessionlink:" + this.path + "}:";
		Link asking = this.a.open(this.a.begin());
		redis.ask().zadd(ns + "nodes", 1, "dead");
		redis.ask().zadd(ns + "promised:" + Records.hash("ada"), Long.MAX_VALUE, "f00d");
		redis.ask().sadd(ns + "promises:dead", Records.hash("ada") + " f00d");

		await().until(() -> redis.ask().zscore(ns + "nodes", "dead") == null);

		assertThat(redis.ask().exists(ns + "promises:dead")).isZero();
		assertThat(asking.ownership().promisePlace("ada")).isTrue();
	}

	@Test
	void aNodeThatIsGoneIsNamedAsLongAsAnybodyIsShownThere() {
		start(UserLimit.NONE);
		Hall hall = new Hall(this.a.threads, Hall.GRACE, 0, this.a.links);
		hall.presence.shareWith(this.a.cluster.presence());
		hall.tab(loggedIn(this.a, "ada")).enter("/topic/a");
		hall.presence.reports()
			.told("b",
					new Gathered("/topic/a",
							List.of(somebody("bob", this.b.cluster.nodes().name()), somebody("eve", "gone~1234")), 0),
					List.of());

		Desk desk = new Desk(this.a.links, this.a.cluster.elsewhere(), hall.presence);

		assertThat(desk.get("/operator/presence?destination=/topic/a")).bodyText()
			.contains("\"ada\"", "\"bob\"", "\"eve\"")
			.endsWith("\"silentNodes\":[\"gone~1234\"]}");
		assertThat(desk.get("/operator/presence?user=bob")).bodyText().doesNotContain("silentNodes");
	}

	private static Present somebody(String user, String node) {
		return new Present("/topic/a", user, "id of " + user, "link of " + user, List.of(), List.of(node));
	}

	@Test
	@ResourceLock(Resources.GLOBAL)
	void aNodeThatIsSilentIsNamed() throws Exception {
		start(UserLimit.NONE);
		Link link = loggedIn(this.b, "ada");
		CountDownLatch held = new CountDownLatch(1);
		this.b.cluster.elsewhere().answerWith((question) -> {
			try {
				held.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return "{}";
		});
		String silent = "\"silentNodes\":[\"" + this.b.cluster.nodes().name() + "\"]}";

		long before = System.nanoTime();
		assertThat(this.here.get("/operator/links")).bodyText().contains(link.fingerprint()).endsWith(silent);
		assertThat(Duration.ofNanos(System.nanoTime() - before)).isBetween(Duration.ofMillis(900),
				Duration.ofMillis(1500));
		Ended ended = this.here.operations.endUser("ada", "olga", "");

		assertThat(ended.links()).containsExactly(link.fingerprint());
		assertThat(ended.silentNodes()).containsExactly(this.b.cluster.nodes().name());
		assertThat(Node.end(link)).isEqualTo(EndCause.KICKED);
		assertThatExceptionOfType(TargetException.class)
			.isThrownBy(() -> this.here.operations.endSocket("b-1", "olga", ""))
			.withMessageContaining(this.b.cluster.nodes().name());
		held.countDown();
	}

	@Test
	void thousandsOfLinksComeInPieces() {
		start(UserLimit.NONE);
		for (int i = 0; i < 5000; i++) {
			String name = "\uD83D\uDE00".repeat(i % 50) + i;
			this.b.links.open("key " + i, "id " + i, Home.GONE).identify(new Identity(() -> name, Set.of()));
		}

		assertThat(this.here.get("/operator/links?sort=principal&q=4999")).bodyText()
			.contains("\uD83D\uDE00".repeat(49) + "4999")
			.endsWith("\"total\":1}");
		assertThat(this.here.get("/operator/links?sort=principal")).bodyText().endsWith("\"total\":5000}");
	}

	@Test
	void ofALinkThatNothingGoesThroughNoZerosAreTold() {
		start(UserLimit.NONE);
		loggedIn(this.b, "ada");

		String told = this.a.cluster.elsewhere().ask("{\"kind\":\"links\"}").byServer().values().toString();

		assertThat(told).contains("\"principal\":\"ada\"").doesNotContain("traffic", "sockets\":0", "subscriptions");
		assertThat(this.here.get("/operator/links")).bodyText()
			.contains("\"sockets\":0,\"subscriptions\":0", "\"framesIn\":0,\"bytesIn\":0");
	}

	@Test
	void anotherApplicationOnTheSameRedisIsNotAskedAndNotSeen() {
		start(UserLimit.NONE);
		try (Node other = another(this.path + "/b")) {
			Link link = loggedIn(other, "ada");

			assertThat(this.here.get("/operator/links")).bodyText().endsWith("\"total\":0}");
			assertThat(this.here.operations.endAll("olga", "why")).isZero();
			assertThat(this.here.own("ada")).isEmpty();
			assertThat(link.endCause()).isNull();
			assertThat(other.cluster.nodes().others()).isEqualTo(Map.of());
		}
	}

	@Test
	void whatAnotherVersionSaysIsLeftOutWhereItIsNotKnown() {
		start(UserLimit.NONE);
		Link link = loggedIn(this.b, "ada");
		this.b.cluster.elsewhere()
			.answerWith((question) -> "{\"moods\":[1],\"links\":[{\"id\":\"f00d\",\"fingerprint\":\"0123456789abcdef\","
					+ "\"mood\":\"good\"}]}");

		assertThat(this.a.cluster.elsewhere().ask("{\"kind\":\"mood\"}").silent()).isEmpty();
		assertThat(this.here.get("/operator/links")).bodyText()
			.contains("0123456789abcdef", link.fingerprint())
			.endsWith("\"total\":2}");
		redis.ask().set("{sessionlink:" + this.path + "}:end:" + Records.hash(link.key()), "session-moody");
		assertThat(this.here.get("/operator/links")).bodyText().endsWith("\"total\":1}");
	}

}
