package org.sessionlink.cluster;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Hall;
import org.sessionlink.link.Link;
import org.sessionlink.link.Present;
import org.sessionlink.link.Subscription;
import org.sessionlink.link.UserLimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B37 on two nodes that share a Redis, whatever becomes of that. */
@Execution(ExecutionMode.CONCURRENT)
class SharedPresenceTest {

	private static final String ROOM = "/topic/room";

	private static final Duration GRACE = Duration.ofSeconds(2);

	/** Of the second node, without Redis. */
	private static final Duration BRIEF = Duration.ofSeconds(3);

	@AutoClose
	private final RealRedis redis = new RealRedis();

	@AutoClose
	private final Node a = node(TwoNodes.GRACE, true);

	@AutoClose
	private final Node b = node(BRIEF, true);

	private final Hall atA = hall(this.a);

	private final Hall atB = hall(this.b);

	private Node node(Duration grace, boolean presence) {
		return new Node(this.redis.url(), TwoNodes.LONG, grace, "/app", UserLimit.NONE, presence);
	}

	private static Hall hall(Node node) {
		return hall(node, GRACE);
	}

	private static Hall hall(Node node, Duration grace) {
		Hall hall = new Hall(node.threads, grace, 0, node.links);
		node.cluster.presence().share(hall.presence);
		return hall;
	}

	private String begin(String name) {
		return this.a.login(this.a.begin(), name);
	}

	private static void awaitUsers(Hall hall, String... users) {
		await().untilAsserted(
				() -> assertThat(hall.presence.at(ROOM)).extracting(Present::user).containsExactlyInAnyOrder(users));
	}

	@Test
	void aPersonAtBothNodesIsTheSameAndHasThemBoth() {
		String id = begin("ada");

		this.atA.tab(this.a.open(id)).enter(ROOM);
		awaitUsers(this.atB, "ada");
		this.atB.tab(this.b.open(id)).enter(ROOM);

		for (Hall hall : List.of(this.atA, this.atB)) {
			await().untilAsserted(() -> assertThat(hall.presence.at(ROOM)).singleElement().satisfies((ada) -> {
				assertThat(ada.sockets()).hasSize(2);
				assertThat(ada.nodes()).containsExactlyInAnyOrder(this.a.cluster.nodes().name(),
						this.b.cluster.nodes().name());
			}));
		}
		this.b.open(id).end(EndCause.ENDED);
		awaitUsers(this.atA);
		awaitUsers(this.atB);
	}

	@Test
	void whoMovesFromANodeThatStopsToAnotherHasNeverLeftAndWhoDoesNotHasAfterTheGrace() {
		Subscription watching = this.atB.tab(this.b.open(begin("bob"))).watch(ROOM);
		String ada = begin("ada");
		this.atA.tab(this.a.open(ada)).enter(ROOM);
		this.atA.tab(this.a.open(begin("eve"))).enter(ROOM);
		await().until(() -> List.of("ada", "bob", "eve").equals(this.atB.seenBy(watching)));
		this.atB.said();

		this.a.cluster.presence().unshare(this.atA.presence);
		this.a.close();
		this.atB.tab(this.b.open(ada)).enter(ROOM);
		await().until(() -> List.of("ada", "bob").equals(this.atB.seenBy(watching)));

		assertThat(this.atB.said()).containsExactly("-eve");
		assertThat(this.atB.complaints()).isEmpty();
	}

	@Test
	void whileRedisStandsStillNobodyLeavesUntilTheNodeKnowsOnlyItsOwnAndAfterItAllAreKnown() {
		Subscription watching = this.atA.tab(this.a.open(begin("bob"))).watch(ROOM);
		this.atB.tab(this.b.open(begin("ada"))).enter(ROOM);
		await().until(() -> List.of("ada", "bob").equals(this.atA.seenBy(watching)));
		awaitUsers(this.atB, "ada", "bob");
		this.atA.said();

		this.redis.freeze();
		awaitUsers(this.atB, "ada");
		assertThat(this.b.cluster.ready()).isFalse();
		this.atA.tab(this.a.links.ofUser("bob").get(0)).enter("/topic/another");
		this.redis.thaw();

		awaitUsers(this.atB, "ada", "bob");
		await().until(() -> !this.atB.presence.at("/topic/another").isEmpty());
		assertThat(this.atA.said()).isEmpty();
		assertThat(this.atA.seenBy(watching)).containsExactly("ada", "bob");
	}

	@Test
	void whatStrangersDoWhileRedisIsAwayIsNotRememberedAndStillKnownAfterwards() {
		Hall.Tab tab = this.atA.tab(this.a.open(begin("ada")));
		tab.enter("/topic/before");
		await().until(() -> !this.atB.presence.at("/topic/before").isEmpty());

		this.redis.freeze();
		await().until(() -> !this.a.cluster.watch().isUp());
		IntStream.range(0, 1_000).forEach((i) -> tab.unsubscribe(tab.enter("/topic/" + i)));
		tab.enter(ROOM);
		await().until(() -> this.a.cluster.presence().waiting() == 0);
		assertThat(this.a.cluster.watch().isUp()).isFalse();
		this.redis.thaw();

		awaitUsers(this.atB, "ada");
	}

