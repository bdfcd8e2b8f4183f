package org.sessionlink.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.sessionlink.Deadlines;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Home;
import org.sessionlink.link.Link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Sessions and links of two nodes (B20 to B22), on a real Redis. */
@Execution(ExecutionMode.CONCURRENT)
class SharedSessionsTest {

	@AutoClose
	private static final TwoNodes nodes = new TwoNodes();

	private static final RealRedis redis = nodes.redis;

	private static final Node a = nodes.a;

	private static final Node b = nodes.b;

	@Test
	void whatOneNodeKeepsAnotherReads() {
		String id = a.begin();
		SharedSession session = a.read(id);
		session.setAttribute("cart", "three apples");
		a.sessions().save(session);

		SharedSession elsewhere = b.read(id);

		assertThat(elsewhere.<String>getAttribute("cart")).isEqualTo("three apples");
		assertThat(elsewhere.getCreationTime()).isEqualTo(session.getCreationTime());
		assertThat(elsewhere.getMaxInactiveInterval()).isEqualTo(TwoNodes.LONG);
	}

	@Test
	void howOldASessionIsTheStoreSaysAndNoNode() {
		String id = a.begin();
		String hash = Records.hash(a.read(id).key().value());
		// As if the node where it began had been an hour ahead.
		redis.ask().hincrby("{sessionlink:/app}:link:" + hash, "created", -Duration.ofHours(1).toMillis());

		Link link = b.open(id);

		assertThat(link.age()).isBetween(Duration.ofHours(1), Duration.ofHours(1).plus(Deadlines.ANY));
		assertThat(link.createdAt()).isEqualTo(a.open(id).createdAt());
	}

	@Test
	void onlyWhatHasChangedIsWritten() {
		String id = a.begin();
		SharedSession slow = a.read(id);
		SharedSession quick = b.read(id);
		quick.setAttribute("colour", "blue");
		b.sessions().save(quick);

		slow.setAttribute("size", "small");
		a.sessions().save(slow);

		assertThat(a.read(id).getAttributeNames()).contains("colour", "size");
	}

	@Test
	void anEndOnOneNodeEndsTheLinkOnAllWithItsCause() {
		String id = a.begin();
		Link here = a.open(id);
		Link there = b.open(id);

		here.end(EndCause.KICKED);

		assertThat(Node.end(there)).isEqualTo(EndCause.KICKED);
		assertThat(b.sessions().findById(id)).isNull();
	}

	@Test
	void aSessionThatIsInvalidatedEndsOnAllNodes() {
		String id = a.begin();
		Link there = b.open(id);

		a.sessions().deleteById(id);

		assertThat(Node.end(there)).isEqualTo(EndCause.ENDED);
		assertThat(a.sessions().findById(id)).isNull();
	}

	@Test
	void anEndIsSeenByLookingWhereNobodyHasHeardOfIt() {
		try (Deaf deaf = new Deaf(redis)) {
			String id = a.begin();
			SharedSession session = a.read(id);
			String key = session.key().value();
			Link link = deaf.node.links.open(key, id, Home.GONE);
			deaf.local.know(Records.hash(key), key, 0, Duration.ZERO);
			a.sessions().deleteById(id);

			deaf.links.lookAtAll();

			assertThat(link.endCause()).isEqualTo(EndCause.ENDED);
		}
	}

	@Test
	void aLateTouchMakesNoGhost() {
		try (Deaf deaf = new Deaf(redis)) {
			String id = a.begin();
			String hash = Records.hash(a.read(id).key().value());
			a.sessions().deleteById(id);

			State state = deaf.records.touch(hash, Duration.ZERO);

			assertThat(state.end()).isEqualTo(EndCause.ENDED);
			assertThat(redis.ask().keys("*" + hash + "*")).containsExactly("{sessionlink:/app}:end:" + hash);
		}
	}

