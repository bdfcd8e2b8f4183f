package org.sessionlink;

import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.lettuce.core.KillArgs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.InProcess.Peer;
import org.sessionlink.InProcess.Received;
import org.sessionlink.cluster.RealRedis;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;

import org.springframework.messaging.MessageDeliveryException;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;
import org.springframework.web.socket.TextMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * B31, B51 with two servers and one Redis: whoever comes back at another one gets what
 * was missed, wherever it was published, once and in one order.
 */
@Execution(ExecutionMode.CONCURRENT)
class SharedHistoryTest {

	private static final Duration SOON = Duration.ofMillis(1);

	private final RealRedis redis = new RealRedis();

	private Class<?> application = MissedMessagesTest.Topics.class;

	private InProcess a;

	private InProcess b;

	@AfterEach
	void stop() {
		this.redis.thaw();
		Stream.of(this.a, this.b).filter((server) -> server != null).forEach(InProcess::close);
		this.redis.close();
	}

	private void start(String keep) {
		start(keep, Map.of());
	}

	private void start(String keep, Map<String, String> further) {
		this.a = server(keep, further);
		this.b = server(keep, further);
	}

	private InProcess server(String keep, Map<String, String> further) {
		Map<String, String> settings = new HashMap<>(
				Map.of("sessionlink.destinations.keep", keep, "sessionlink.redis.url", this.redis.url(),
						"sessionlink.redis.grace", "1h", "sessionlink.redis.namespace", "test"));
		settings.putAll(further);
		return InProcess.onSessionLink(this.application, settings);
	}

	@Test
	void aMessageReachesWhoIsAtAnotherServer() {
		start("/topic/**");
		Peer plain = this.b.connect("1.2");
		frame(this.b, plain, "SUBSCRIBE\nid:0\ndestination:/topic/a\n\n");
		Peer asks = this.b.connect("1.2");
		resume(this.b, asks, "/topic/a", "*");

		publish(this.a, "/topic/a", "1", "2");
		publish(this.b, "/topic/a", "3");

		await().untilAsserted(() -> assertThat(plain.bodies()).containsExactly("1", "2", "3"));
		await().untilAsserted(() -> assertThat(asks.bodies()).containsExactly("1", "2", "3"));
		assertThat(offsets(asks)).containsExactly(1L, 2L, 3L);
		assertThat(offsets(plain)).isEmpty();
	}

	@Test
	void whoComesBackAtAnotherServerGetsWhatWasMissed() {
		start("/topic/**");
		Peer first = this.a.connect("1.2");
		Received receipt = resume(this.a, first, "/topic/a", "*");
		publish(this.b, "/topic/a", "1", "2");
		await().until(() -> first.bodies().size() == 2);
		this.a.cut(first);
		publish(this.a, "/topic/a", "3");
		publish(this.b, "/topic/a", "4");

		Peer back = this.b.connect("1.2");
		Received answer = resume(this.b, back, "/topic/a", position(receipt, 2));
		publish(this.a, "/topic/a", "5");

		await().until(() -> back.bodies().size() == 3);
		assertThat(back.bodies()).containsExactly("3", "4", "5");
		assertThat(offsets(back)).containsExactly(3L, 4L, 5L);
		assertThat(answer.headers()).containsEntry("recovered", List.of("true"));
		assertThat(answer.headers().get("resume").get(0)).endsWith(":4");
	}

