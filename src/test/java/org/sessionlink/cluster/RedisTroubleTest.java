package org.sessionlink.cluster;

import java.time.Duration;

import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.KillArgs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.cluster.Node.Given;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Link;
import org.sessionlink.link.Refused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What a Redis that does not do as it should does to people: nobody is ended by it (B21).
 */
class RedisTroubleTest {

	private static final Duration LONG = Duration.ofMinutes(30);

	private final RealRedis redis = new RealRedis();

	private Node a;

	private Node b;

	@BeforeEach
	void start() {
		this.a = new Node(this.redis.url(), LONG);
		this.b = new Node(this.redis.url(), LONG, Duration.ofSeconds(3), "/app");
	}

	@AfterEach
	void stop() {
		this.a.close();
		this.b.close();
		this.redis.close();
	}

	private void awaitAway(Node node, String part) {
		await().untilAsserted(() -> assertThat(node.cluster.concern()).contains(part));
	}

	private void awaitBack(Node node) {
		await().until(() -> node.cluster.concern() == null);
	}

	@Test
	void oneThatStandsStillIsNoEndAndWhatEndedMeanwhileIsToldAfterwards() {
		String id = this.a.sessions().createSession().getId();
		Link here = this.a.open(id);
		Link there = this.b.open(id);
		Given socket = new Given();
		there.add(socket);

		this.redis.freeze();
		awaitAway(this.a, "cannot be reached");

		assertThatExceptionOfType(StoreAwayException.class).isThrownBy(() -> this.a.sessions().findById(id));
		assertThat(this.a.cluster.ready()).isTrue();
		here.end(EndCause.KICKED);
		assertThat(here.endCause()).isEqualTo(EndCause.KICKED);
		// Its grace is three seconds.
		await().untilAsserted(() -> assertThat(socket.reasons).contains(Refused.STORE_AWAY));
		assertThat(this.b.cluster.ready()).isFalse();
		assertThat(there.endCause()).isNull();

		this.redis.thaw();
		awaitBack(this.a);
		assertThat(Node.end(there)).isEqualTo(EndCause.KICKED);
		awaitBack(this.b);
		assertThat(this.b.cluster.ready()).isTrue();
	}

	@Test
	void aSessionThatWasUsedWhileItWasAwayDoesNotExpireOnceItIsBack() {
		try (Node c = new Node(this.redis.url(), Duration.ofSeconds(2))) {
			String id = c.sessions().createSession().getId();
			Link link = c.open(id);
			this.redis.freeze();
			awaitAway(c, "cannot be reached");
			long start = System.nanoTime();
			await().pollInterval(Duration.ofMillis(200)).until(() -> {
				link.active();
				return System.nanoTime() - start > Duration.ofSeconds(3).toNanos();
			});

			this.redis.thaw();
			await().pollInterval(Duration.ofMillis(200)).until(() -> {
				link.active();
				return c.cluster.concern() == null;
			});

			await().pollInterval(Duration.ofMillis(200)).until(() -> {
				link.active();
				return System.nanoTime() - start > Duration.ofSeconds(6).toNanos();
			});
			assertThat(link.endCause()).isNull();
			assertThat(c.sessions().findById(id)).isNotNull();
		}
	}

	@Test
	void oneThatIsFullCountsAsAway() {
		this.redis.ask().configSet("maxmemory", "1");

		awaitAway(this.a, "is full");

		this.redis.ask().configSet("maxmemory", "0");
		awaitBack(this.a);
	}

	@Test
	void oneThatHasBecomeAReplicaCountsAsAwayAndEndsNobody() {
		String id = this.a.sessions().createSession().getId();
		Link link = this.a.open(id);

		this.redis.ask().replicaof("127.0.0.1", 1);
		await().untilAsserted(() -> assertThat(this.a.cluster.concern()).isNotNull());

		this.redis.ask().replicaofNoOne();
		awaitBack(this.a);
		assertThat(link.endCause()).isNull();
		assertThat(this.a.sessions().findById(id)).isNotNull();
	}

	@Test
	void aWrongPasswordIsSaidWithWhatToDo() {
		this.redis.ask().aclSetuser("app", AclSetuserArgs.Builder.on().addPassword("right"));
		try (Node c = new Node(this.redis.url("app", "wrong"), LONG)) {
			assertThat(c.cluster.concern()).contains("password of sessionlink.redis.url").doesNotContain("wrong");
		}
	}

