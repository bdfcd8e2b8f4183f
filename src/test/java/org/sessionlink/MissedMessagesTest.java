package org.sessionlink;

import java.security.Principal;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.InProcess.Peer;
import org.sessionlink.InProcess.Received;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;

import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.web.socket.TextMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B31, B51: who comes back gets what they have missed, once and in order. */
class MissedMessagesTest {

	private static final String KEEP = "sessionlink.destinations.keep";

	private static final Duration SOON = Duration.ofMillis(1);

	private InProcess server;

	@AfterEach
	void stop() {
		this.server.close();
	}

	private void start(Class<?> application, String keep) {
		this.server = InProcess.onSessionLink(application, Map.of(KEEP, keep, "sessionlink.drop-oldest", "/topic/**",
				"sessionlink.limits.send-buffer", "2KB", "sessionlink.limits.send-time", "1s"));
	}

	@ParameterizedTest
	@ValueSource(classes = { Topics.class, Watched.class })
	void whoComesBackGetsWhatWasMissedOnceAndInOrder(Class<?> application) {
		start(application, "/topic/**");
		Link link = this.server.link();
		Peer first = this.server.connect("1.2", link);
		Received receipt = resume(first, "/topic/a", "*");
		publish("/topic/a", "1", "2");
		await().until(() -> first.bodies().size() == 2);
		this.server.cut(first);
		publish("/topic/a", "3", "4");
		publish("/topic/b", "not this");

		Peer back = this.server.connect("1.2", link);
		Received answer = resume(back, "/topic/a", position(receipt, last(first)));
		publish("/topic/a", "5");

		await().until(() -> back.bodies().size() == 3);
		assertThat(back.bodies()).containsExactly("3", "4", "5");
		assertThat(offsets(back)).containsExactly(3L, 4L, 5L);
		assertThat(answer.headers()).containsEntry("recovered", List.of("true"));
		assertThat(answer.headers().get("resume").get(0)).endsWith(":4");
		assertThat(receipt.headers()).containsEntry("recovered", List.of("false"));
	}

	@ParameterizedTest
	@ValueSource(classes = { Topics.class, Watched.class })
	void whoDoesNotAskGetsNotAByteMore(Class<?> application) {
		start(application, "/topic/**");
		Peer plain = this.server.connect("1.2");
		Peer asks = this.server.connect("1.2");
		frame(plain, "SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n");
		resume(asks, "/topic/a", "*");

		publish("/topic/a", "1");

		await().until(() -> plain.bodies().size() == 1 && asks.bodies().size() == 1);
		assertThat(plain.received().stream().map(Received::headers)).noneMatch((headers) -> headers.keySet()
			.stream()
			.anyMatch(List.of("offset", "resume", "recovered", "replay")::contains));
		assertThat(offsets(asks)).containsExactly(1L);
	}