	@Test
	void headersAndContentTypeCross() {
		start("/topic/**");
		Peer peer = this.b.connect("1.2");
		resume(this.b, peer, "/topic/a", "*");
		Peer sender = this.a.connect("1.2");

		frame(this.a, sender, "SEND\ndestination:/topic/a\ncontent-type:text/x-own\nreceipt:s\n\nhello");

		await().until(() -> peer.bodies().size() == 1);
		Received message = peer.received()
			.stream()
			.filter((one) -> one.headers().containsKey("offset"))
			.findFirst()
			.orElseThrow();
		assertThat(message.text()).isEqualTo("hello");
		assertThat(message.headers()).containsEntry("content-type", List.of("text/x-own"));
		await().until(() -> sender.received()
			.stream()
			.anyMatch((one) -> List.of("s").equals(one.headers().get("receipt-id"))));
		this.a.template()
			.convertAndSend("/topic/a", "again",
					Map.of(NativeMessageHeaderAccessor.NATIVE_HEADERS, Map.of("colour", List.of("g:\n"))));
		await().until(() -> peer.bodies().size() == 2);
		assertThat(peer.received()).last()
			.satisfies((one) -> assertThat(one.headers()).containsEntry("colour", List.of("g:\n")));
	}

	@Test
	void whatIsForAUserReachesThemAtAllServersAndIsKept() {
		start("/user/queue/news");
		Peer ada = this.b.connect("1.2", login(this.b, "ada"));
		Received position = resume(this.b, ada, "/user/queue/news", "*");
		Peer plain = this.b.connect("1.2", login(this.b, "ada"));
		frame(this.b, plain, "SUBSCRIBE\nid:0\ndestination:/user/queue/news\n\n");

		this.a.template().convertAndSendToUser("ada", "/queue/news", "1");
		await().untilAsserted(() -> assertThat(ada.bodies()).containsExactly("1"));
		await().untilAsserted(() -> assertThat(plain.bodies()).containsExactly("1"));
		this.b.cut(ada);
		this.b.cut(plain);
		this.b.template().convertAndSendToUser("ada", "/queue/news", "2");

		Peer back = this.a.connect("1.2", login(this.a, "ada"));
		Received hers = resume(this.a, back, "/user/queue/news", position(position, 1));
		Peer bob = this.a.connect("1.2", login(this.a, "bob"));
		Received his = resume(this.a, bob, "/user/queue/news", position(position, 0));

		await().untilAsserted(() -> assertThat(back.bodies()).containsExactly("2"));
		assertThat(hers.headers()).containsEntry("recovered", List.of("true"));
		assertThat(his.headers()).containsEntry("recovered", List.of("false"));
		assertThat(bob.bodies()).isEmpty();
	}

	@Test
	void whoSubscribesGetsTheLastMessageFromWhereverItWas() {
		start("/topic/** replay=last");
		publish(this.a, "/topic/a", "1", "2");

		Peer plain = this.b.connect("1.2");
		frame(this.b, plain, "SUBSCRIBE\nid:0\ndestination:/topic/a\n\n");
		publish(this.a, "/topic/a", "3");

		await().untilAsserted(() -> assertThat(plain.bodies()).containsExactly("2", "3"));
	}

	@Test
	void whatCannotBeKeptIsRefusedAndNobodyGetsIt() {
		start("/topic/**");
		Peer peer = this.a.connect("1.2");
		frame(this.a, peer, "SUBSCRIBE\nid:e\ndestination:/user/queue/errors\n\n");
		resume(this.a, peer, "/topic/a", "*");
		this.redis.close();

		await().untilAsserted(() -> assertThatThrownBy(() -> publish(this.a, "/topic/a", "lost"))
			.isInstanceOf(MessageDeliveryException.class));
		frame(this.a, peer, "SEND\ndestination:/topic/a\nreceipt:s\n\nlost");

		await().untilAsserted(() -> assertThat(peer.bodies()).singleElement().asString().contains("message-not-kept"));
		assertThat(peer.received()).noneMatch((one) -> List.of("s").equals(one.headers().get("receipt-id")));
		assertThat(peer.isOpen()).isTrue();
	}