	@Test
	void aLateRequestDoesNotBringAnEndedSessionBack() {
		String id = a.begin();
		SharedSession late = a.read(id);
		b.sessions().deleteById(id);

		late.setAttribute("cart", "late");
		a.sessions().save(late);

		assertThat(a.sessions().findById(id)).isNull();
		assertThat(redis.ask().keys("*link:" + Records.hash(late.key().value()))).isEmpty();
	}

	@Test
	void aLoginIsFollowedEverywhereWithTheNewId() {
		String id = a.begin();
		Link here = a.open(id);
		Link there = b.open(id);

		String newId = a.login(id, "ada", "ROLE_STAFF");

		assertThat(here.sessionId()).isEqualTo(newId);
		assertThat(here.ownership().name()).isEqualTo("ada");
		await().untilAsserted(() -> assertThat(there.sessionId()).isEqualTo(newId));
		await().untilAsserted(() -> assertThat(there.ownership().name()).isEqualTo("ada"));
		assertThat(there.identity().roles()).containsExactly("STAFF");
		assertThat(b.sessions().findById(id)).isNull();
		assertThat(b.open(newId)).isSameAs(there);
	}

	@Test
	void aSlowRequestTakesNoLoginBack() {
		String id = a.begin();
		Link link = a.open(id);
		SharedSession slow = a.read(id);
		String newId = a.login(id, "ada");

		slow.setAttribute("step", 2);
		a.sessions().save(slow);
		a.sessionLinks.linkOf(new SharedHttpSession(slow, a.servletContext, () -> {
		}));

		assertThat(link.sessionId()).isEqualTo(newId);
		assertThat(link.ownership().name()).isEqualTo("ada");
		assertThat(a.read(newId).<Integer>getAttribute("step")).isEqualTo(2);
		assertThat(a.sessions().findById(id)).isNull();
	}

	@Test
	void aTimeoutThatOneNodeChangesIsInForceOnAll() {
		String id = a.begin();
		Link there = b.open(id);
		SharedSession session = a.read(id);

		session.setMaxInactiveInterval(Duration.ofMinutes(7));
		a.sessions().save(session);

		await().untilAsserted(() -> assertThat(there.timeout()).isEqualTo(Duration.ofMinutes(7)));
	}

	@Test
	void aLinkThatIsTakenUpElsewhereIsNotUsedByThat() throws Exception {
		String id = a.begin();
		Link here = a.open(id);
		await().until(() -> here.idle().compareTo(Duration.ofMillis(300)) > 0);

		Link there = b.open(id);

		assertThat(there.idle()).isGreaterThan(Duration.ofMillis(250));
	}

	@Test
	void theFirstUseAfterAPauseIsToldAtOnce() {
		try (Node c = new Node(redis.url(), Duration.ofSeconds(6)); Node d = new Node(redis.url(), TwoNodes.LONG)) {
			String id = c.begin();
			Link here = c.open(id);
			await().until(() -> here.idle().compareTo(Duration.ofMillis(1_500)) > 0);

			here.active();

			await().until(() -> Duration.between(d.read(id).getLastAccessedTime(), Instant.now())
				.compareTo(Duration.ofMillis(1_000)) < 0);
		}
	}

	@Test
	void useOnOneNodeKeepsTheLinksOfAllAndSilenceEndsThemOnTime() {
		Duration brief = Duration.ofSeconds(2);
		try (Node c = new Node(redis.url(), brief); Node d = new Node(redis.url(), brief)) {
			String id = c.begin();
			Link used = c.open(id);
			Link silent = d.open(id);
			String alone = c.begin();
			Link unused = d.open(alone);

			long start = System.nanoTime();
			await().pollInterval(Duration.ofMillis(100)).until(() -> {
				used.active();
				return System.nanoTime() - start > Duration.ofSeconds(4).toNanos();
			});

			assertThat(silent.endCause()).isNull();
			assertThat(unused.endCause()).isEqualTo(EndCause.EXPIRED);
			assertThat(Node.end(silent)).isEqualTo(EndCause.EXPIRED);
			assertThat(Node.end(used)).isEqualTo(EndCause.EXPIRED);
			assertThat(c.sessions().findById(id)).isNull();
		}
	}