	@Test
	void nothingIsSaidWhereNothingIsKept() {
		start(Topics.class, "/topic/kept");
		Peer peer = this.server.connect("1.2");

		Received receipt = resume(peer, "/topic/a", "*");
		publish("/topic/a", "1");

		assertThat(receipt.headers()).doesNotContainKeys("resume", "recovered");
		await().untilAsserted(() -> assertThat(peer.bodies()).containsExactly("1"));
		assertThat(peer.received().stream().map(Received::headers)).noneMatch((all) -> all.containsKey("offset"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "x", "x:", ":1", "a:-1", "a:1234567890123456789", "A:1", "a:1:2" })
	void aPositionThatCannotBeIsRefused(String position) {
		start(Topics.class, "/topic/**");
		Peer peer = this.server.connect("1.2");
		frame(peer, "SUBSCRIBE\nid:e\ndestination:/user/queue/errors\n\n");

		frame(peer, "SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\nresume:" + position + "\n\n");
		publish("/topic/a", "1");

		await().until(() -> !peer.bodies().isEmpty());
		assertThat(peer.bodies()).singleElement().asString().contains("resume-not-valid");
	}

	@Test
	void afterARestartThereIsAGap() {
		start(Topics.class, "/topic/**");
		Received before = resume(this.server.connect("1.2"), "/topic/a", "*");
		stop();
		start(Topics.class, "/topic/**");
		publish("/topic/a", "1");

		Peer back = this.server.connect("1.2");
		Received answer = resume(back, "/topic/a", position(before, 0));

		assertThat(answer.headers()).containsEntry("recovered", List.of("false"));
		publish("/topic/a", "2");
		await().untilAsserted(() -> assertThat(back.bodies()).containsExactly("2"));
	}

	@Test
	void whatIsNoLongerKeptIsAGap() {
		start(Topics.class, "/topic/** count=2");
		Received first = resume(this.server.connect("1.2"), "/topic/a", "*");
		publish("/topic/a", "1", "2", "3");

		Peer back = this.server.connect("1.2");

		assertThat(resume(back, "/topic/a", position(first, 0)).headers()).containsEntry("recovered", List.of("false"));
		assertThat(resume(this.server.connect("1.2"), "/topic/a", position(first, 1)).headers())
			.containsEntry("recovered", List.of("true"));
	}

	/**
	 * Who was away for long would be cut off by what comes back, and again, and again.
	 */
	@Test
	void whatIsTooMuchToComeAtOnceIsAGapAndTheSocketStays() {
		start(Topics.class, "/topic/** size=0");
		Received first = resume(this.server.connect("1.2"), "/topic/a", "*");
		IntStream.range(0, 200).forEach((i) -> publish("/topic/a", "x".repeat(1_000)));

		Peer far = this.server.connect("1.2");
		Received behind = resume(far, "/topic/a", position(first, 0));
		publish("/topic/a", "now");

		await().untilAsserted(() -> assertThat(far.bodies()).containsExactly("now"));
		assertThat(behind.headers()).containsEntry("recovered", List.of("false"));
		assertThat(far.isOpen()).isTrue();
		assertThat(resume(this.server.connect("1.2"), "/topic/a", position(first, 199)).headers())
			.containsEntry("recovered", List.of("true"));
	}

	@ParameterizedTest
	@ValueSource(classes = { Topics.class, Watched.class })
	void whoSubscribesGetsTheLastMessageMarked(Class<?> application) {
		start(application, "/topic/** replay=last");
		publish("/topic/a", "1", "2");
		Peer plain = this.server.connect("1.2");
		frame(plain, "SUBSCRIBE\nid:0\ndestination:/topic/a\n\n");
		publish("/topic/a", "3");

		await().until(() -> plain.bodies().size() == 2);
		assertThat(plain.bodies()).containsExactly("2", "3");
		assertThat(plain.received().stream().map((one) -> one.headers().get("replay")).toList())
			.containsSubsequence(List.of("last"), null);
	}

	@Test
	void whoResumesGetsWhatWasMissedAndNotTheLastMessage() {
		start(Topics.class, "/topic/** replay=last");
		Received first = resume(this.server.connect("1.2"), "/topic/a", "*");
		publish("/topic/a", "1", "2");

		Peer back = this.server.connect("1.2");
		resume(back, "/topic/a", position(first, 0));
		publish("/topic/a", "3");

		await().untilAsserted(() -> assertThat(back.bodies()).containsExactly("1", "2", "3"));
		assertThat(back.received()).noneMatch((one) -> one.headers().containsKey("replay"));
	}

	@Test
	void whatIsForAUserIsKeptForThatUserAlone() {
		start(Topics.class, "/user/queue/news");
		Peer ada = this.server.connect("1.2", login("ada"));
		Received position = resume(ada, "/user/queue/news", "*");
		this.server.template().convertAndSendToUser("ada", "/queue/news", "1");
		await().until(() -> ada.bodies().size() == 1);
		this.server.cut(ada);
		this.server.template().convertAndSendToUser("ada", "/queue/news", "2");

		Peer back = this.server.connect("1.2", login("ada"));
		Peer bob = this.server.connect("1.2", login("bob"));
		Received hers = resume(back, "/user/queue/news", position(position, 1));
		Received his = resume(bob, "/user/queue/news", position(position, 0));

		assertThat(offsets(ada)).containsExactly(1L);
		this.server.template().convertAndSendToUser("bob", "/queue/news", "his");
		await().untilAsserted(() -> assertThat(back.bodies()).containsExactly("2"));
		assertThat(hers.headers()).containsEntry("recovered", List.of("true"));
		await().untilAsserted(() -> assertThat(bob.bodies()).containsExactly("his"));
		assertThat(his.headers()).containsEntry("recovered", List.of("false"));
	}

	/** Where the application has an executor of its own between them. */
	@ParameterizedTest
	@ValueSource(strings = { "", "\nack:client-individual" })
	void whatIsOnItsWayToAUserAsTheyComeBackComesOnce(String mode) {
		Later.tasks.clear();
		start(Later.class, "/user/queue/news");
		Peer ada = this.server.connect("1.2", login("ada"));
		Received position = resume(ada, "/user/queue/news", "*");
		this.server.cut(ada);
		Later.runAll();
		this.server.template().convertAndSendToUser("ada", "/queue/news", "1");

		Peer back = this.server.connect("1.2", login("ada"));
		frame(back, "SUBSCRIBE\nid:0\ndestination:/user/queue/news\nreceipt:sub\nresume:" + position(position, 0) + mode
				+ "\n\n");
		Later.runAll();
		this.server.template().convertAndSendToUser("ada", "/queue/news", "2");
		Later.runAll();

		await().until(() -> back.bodies().contains("2"));
		assertThat(back.bodies()).containsExactly("1", "2");
		assertThat(offsets(back)).containsExactly(1L, 2L);
	}

	/**
	 * B35: each once, whether it comes back or was missed, also where the connection has
	 * broken without a word, and is known to be gone long after its client is back.
	 */
	@ParameterizedTest
	@CsvSource({ "/queue/a, true", "/queue/a, false", "/topic/a, true", "/topic/a, false" })
	void whatIsMissedIsAcknowledgedAsWellAndComesOnce(String destination, boolean known) {
		start(Topics.class, "/topic/**, /queue/**");
		Link link = this.server.link();
		Peer first = this.server.connect("1.2", link);
		Received receipt = resume(first, destination, "*\nack:client-individual");
		publish(destination, "1", "2");
		await().until(() -> first.bodies().size() == 2);
		if (known) {
			this.server.cut(first);
		}
		publish(destination, "3");

		Peer back = this.server.connect("1.2", link);
		resume(back, destination, position(receipt, 0) + "\nack:client-individual");

		await().until(() -> back.bodies().size() == 3);
		if (!known) {
			this.server.cut(first);
		}
		publish(destination, "4");
		await().until(() -> back.bodies().contains("4"));
		assertThat(back.bodies()).containsExactly("1", "2", "3", "4");
		assertThat(back.received().stream().filter((one) -> one.headers().containsKey("subscription")))
			.allSatisfy((one) -> assertThat(one.headers()).containsKey("ack"));
	}

	@Test
	void whoReadsTooSlowlyIsToldOfTheGapOnce() {
		start(Topics.class, "/topic/**");
		Peer slow = this.server.connect("1.2");
		frame(slow, "SUBSCRIBE\nid:s\ndestination:/user/queue/session\n\n");
		resume(slow, "/topic/a", "*");
		slow.stall();
		Thread publisher = start(() -> IntStream.range(0, 60).forEach((i) -> publish("/topic/a", i + "x".repeat(200))));
		slow.awaitStalled();
		await().until(() -> !publisher.isAlive() || publisher.getState() == Thread.State.WAITING
				|| publisher.getState() == Thread.State.TIMED_WAITING);
		Thread further = start(() -> publish("/topic/a", "y"));

		slow.goOn();

		await().until(() -> !publisher.isAlive() && !further.isAlive());
		publish("/topic/a", "last");
		await().until(() -> slow.bodies().contains("last"));
		List<Long> offsets = offsets(slow);
		assertThat(offsets).isSorted().doesNotHaveDuplicates();
		boolean missed = offsets.size() < 62;
		long told = slow.bodies().stream().filter((body) -> body.contains("\"GAP\"")).count();
		assertThat(missed ? told > 0 : told == 0).as(offsets + " " + told).isTrue();
	}

	/** B31: a publisher, and connections that break at any time. */
	@ParameterizedTest
	@ValueSource(classes = { Topics.class, Watched.class })
	void noMessageIsLostOrDoubledOverManyCuts(Class<?> application) {
		this.server = InProcess.onSessionLink(application, Map.of(KEEP, "/topic/** count=100000 size=0"));

		assertNothingIsLostOrDoubled(Often.times(1_000), this.server.link(), "/topic/a",
				(body) -> publish("/topic/a", body));
	}

	/** Also where messages to them wait for threads. */
	@ParameterizedTest
	@OnPurpose("an executor of the broker channel handles every message to a user")
	@ValueSource(classes = { Topics.class, Watched.class, Queued.class })
	void noMessageToAUserIsLostOrDoubledOverManyCuts(Class<?> application) {
		this.server = InProcess.onSessionLink(application, Map.of(KEEP, "/user/** count=100000 size=0"));

		assertNothingIsLostOrDoubled(Often.times(300), login("ada"), "/user/queue/news",
				(body) -> this.server.template().convertAndSendToUser("ada", "/queue/news", body));
	}

	private void assertNothingIsLostOrDoubled(int cuts, Link link, String destination, Consumer<String> publisher) {
		AtomicBoolean stop = new AtomicBoolean();
		Thread publishing = start(() -> {
			for (int sent = 1; !stop.get(); sent++) {
				publisher.accept(Integer.toString(sent));
				LockSupport.parkNanos(200_000);
			}
		});
		Random random = new Random(31);
		Set<String> bodies = new HashSet<>();
		String epoch = null;
		long first = 0;
		long cursor = 0;
		try {
			for (int cut = 0; cut < cuts; cut++) {
				Peer peer = this.server.connect("1.2", link);
				Received receipt = resume(peer, destination, (epoch != null) ? epoch + "\\c" + cursor : "*");
				String[] position = receipt.headers().get("resume").get(0).split(":");
				if (epoch == null) {
					epoch = position[0];
					cursor = Long.parseLong(position[1]);
					first = cursor;
				}
				else {
					assertThat(receipt.headers()).as("cut " + cut).containsEntry("recovered", List.of("true"));
				}
				int wanted = random.nextInt(4);
				await().pollInterval(SOON).until(() -> offsets(peer).size() >= wanted);
				this.server.cut(peer);
				List<Received> got = peer.received();
				List<Long> offsets = offsets(got);
				assertThat(offsets).as("cut " + cut)
					.isEqualTo(LongStream.rangeClosed(cursor + 1, cursor + offsets.size()).boxed().toList());
				assertThat(got.stream().filter((one) -> one.headers().containsKey("offset"))).as("cut " + cut)
					.allMatch((one) -> bodies.add(one.text()));
				cursor += offsets.size();
			}
		}
		finally {
			stop.set(true);
			await().until(() -> !publishing.isAlive());
		}
		assertThat(cursor - first).isGreaterThan(cuts);
	}

	private static Thread start(Runnable task) {
		Thread thread = new Thread(task);
		thread.start();
		return thread;
	}

	private Link login(String name) {
		Link link = this.server.link();
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

	private Received resume(Peer peer, String destination, String position) {
		frame(peer, "SUBSCRIBE\nid:0\ndestination:" + destination + "\nreceipt:sub\nresume:" + position + "\n\n");
		Later.runAll();
		await().pollInterval(SOON).until(() -> receipts(peer).findAny().isPresent());
		return receipts(peer).findFirst().orElseThrow();
	}

	private static Stream<Received> receipts(Peer peer) {
		return peer.received().stream().filter((one) -> List.of("sub").equals(one.headers().get("receipt-id")));
	}

	private static String position(Received receipt, long offset) {
		return receipt.headers().get("resume").get(0).split(":")[0] + "\\c" + offset;
	}

	private static long last(Peer peer) {
		List<Long> offsets = offsets(peer);
		return offsets.get(offsets.size() - 1);
	}

	private static List<Long> offsets(Peer peer) {
		return offsets(peer.received());
	}

	private static List<Long> offsets(List<Received> received) {
		return received.stream()
			.map((one) -> one.headers().get("offset"))
			.filter((one) -> one != null)
			.map((one) -> Long.valueOf(one.get(0)))
			.toList();
	}

	private void publish(String destination, String... bodies) {
		Stream.of(bodies).forEach((body) -> this.server.template().convertAndSend(destination, body));
	}

	private void frame(Peer peer, String text) {
		this.server.handle(peer, new TextMessage(text + '\0'));
	}

	/** Topics and queues. */
	@Configuration(proxyBeanMethods = false)
	@EnableSessionLink
	static class Topics extends OneEndpoint {

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic/", "/queue/");
			registry.setApplicationDestinationPrefixes("/app");
		}

	}

	/** The same, where what the broker gets waits for any of several threads. */
	@Configuration(proxyBeanMethods = false)
	@EnableSessionLink
	static class Queued extends Topics {

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			super.configureMessageBroker(registry);
			registry.configureBrokerChannel().taskExecutor().corePoolSize(4).maxPoolSize(4);
		}

	}

	/** The same, where what the broker gets waits until the test has it go on. */
	@Configuration(proxyBeanMethods = false)
	@EnableSessionLink
	static class Later extends Topics {

		static final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

		static void runAll() {
			for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
				task.run();
			}
		}

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			super.configureMessageBroker(registry);
			registry.configureBrokerChannel().executor(tasks::add);
		}

	}

	/** The same, where the application looks at what goes out. */
	@Configuration(proxyBeanMethods = false)
	@EnableSessionLink
	static class Watched extends Topics {

		@Override
		public void configureClientOutboundChannel(ChannelRegistration registration) {
			registration.interceptors(new ChannelInterceptor() {
			});
		}

	}

}