	@Test
	void whatIsPublishedWhileTheConnectionForNewsBreaksIsNotLost() {
		start("/topic/** count=100000 size=0");
		Peer peer = listens(this.b);
		int cuts = Often.times(1_000);
		AtomicBoolean stop = new AtomicBoolean();
		List<Thread> publishers = Stream.of(this.a, this.b).map((server) -> start(() -> {
			while (!stop.get()) {
				publishIfPossible(server);
				LockSupport.parkNanos(500_000);
			}
		})).toList();

		for (int i = 0; i < 5; i++) {
			int before = offsets(peer).size();
			this.redis.ask().clientKill(KillArgs.Builder.typePubsub());
			await().until(() -> offsets(peer).size() > before + 20);
		}
		stop.set(true);
		await().until(() -> publishers.stream().noneMatch(Thread::isAlive));

		await().untilAsserted(() -> assertThat(offsets(peer)).last().isEqualTo(lastInRedis()));
		assertThat(offsets(peer)).isEqualTo(LongStream.rangeClosed(1, lastInRedis()).boxed().toList());
		assertThat(gaps(peer)).isEmpty();
	}

	private long lastInRedis() {
		String key = this.redis.ask().keys("{test}:kept:*").get(0);
		return Long.parseLong(this.redis.ask().hget(key, "last"));
	}

	private static void publishIfPossible(InProcess server) {
		try {
			publish(server, "/topic/a", "x");
		}
		catch (MessageDeliveryException ex) {
			Thread.yield();
		}
	}

	private static Peer listens(InProcess server) {
		Peer peer = server.connect("1.2");
		frame(server, peer, "SUBSCRIBE\nid:s\ndestination:/user/queue/session\n\n");
		resume(server, peer, "/topic/a", "*");
		return peer;
	}

	static List<String> gaps(Peer peer) {
		return peer.bodies().stream().filter((body) -> body.contains("\"GAP\"")).toList();
	}

	@ParameterizedTest
	@ValueSource(classes = { MissedMessagesTest.Topics.class, MissedMessagesTest.Watched.class })
	void aRedisThatComesBackEmptyIsAGapAndToldInItsPlace(Class<?> application) {
		this.application = application;
		start("/topic/**");
		Peer peer = listens(this.b);
		publish(this.a, "/topic/a", "1", "2");
		await().until(() -> offsets(peer).size() == 2);

		this.redis.ask().flushall();
		publish(this.a, "/topic/a", "3");

		await().untilAsserted(() -> assertThat(offsets(peer)).containsExactly(1L, 2L, 1L));
		assertThat(gaps(peer)).singleElement().asString().contains("\"destination\":\"/topic/a\"");
		assertThat(peer.bodies()).containsSubsequence("1", "2", gaps(peer).get(0), "3");
		String position = gaps(peer).get(0).replaceAll(".*\"resume\":\"([^\"]*)\".*", "$1");
		this.b.cut(peer);
		Received answer = resume(this.a, this.a.connect("1.2"), "/topic/a", position.split(":")[0] + "\\c1");
		assertThat(answer.headers()).containsEntry("recovered", List.of("true"));
	}

	@Test
	void whileRedisStandsStillPeopleSubscribeAndAfterwardsNothingIsMissing() {
		start("/topic/**");
		Peer peer = listens(this.b);
		publish(this.a, "/topic/a", "1");
		await().until(() -> offsets(peer).size() == 1);

		this.redis.freeze();
		Peer known = this.b.connect("1.2");
		Received fromCopy = resume(this.b, known, "/topic/a", "*");
		Received unknown = resume(this.b, this.b.connect("1.2"), "/topic/other", "*");
		assertThatThrownBy(() -> publish(this.a, "/topic/a", "refused")).isInstanceOf(MessageDeliveryException.class);
		this.redis.thaw();
		await().ignoreException(MessageDeliveryException.class).untilAsserted(() -> publish(this.a, "/topic/a", "2"));

		await().until(() -> !offsets(known).isEmpty() && peer.bodies().contains("2"));
		assertThat(fromCopy.headers().get("resume").get(0)).endsWith(":1");
		assertThat(unknown.headers()).containsEntry("recovered", List.of("false"));
		assertThat(offsets(peer)).isSorted().doesNotHaveDuplicates().startsWith(1L, 2L);
		assertThat(gaps(peer)).isEmpty();
	}