	@Test
	void applicationsAtOtherPathsShareNothing() {
		try (Node inner = new Node(redis.url(), TwoNodes.LONG, TwoNodes.GRACE, "/app/inner")) {
			String id = a.begin();

			assertThat(inner.sessions().findById(id)).isNull();
			Link there = inner.open(inner.begin());
			a.sessions().deleteById(id);
			assertThat(there.endCause()).isNull();
		}
	}

	@Test
	void aCauseOfALaterVersionIsAnEnd() {
		String id = a.begin();
		Link link = b.open(id);
		String hash = Records.hash(link.key());

		redis.ask().set("{sessionlink:/app}:end:" + hash, "session-beamed-up");
		redis.ask().publish("{sessionlink:/app}:news", "ended " + hash + " session-beamed-up");

		assertThat(Node.end(link)).isEqualTo(EndCause.ENDED);
	}

	@Test
	void newsThatMakeNoSenseDoNoHarm() {
		String id = a.begin();
		Link link = b.open(id);
		for (String nonsense : List.of("", "ended", "changed x y", "later words of another version",
				"changed " + Records.hash(link.key()) + " many")) {
			redis.ask().publish("{sessionlink:/app}:news", nonsense);
		}

		a.sessions().deleteById(id);

		assertThat(Node.end(link)).isEqualTo(EndCause.ENDED);
	}

	@Test
	void whatCannotBeReadIsRefusedAndLeftAlone() {
		String id = a.begin();
		String hash = Records.hash(a.read(id).key().value());
		redis.ask().hset("{sessionlink:/app}:link:" + hash, "@cart", "no Java at all");

		assertThatExceptionOfType(UnreadableSessionException.class).isThrownBy(() -> b.sessions().findById(id))
			.withMessageContaining("'cart'");
		assertThat(redis.ask().exists("{sessionlink:/app}:link:" + hash)).isOne();
	}

	@Test
	void whatCannotBeKeptIsNamed() {
		SharedSession session = a.read(a.begin());
		session.setAttribute("thread", Thread.currentThread());

		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> a.sessions().save(session))
			.withMessageContaining("'thread'")
			.withMessageContaining("Serializable");
	}

	@Test
	void aMessageMethodUsesTheLiveSession() {
		String id = a.begin();
		String key = a.open(id).key();

		String before = a.sessions().use(key, (session) -> {
			session.setAttribute("cart", "two pears");
			return session.getId();
		});

		assertThat(before).isEqualTo(id);
		assertThat(b.read(id).<String>getAttribute("cart")).isEqualTo("two pears");
		b.sessions().deleteById(id);
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> a.sessions().use(key, (session) -> session.getId()));
	}

	@Test
	void aSessionOfNoTimeoutStays() {
		try (Node c = new Node(redis.url(), Duration.ZERO)) {
			String id = c.begin();
			Link link = c.open(id);

			assertThat(link.timeout()).isNull();
			assertThat(redis.ask().pttl("{sessionlink:/app}:id:" + id)).isEqualTo(-1);
		}
	}

	@Test
	void nothingIsLeftOfWhatHasEnded() {
		try (Node c = new Node(redis.url(), TwoNodes.LONG, TwoNodes.GRACE, "/clean")) {
			for (int i = 0; i < 20; i++) {
				c.open(c.begin()).end(EndCause.ENDED);
			}

			await().untilAsserted(() -> assertThat(redis.ask().keys("{sessionlink:/clean}:*"))
				.allMatch((key) -> key.contains(":end:") || key.endsWith(":nodes") || key.endsWith(":names")));
			assertThat(redis.ask().keys("{sessionlink:/clean}:end:*"))
				.allSatisfy((key) -> assertThat(redis.ask().ttl(key)).isBetween(3_000L, 3_600L));
		}
	}

}
