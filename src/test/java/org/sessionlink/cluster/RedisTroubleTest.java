package org.sessionlink.cluster;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import io.lettuce.core.AclCategory;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.KillArgs;
import io.lettuce.core.protocol.CommandType;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.RecordedLog;
import org.sessionlink.cluster.Node.Given;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Link;
import org.sessionlink.link.Refused;
import org.sessionlink.link.UserLimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What a Redis that does not do as it should does to people: nobody is ended by it (B21).
 */
@Execution(ExecutionMode.CONCURRENT)
class RedisTroubleTest {

	/** Of the second node. */
	private static final Duration BRIEF_GRACE = Duration.ofSeconds(3);

	@AutoClose
	private final TwoNodes nodes = new TwoNodes(BRIEF_GRACE);

	private final RealRedis redis = this.nodes.redis;

	private final Node a = this.nodes.a;

	private final Node b = this.nodes.b;

	private void awaitAway(Node node, String part) {
		await().untilAsserted(() -> assertThat(node.cluster.concern()).contains(part));
	}

	private void awaitBack(Node node) {
		await().until(() -> node.cluster.concern() == null);
	}

	@Test
	void oneThatStandsStillIsNoEndAndWhatEndedMeanwhileIsToldAfterwards() {
		String id = this.a.begin();
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
			String id = c.begin();
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
	void oneThatThrowsSessionsAwayIsWarnedOfOnce() {
		this.redis.ask().configSet("maxmemory-policy", "allkeys-lru");
		try (RecordedLog log = RecordedLog.of(StoreWatch.class)) {
			try (Node c = new Node(this.redis.url(), TwoNodes.LONG)) {
				// There is room for all.
				assertThat(c.cluster.throwsAway()).isFalse();
			}
			this.redis.ask().configSet("maxmemory", "1gb");
			try (Node c = new Node(this.redis.url(), TwoNodes.LONG)) {
				assertThat(c.cluster.throwsAway()).isTrue();
				assertThat(c.cluster.concern()).isNull();
			}
			assertThat(log.lines()).filteredOn((line) -> line.contains("maxmemory-policy"))
				.singleElement()
				.asString()
				.contains("allkeys-lru", "noeviction");
		}
	}

	@Test
	void theRightsThatAreAskedForAreEnough() {
		this.redis.ask().configSet("maxmemory-policy", "allkeys-lru");
		this.redis.ask().configSet("maxmemory", "1gb");
		AclSetuserArgs rights = AclSetuserArgs.Builder.on().addPassword("right").allKeys().allChannels();
		List.of(AclCategory.READ, AclCategory.WRITE, AclCategory.SCRIPTING, AclCategory.PUBSUB, AclCategory.CONNECTION)
			.forEach(rights::addCategory);
		this.redis.ask().aclSetuser("app", rights);
		try (Node c = new Node(this.redis.url("app", "right"), TwoNodes.LONG)) {
			assertThat(c.cluster.concern()).contains("and the command TIME");
			this.redis.ask().aclSetuser("app", AclSetuserArgs.Builder.addCommand(CommandType.TIME));
			awaitBack(c);

			String id = this.a.begin();
			Link link = c.open(id);
			c.login(id, "ada");
			link.end(EndCause.KICKED);

			await().until(() -> this.a.cluster.elsewhere().all().isEmpty());
			// Which it may not ask.
			assertThat(c.cluster.throwsAway()).isFalse();
		}
	}

	@Test
	void oneThatHasBecomeAReplicaCountsAsAwayAndEndsNobody() {
		String id = this.a.begin();
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
		try (Node c = new Node(this.redis.url("app", "wrong"), TwoNodes.LONG)) {
			assertThat(c.cluster.concern()).contains("password of sessionlink.redis.url").doesNotContain("wrong");
		}
	}

	@Test
	void rightsThatAreMissingAreSaid() {
		this.redis.ask().aclSetuser("app", AclSetuserArgs.Builder.on().addPassword("right"));
		try (Node c = new Node(this.redis.url("app", "right"), TwoNodes.LONG)) {
			assertThat(c.cluster.concern()).contains("all that is needed");
		}
	}

	@Test
	void newsAreHeardAgainOnceTheirRightIsGivenBack() {
		this.redis.ask()
			.aclSetuser("app", AclSetuserArgs.Builder.on().addPassword("right").allKeys().allChannels().allCommands());
		try (Node c = new Node(this.redis.url("app", "right"), TwoNodes.LONG)) {
			assertThat(c.cluster.concern()).isNull();
			this.redis.ask().aclSetuser("app", AclSetuserArgs.Builder.resetChannels());
			// As Redis does by itself from version 7 on.
			this.redis.ask().clientKill(KillArgs.Builder.typePubsub());
			await().until(() -> c.cluster.concern() != null);
			this.redis.ask().aclSetuser("app", AclSetuserArgs.Builder.allChannels());
			awaitBack(c);
			String id = this.a.begin();
			Link link = c.open(id);

			this.a.sessions().deleteById(id);

			assertThat(Node.end(link)).isEqualTo(EndCause.ENDED);
		}
	}

	@Test
	void oneThatWasEmptiedEndsNobodyAtOnce() {
		String id = this.a.begin();
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
		try (Node early = new Node(this.redis.url(), TwoNodes.LONG)) {
			assertThat(early.cluster.concern()).contains("cannot be reached");
			assertThatExceptionOfType(StoreAwayException.class).isThrownBy(() -> early.sessions().createSession());

			this.redis.thaw();

			awaitBack(early);
			assertThat(early.begin()).isNotEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "HTTP/1.1 400 Bad Request\r\n\r\n", "+OK\r\n" })
	void whatIsNoRedisCountsAsAwayAndTheNodeStartsAndStops(String answer) throws Exception {
		try (StrangeServer strange = new StrangeServer(answer)) {
			long start = System.nanoTime();
			try (Node c = new Node(strange.url(), TwoNodes.LONG)) {
				assertThat(c.cluster.concern()).contains("cannot be reached");
				assertThatExceptionOfType(StoreAwayException.class).isThrownBy(() -> c.sessions().createSession());
			}

			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
		}
	}

	@ParameterizedTest
	@EnumSource
	void whatHasEndedStaysSoWhereAReplicaTakesOverThatHasNotHeardOfIt(WayToEnd way) {
		String id = this.a.begin();
		SharedSession session = this.a.read(id);
		Lagging replica = new Lagging(this.redis, session);

		way.end(this.a, session);
		await().until(() -> this.b.sessions().findById(session.getId()) == null);
		replica.takeOver();

		await().untilAsserted(() -> assertThat(replica.knowsOf()).isFalse());
	}

	/** By which sessions end that have no socket anywhere. */
	private enum WayToEnd {

		LOGOUT {
			@Override
			void end(Node node, SharedSession session) {
				node.sessions().deleteById(session.getId());
			}
		},

		LINK {
			@Override
			void end(Node node, SharedSession session) {
				node.open(session.getId()).end(EndCause.KICKED);
			}
		},

		OPERATOR {
			@Override
			void end(Node node, SharedSession session) {
				String hash = Records.hash(session.key().value());
				assertThat(node.cluster.elsewhere().end(Set.of(hash), EndCause.KICKED)).containsExactly(hash);
			}
		},

		TIME {
			@Override
			void end(Node node, SharedSession session) {
				session.setMaxInactiveInterval(Duration.ofMillis(1));
				node.sessions().save(session);
			}
		};

		abstract void end(Node node, SharedSession session);

	}

	@Test
	void whoWasReplacedStaysSoWhereAReplicaTakesOverThatHasNotHeardOfIt() {
		UserLimit one = new UserLimit(1, false);
		String id;
		try (Node gone = new Node(this.redis.url(), TwoNodes.LONG, TwoNodes.GRACE, "/app", one)) {
			id = gone.begin();
			gone.open(id);
			id = gone.login(id, "ada");
		}
		SharedSession first = this.b.read(id);
		Lagging replica = new Lagging(this.redis, first);
		try (Node c = new Node(this.redis.url(), TwoNodes.LONG, TwoNodes.GRACE, "/app", one)) {
			String second = c.begin();
			c.open(second);

			c.login(second, "ada");
			await().until(() -> this.b.sessions().findById(first.getId()) == null);
			replica.takeOver();

			await().untilAsserted(() -> assertThat(replica.knowsOf()).isFalse());
		}
	}

	@Test
	void nobodyIsServedByAReplicaBeforeItHasHeardWhoHasEnded() {
		String id = this.a.begin();
		Lagging replica = new Lagging(this.redis, this.a.read(id));
		this.a.sessions().deleteById(id);

		replica.takeOver();

		for (Node node : List.of(this.a, this.b)) {
			// Whatever it answers, and until it does.
			await().pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(1))
				.ignoreException(StoreAwayException.class)
				.until(() -> {
					assertThat(node.sessions().findById(id)).isNull();
					return node.cluster.concern() == null;
				});
		}
	}