	@Test
	void whatIsToldWhileTheConnectionForNewsIsBrokenIsKnownOnceItIsMadeAnew() {
		this.atA.tab(this.a.open(begin("ada"))).enter(ROOM);
		awaitUsers(this.atB, "ada");
		Link eve = this.a.open(begin("eve"));

		this.redis.ask().clientKill(KillArgs.Builder.typePubsub());
		this.atA.tab(eve).enter(ROOM);

		awaitUsers(this.atB, "ada", "eve");
		awaitUsers(this.atA, "ada", "eve");
	}

	@Test
	void howeverOftenSomebodyComesAndGoesOthersAreToldFiveTimesASecondAtMost() {
		Hall.Tab tab = this.atA.tab(this.a.open(begin("ada")));
		awaitUsers(this.atB);
		AtomicInteger messages = new AtomicInteger();
		RedisClient client = RedisClient.create(this.redis.url());
		StatefulRedisPubSubConnection<String, String> listening = client.connectPubSub();
		listening.addListener(new RedisPubSubAdapter<>() {

			@Override
			public void message(String channel, String message) {
				if (message.startsWith("now ")) {
					messages.incrementAndGet();
				}
			}

		});
		listening.sync().subscribe("{sessionlink:/app}:presence");

		long start = System.nanoTime();
		for (int i = 0; i < 20_000; i++) {
			tab.unsubscribe(tab.enter(ROOM));
		}
		tab.enter(ROOM);
		awaitUsers(this.atB, "ada");
		long paces = (System.nanoTime() - start) / SharedPresence.PACE.toNanos();

		assertThat(messages.get()).isBetween(1, (int) paces + 1);
		client.shutdown();
	}

	@Test
	void aRedisThatIsEmptiedIsNoLeaveOfThoseByNodesThatItHasForgotten() {
		Hall oneAtA = hall(this.a, Duration.ZERO);
		Hall oneAtB = hall(this.b, Duration.ZERO);
		Link bob = this.a.open(begin("bob"));
		Link eve = this.b.open(begin("eve"));
		Link dan = this.a.open(begin("dan"));
		Subscription watchingAtA = oneAtA.tab(bob).watch(ROOM);
		Subscription watchingAtB = oneAtB.tab(eve).watch(ROOM);
		await().until(() -> List.of("bob", "eve").equals(oneAtA.seenBy(watchingAtA))
				&& List.of("bob", "eve").equals(oneAtB.seenBy(watchingAtB)));
		await().until(() -> !this.a.cluster.nodes().others().isEmpty() && !this.b.cluster.nodes().others().isEmpty());
		oneAtA.said();
		oneAtB.said();

		this.redis.ask().flushall();
		String node = this.a.cluster.nodes().id();
		await().until(() -> this.redis.ask().zscore("{sessionlink:/app}:nodes", node) != null);
		await().until(() -> this.b.cluster.nodes().others().containsKey(node));
		oneAtA.tab(dan).enter(ROOM);

		await().until(() -> List.of("bob", "dan", "eve").equals(oneAtB.seenBy(watchingAtB)));
		assertThat(oneAtA.said()).containsOnlyOnce("+dan").doesNotContain("-eve");
		assertThat(oneAtB.said()).containsExactly("+dan");
	}

	@Test
	void aNodeThatStartsLaterKnowsWhoIsThereAndAContextThatIsMadeAnewToo() {
		this.atA.tab(this.a.open(begin("ada"))).enter(ROOM);

		try (Node late = node(TwoNodes.GRACE, true)) {
			Hall first = hall(late);
			awaitUsers(first, "ada");
			String id = begin("eve");
			first.tab(late.open(id)).enter(ROOM);
			awaitUsers(this.atB, "ada", "eve");

			late.cluster.presence().unshare(first.presence);
			Hall second = hall(late);

			awaitUsers(second, "ada");
			awaitUsers(this.atB, "ada");
		}
	}

	@Test
	void whereNoDestinationHasPresenceNothingIsSaidAndNothingHeard() {
		try (Node without = node(TwoNodes.GRACE, false)) {
			String channel = "{sessionlink:/app}:presence:";
			Hall hall = hall(without);

			hall.tab(without.open(begin("ada"))).enter(ROOM);

			assertThat(hall.presence.at(ROOM)).singleElement().extracting(Present::nodes).isEqualTo(List.of());
			assertThat(this.redis.ask().pubsubChannels("*" + channel + "*")).containsExactlyInAnyOrder(
					channel + this.a.cluster.nodes().id(), channel + this.b.cluster.nodes().id());
		}
	}

}