	/** B31: publishers at both servers, and connections that break at any time. */
	@Test
	void noMessageIsLostOrDoubledOverManyCutsBetweenTwoServers() {
		start("/topic/** count=100000 size=0");
		int cuts = Often.times(1_000);
		AtomicBoolean stop = new AtomicBoolean();
		List<Thread> publishers = Stream.of(this.a, this.b).map((server) -> start(() -> {
			while (!stop.get()) {
				publish(server, "/topic/a", "x");
				LockSupport.parkNanos(200_000);
			}
		})).toList();
		Random random = new Random(31);
		List<Link> links = List.of(this.a.link(), this.b.link());
		List<Long> got = new ArrayList<>();
		String epoch = null;
		long cursor = 0;
		try {
			for (int cut = 0; cut < cuts; cut++) {
				int node = random.nextInt(2);
				InProcess server = (node == 0) ? this.a : this.b;
				Peer peer = server.connect("1.2", links.get(node));
				Received receipt = resume(server, peer, "/topic/a", (epoch != null) ? epoch + "\\c" + cursor : "*");
				String[] position = receipt.headers().get("resume").get(0).split(":");
				if (epoch == null) {
					epoch = position[0];
					cursor = Long.parseLong(position[1]);
					got.add(cursor);
				}
				else {
					assertThat(receipt.headers()).as("cut " + cut).containsEntry("recovered", List.of("true"));
				}
				int wanted = random.nextInt(4);
				await().pollInterval(SOON).until(() -> offsets(peer).size() >= wanted);
				server.cut(peer);
				List<Long> offsets = offsets(peer);
				got.addAll(offsets);
				cursor = offsets.isEmpty() ? cursor : offsets.get(offsets.size() - 1);
			}
		}
		finally {
			stop.set(true);
			await().until(() -> publishers.stream().noneMatch(Thread::isAlive));
		}

		for (int i = 1; i < got.size(); i++) {
			assertThat(got.get(i)).as("offset behind " + got.get(i - 1)).isEqualTo(got.get(i - 1) + 1);
		}
		assertThat(got).hasSizeGreaterThan(cuts);
	}

	private static Thread start(Runnable task) {
		Thread thread = new Thread(task);
		thread.start();
		return thread;
	}

	static Link login(InProcess server, String name) {
		Link link = server.link();
		link.identify(new Identity(new User(name), Set.of()));
		return link;
	}

	/** Somebody. */
	private record User(String getName) implements Principal {

		@Override
		public String getName() {
			return this.getName;
		}

	}

	static Received resume(InProcess server, Peer peer, String destination, String position) {
		frame(server, peer,
				"SUBSCRIBE\nid:0\ndestination:" + destination + "\nreceipt:sub\nresume:" + position + "\n\n");
		await().pollInterval(SOON).until(() -> receipts(peer).findAny().isPresent());
		return receipts(peer).findFirst().orElseThrow();
	}

	private static Stream<Received> receipts(Peer peer) {
		return peer.received().stream().filter((one) -> List.of("sub").equals(one.headers().get("receipt-id")));
	}

	static String position(Received receipt, long offset) {
		return receipt.headers().get("resume").get(0).split(":")[0] + "\\c" + offset;
	}

	private static List<Long> offsets(Peer peer) {
		return peer.received()
			.stream()
			.map((one) -> one.headers().get("offset"))
			.filter((one) -> one != null)
			.map((one) -> Long.valueOf(one.get(0)))
			.toList();
	}

	static void publish(InProcess server, String destination, String... bodies) {
		Stream.of(bodies).forEach((body) -> server.template().convertAndSend(destination, body));
	}

	static void frame(InProcess server, Peer peer, String text) {
		server.handle(peer, new TextMessage(text + '\0'));
	}

}