	@Test
	void whoReadsWhileItIsExchangedIsRefused() {
		String id = this.a.begin();
		SharedSession session = this.a.read(id);
		session.setAttribute("hook", new Hook());
		this.a.sessions().save(session);
		StoreWatch watch = this.a.cluster.watch();
		Hook.whileRead = () -> {
			await().until(() -> watch.upFor().compareTo(Duration.ofSeconds(1)) > 0);
			this.redis.ask().clientKill(KillArgs.Builder.skipme());
			await().until(() -> watch.isUp() && watch.upFor().compareTo(Duration.ofSeconds(1)) < 0);
		};

		assertThatExceptionOfType(StoreAwayException.class).isThrownBy(() -> this.a.sessions().findById(id));

		Hook.whileRead = () -> {
		};
		assertThat(this.a.sessions().findById(id)).isNotNull();
	}

	/** Does something while it is read. */
	private static final class Hook implements Serializable {

		private static final long serialVersionUID = 1;

		static volatile Runnable whileRead = () -> {
		};

		private void readObject(ObjectInputStream in) {
			whileRead.run();
		}

	}

	/** What a replica has of a session, as it is once it has missed what came later. */
	private static final class Lagging {

		private final RealRedis redis;

		private final String hash;

		private final String id;

		Lagging(RealRedis redis, SharedSession session) {
			this.redis = redis;
			this.hash = Records.hash(session.key().value());
			this.id = session.getId();
			redis.ask().copy(record(), "copy of the record");
			redis.ask().copy(name(), "copy of the name");
		}