	@Test
	void rightsThatAreMissingAreSaid() {
		this.redis.ask().aclSetuser("app", AclSetuserArgs.Builder.on().addPassword("right"));
		try (Node c = new Node(this.redis.url("app", "right"), LONG)) {
			assertThat(c.cluster.concern()).contains("all that is needed");
		}
	}

	@Test
	void newsAreHeardAgainOnceTheirRightIsGivenBack() {
		this.redis.ask()
			.aclSetuser("app", AclSetuserArgs.Builder.on().addPassword("right").allKeys().allChannels().allCommands());
		try (Node c = new Node(this.redis.url("app", "right"), LONG)) {
			assertThat(c.cluster.concern()).isNull();
			this.redis.ask().aclSetuser("app", AclSetuserArgs.Builder.resetChannels());
			// As Redis does by itself from version 7 on.
			this.redis.ask().clientKill(KillArgs.Builder.typePubsub());
			await().until(() -> c.cluster.concern() != null);
			this.redis.ask().aclSetuser("app", AclSetuserArgs.Builder.allChannels());
			awaitBack(c);
			String id = this.a.sessions().createSession().getId();
			Link link = c.open(id);

			this.a.sessions().deleteById(id);

			assertThat(Node.end(link)).isEqualTo(EndCause.ENDED);
		}
	}

	@Test
	void oneThatWasEmptiedEndsNobodyAtOnce() {
		String id = this.a.sessions().createSession().getId();
		Link patient = this.a.open(id);
		Link impatient = this.b.open(id);

		this.redis.ask().flushall();

		// Looked at within nine seconds, and its grace is three.
		assertThat(Node.end(impatient)).isEqualTo(EndCause.ENDED);
		assertThat(patient.endCause()).isIn(null, EndCause.ENDED);
	}

	@Test
	void aNodeThatStartsBeforeRedisTakesItUpWhenItIsThere() {
		this.redis.freeze();
		try (Node early = new Node(this.redis.url(), LONG)) {
			assertThat(early.cluster.concern()).contains("cannot be reached");
			assertThatExceptionOfType(StoreAwayException.class).isThrownBy(() -> early.sessions().createSession());

			this.redis.thaw();

			awaitBack(early);
			assertThat(early.sessions().createSession().getId()).isNotEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "HTTP/1.1 400 Bad Request\r\n\r\n", "+OK\r\n" })
	void whatIsNoRedisCountsAsAwayAndTheNodeStartsAndStops(String answer) throws Exception {
		try (StrangeServer strange = new StrangeServer(answer)) {
			long start = System.nanoTime();
			try (Node c = new Node(strange.url(), LONG)) {
				assertThat(c.cluster.concern()).contains("cannot be reached");
				assertThatExceptionOfType(StoreAwayException.class).isThrownBy(() -> c.sessions().createSession());
			}

			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
		}
	}

	@Test
	void whatHasEndedStaysSoWhereAReplicaTakesOverThatHasNotHeardOfIt() {
		String id = this.a.sessions().createSession().getId();
		Link here = this.a.open(id);
		this.b.open(id);
		String record = "{sessionlink:/app}:link:" + Records.hash(here.key());
		String name = "{sessionlink:/app}:id:" + id;
		this.redis.ask().copy(record, "copy of the record");
		this.redis.ask().copy(name, "copy of the name");
		here.end(EndCause.KICKED);
		await().until(() -> this.b.sessions().findById(id) == null);

		this.redis.ask().multi();
		this.redis.ask().del("{sessionlink:/app}:end:" + Records.hash(here.key()));
		this.redis.ask().rename("copy of the record", record);
		this.redis.ask().rename("copy of the name", name);
		this.redis.ask().exec();
		this.redis.ask().clientKill(KillArgs.Builder.skipme());

		await().ignoreException(StoreAwayException.class).until(() -> this.b.sessions().findById(id) == null);
		assertThat(this.redis.ask().exists(record, name)).isZero();
	}

	@Test
	void allConnectionsThatBreakAreMadeAgain() {
		this.redis.ask().clientKill(KillArgs.Builder.skipme());

		String id = await().ignoreException(StoreAwayException.class)
			.until(() -> this.a.sessions().createSession().getId(), (made) -> true);
		Link link = await().ignoreException(StoreAwayException.class).until(() -> this.b.open(id), (open) -> true);
		await().until(() -> this.b.cluster.concern() == null && this.a.cluster.concern() == null);
		this.a.sessions().deleteById(id);

		assertThat(Node.end(link)).isEqualTo(EndCause.ENDED);
	}

}