		private String record() {
			return "{sessionlink:/app}:link:" + this.hash;
		}

		private String name() {
			return "{sessionlink:/app}:id:" + this.id;
		}

		/** Takes the place of the other, to which no connection is left. */
		void takeOver() {
			this.redis.ask().multi();
			this.redis.ask().del("{sessionlink:/app}:end:" + this.hash);
			this.redis.ask().rename("copy of the record", record());
			this.redis.ask().rename("copy of the name", name());
			this.redis.ask().exec();
			this.redis.ask().clientKill(KillArgs.Builder.skipme());
		}

		boolean knowsOf() {
			return this.redis.ask().exists(record(), name()) > 0;
		}

	}

	@Test
	void whateverFailsWhileItIsTriedCountsAsAway() {
		try (Redis own = new Redis(this.redis.url(), "{own}:", List.of("none"), (channel, message) -> {
		})) {
			StoreWatch watch = new StoreWatch(own, new Nodes("alone", "alone"), TwoNodes.GRACE, () -> {
				throw new IllegalStateException("told to");
			}, System::nanoTime);
			watch.pulse();
			assertThat(watch.isUp()).isTrue();
			own.disconnect();

			assertThat(watch.pulse()).isFalse();

			assertThat(watch.isUp()).isFalse();
			assertThat(watch.upFor()).isZero();
		}
	}

	@Test
	void newsThatBreakOffAreHeardAgainBesideWhatGoesOn() {
		List<String> heard = new CopyOnWriteArrayList<>();
		try (Redis own = new Redis(this.redis.url(), "{own}:", List.of("news"),
				(channel, message) -> heard.add(channel + " " + Redis.text(message)))) {
			List<String> first = new ArrayList<>();
			StoreWatch watch = new StoreWatch(own, new Nodes("alone", "alone"), TwoNodes.GRACE,
					() -> first.add("looks"), System::nanoTime);
			watch.pulse();
			Object era = watch.era();
			Object news = watch.news();
			this.redis.ask().clientKill(KillArgs.Builder.typePubsub());
			await().until(() -> !own.isConnected());

			assertThat(watch.pulse()).isTrue();

			assertThat(watch.era()).isSameAs(era);
			assertThat(watch.news()).isNotSameAs(news);
			assertThat(first).containsExactly("looks");
			own.publish("news", List.of("hello"));
			await().untilAsserted(() -> assertThat(heard).contains("news hello"));
			assertThat(watch.pulse()).isFalse();
		}
	}

	@Test
	void newsAreHeardOfNoOtherServerThanTheOneWhereThingsAreDone() throws IOException {
		try (RealRedis other = new RealRedis();
				Name name = new Name(this.redis);
				Redis own = new Redis(name.url(), "{own}:", List.of("news"), (channel, message) -> {
				})) {
			StoreWatch watch = new StoreWatch(own, new Nodes("alone", "alone"), TwoNodes.GRACE, () -> {
			}, System::nanoTime);
			watch.pulse();
			Object era = watch.era();
			name.standFor(other);
			this.redis.ask().clientKill(KillArgs.Builder.typePubsub());
			await().until(() -> !own.isConnected());

			assertThat(watch.pulse()).isTrue();

			assertThat(watch.era()).isNotSameAs(era);
			assertThat(other.ask().keys("{own}:*")).isNotEmpty();
		}
	}

	/** What a server is reached by, be it another one later. */
	private static final class Name implements AutoCloseable {

		private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

		private volatile URI server;

		Name(RealRedis first) throws IOException {
			standFor(first);
			start(() -> {
				while (true) {
					Socket here = this.door.accept();
					Socket there = new Socket(this.server.getHost(), this.server.getPort());
					start(() -> carry(here, there));
					start(() -> carry(there, here));
				}
			});
		}

		/** From the next connection on. */
		void standFor(RealRedis now) {
			this.server = URI.create(now.url());
		}

		String url() {
			return "redis://127.0.0.1:" + this.door.getLocalPort();
		}

		private static void carry(Socket from, Socket to) throws IOException {
			try (from; to) {
				from.getInputStream().transferTo(to.getOutputStream());
			}
		}

		private static void start(Carrying carrying) {
			Thread thread = new Thread(() -> {
				try {
					carrying.run();
				}
				catch (IOException ex) {
					// One end is closed.
				}
			}, "name");
			thread.setDaemon(true);
			thread.start();
		}

		@Override
		public void close() throws IOException {
			this.door.close();
		}

		@FunctionalInterface
		private interface Carrying {

			void run() throws IOException;

		}

	}

	@Test
	void allConnectionsThatBreakAreMadeAgain() {
		this.redis.ask().clientKill(KillArgs.Builder.skipme());

		String id = await().ignoreException(StoreAwayException.class).until(() -> this.a.begin(), (made) -> true);
		Link link = await().ignoreException(StoreAwayException.class).until(() -> this.b.open(id), (open) -> true);
		await().until(() -> this.b.cluster.concern() == null && this.a.cluster.concern() == null);
		this.a.sessions().deleteById(id);

		assertThat(Node.end(link)).isEqualTo(EndCause.ENDED);
	}

}
