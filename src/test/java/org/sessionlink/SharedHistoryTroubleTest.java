package org.sessionlink;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sessionlink.InProcess.Peer;
import org.sessionlink.InProcess.Received;
import org.sessionlink.cluster.RealRedis;

import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageDeliveryException;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.broker.SimpleBrokerMessageHandler;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.MessageBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.sessionlink.SharedHistoryTest.frame;
import static org.sessionlink.SharedHistoryTest.gaps;
import static org.sessionlink.SharedHistoryTest.login;
import static org.sessionlink.SharedHistoryTest.position;
import static org.sessionlink.SharedHistoryTest.publish;
import static org.sessionlink.SharedHistoryTest.resume;

/**
 * B31 with two servers, and code of the application's on the way that throws, waits or
 * says no: what it does to one message, or to one destination, it does to no other.
 */
class SharedHistoryTroubleTest {

	private final RealRedis redis = new RealRedis();

	private InProcess a;

	private InProcess b;

	@BeforeEach
	void letAllThrough() {
		Watching.goOn = new CountDownLatch(1);
		Watching.through = (message) -> true;
	}

	@AfterEach
	void stop() {
		Watching.goOn.countDown();
		Stream.of(this.a, this.b).filter((server) -> server != null).forEach(InProcess::close);
		this.redis.close();
	}

	private void start(Class<?> application, String keep, Map<String, String> further) {
		this.a = server(application, keep, further);
		this.b = server(application, keep, further);
	}

	private InProcess server(Class<?> application, String keep, Map<String, String> further) {
		Map<String, String> settings = new HashMap<>(Map.of("sessionlink.destinations.keep", keep,
				"sessionlink.redis.url", this.redis.url(), "sessionlink.redis.namespace", "test"));
		settings.putAll(further);
		return InProcess.onSessionLink(application, settings);
	}

	@Test
	void whatThrowsOverOneMessageHurtsThatMessageAlone() {
		start(MissedMessagesTest.Topics.class, "/topic/**", Map.of());
		AtomicBoolean throwsOnce = new AtomicBoolean();
		this.b.bean("simpleBrokerMessageHandler", SimpleBrokerMessageHandler.class).setHeaderInitializer((headers) -> {
			if (throwsOnce.compareAndSet(true, false)) {
				throw new IllegalStateException("On purpose");
			}
		});
		Peer plain = this.b.connect("1.2");
		frame(this.b, plain, "SUBSCRIBE\nid:0\ndestination:/topic/a\n\n");
		Peer asks = this.b.connect("1.2");
		resume(this.b, asks, "/topic/b", "*");

		throwsOnce.set(true);
		publish(this.a, "/topic/a", "1", "2");
		await().untilAsserted(() -> assertThat(plain.bodies()).containsExactly("2"));
		throwsOnce.set(true);
		publish(this.a, "/topic/b", "1", "2");
		await().untilAsserted(() -> assertThat(asks.bodies()).containsExactly("2"));
	}

	@Test
	void whatWaitsOnTheWayToASocketHoldsUpItsDestinationAlone() {
		start(WatchingSockets.class, "/topic/**", Map.of());
		Peer slow = this.b.connect("1.2");
		resume(this.b, slow, "/topic/a", "*");
		Peer other = this.b.connect("1.2");
		resume(this.b, other, "/topic/b", "*");
		CountDownLatch waits = new CountDownLatch(1);
		Watching.through = (
				message) -> !slow.getId().equals(SimpMessageHeaderAccessor.getSessionId(message.getHeaders()))
						|| Watching.waits(waits);
		publish(this.a, "/topic/a", "1");
		await().until(() -> waits.getCount() == 0);

		publish(this.a, "/topic/b", "2");

		await().untilAsserted(() -> assertThat(other.bodies()).containsExactly("2"));
		Watching.goOn.countDown();
		await().untilAsserted(() -> assertThat(slow.bodies()).containsExactly("1"));
	}

	@Test
	void whatWaitsOnTheWayToAUserHoldsUpNeitherTheStoreNorOthers() {
		start(WatchingBroker.class, "/user/queue/news, /topic/**", Map.of());
		Peer ada = this.b.connect("1.2", login(this.b, "ada"));
		resume(this.b, ada, "/user/queue/news", "*");
		Peer other = this.b.connect("1.2");
		resume(this.b, other, "/topic/a", "*");
		CountDownLatch waits = new CountDownLatch(1);
		Watching.through = (message) -> !String.valueOf(SimpMessageHeaderAccessor.getDestination(message.getHeaders()))
			.startsWith("/queue/news-user") || Watching.waits(waits);
		this.a.template().convertAndSendToUser("ada", "/queue/news", "1");
		await().until(() -> waits.getCount() == 0);
		// Whoever connects again looks at all that is kept before anything else.
		this.redis.ask().clientList().lines().forEach((line) -> kill(line.replaceAll("^id=(\\d+) .*", "$1")));

		await().ignoreException(MessageDeliveryException.class).untilAsserted(() -> publish(this.b, "/topic/a", "2"));

		await().untilAsserted(() -> assertThat(other.bodies()).contains("2"));
		Watching.goOn.countDown();
		await().untilAsserted(() -> assertThat(ada.bodies()).containsExactly("1"));
	}

	private void kill(String id) {
		this.redis.ask().clientKill(io.lettuce.core.KillArgs.Builder.id(Long.parseLong(id)).skipme());
	}

	@Test
	void whatOneSocketOfAUserMayNotHaveTheOthersGetAndThereIsNoGap() {
		start(WatchingBroker.class, "/user/queue/news", Map.of());
		List<Peer> all = Stream.generate(() -> login(this.b, "ada")).limit(3).map((link) -> {
			Peer peer = this.b.connect("1.2", link);
			frame(this.b, peer, "SUBSCRIBE\nid:s\ndestination:/user/queue/session\n\n");
			resume(this.b, peer, "/user/queue/news", "*");
			return peer;
		}).toList();
		Watching.through = (message) -> !String.valueOf(SimpMessageHeaderAccessor.getDestination(message.getHeaders()))
			.endsWith(all.get(1).getId());

		this.a.template().convertAndSendToUser("ada", "/queue/news", "1");
		await().untilAsserted(() -> assertThat(all.get(0).bodies()).contains("1"));
		await().untilAsserted(() -> assertThat(all.get(2).bodies()).contains("1"));
		Watching.through = (message) -> true;
		this.a.template().convertAndSendToUser("ada", "/queue/news", "2");

		all.forEach((peer) -> await().untilAsserted(() -> assertThat(peer.bodies()).contains("2")));
		assertThat(all).allSatisfy((peer) -> assertThat(gaps(peer)).isEmpty());
		assertThat(all.get(1).bodies()).doesNotContain("1");
	}

	@Test
	void nobodyGetsWhatIsForAnotherHoweverOddTheirNamesAre() {
		start(MissedMessagesTest.Topics.class, "/user/queue/news", Map.of());
		List<String> names = List.of("x?", "x\ud800", "x\ud801", "\ud83d\ude00", "a/b", "a b", "{a}", "a*");
		Map<String, Peer> peers = new HashMap<>();
		Map<String, Received> receipts = new HashMap<>();
		for (String name : names) {
			Peer peer = this.b.connect("1.2", login(this.b, name));
			receipts.put(name, resume(this.b, peer, "/user/queue/news", "*"));
			peers.put(name, peer);
		}

		for (int i = 0; i < names.size(); i++) {
			this.a.template().convertAndSendToUser(names.get(i), "/queue/news", "for " + i);
		}

		for (int i = 0; i < names.size(); i++) {
			String name = names.get(i);
			String body = "for " + i;
			await().untilAsserted(() -> assertThat(peers.get(name).bodies()).as(name).containsExactly(body));
			Peer back = this.a.connect("1.2", login(this.a, name));
			resume(this.a, back, "/user/queue/news", position(receipts.get(name), 0));
			await().untilAsserted(() -> assertThat(back.bodies()).as(name).containsExactly(body));
		}
	}

	@Test
	void aWorkQueueHasNoPositionAsNothingIsKeptOfIt() {
		start(MissedMessagesTest.Topics.class, "/queue/**", Map.of("sessionlink.destinations.work", "/queue/jobs/**"));
		Peer peer = this.b.connect("1.2");

		Received receipt = resume(this.b, peer, "/queue/jobs/a", "*");

		publish(this.b, "/queue/jobs/a", "1");
		await().untilAsserted(() -> assertThat(peer.bodies()).containsExactly("1"));
		assertThat(receipt.headers()).doesNotContainKeys("resume", "recovered");
		assertThat(this.redis.ask().keys("{test}:kept:*")).isEmpty();
	}

	@Test
	void whatNobodyCouldReadItsPublisherHearsOf() {
		start(MissedMessagesTest.Topics.class, "/topic/**", Map.of());
		Peer peer = this.b.connect("1.2");
		frame(this.b, peer, "SUBSCRIBE\nid:s\ndestination:/user/queue/session\n\n");
		resume(this.b, peer, "/topic/a", "*");
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(SimpMessageType.MESSAGE);
		headers.setHeader(MessageHeaders.CONTENT_TYPE, "none");

		assertThatThrownBy(() -> this.a.template()
			.send("/topic/a", MessageBuilder.createMessage(new byte[0], headers.getMessageHeaders())))
			.isInstanceOf(MessageDeliveryException.class);

		publish(this.a, "/topic/a", "1");
		await().untilAsserted(() -> assertThat(peer.bodies()).contains("1"));
		assertThat(gaps(peer)).isEmpty();
	}

	/** Looks at each message on its way. */
	static class Watching extends MissedMessagesTest.Topics {

		static volatile Predicate<Message<?>> through;

		static volatile CountDownLatch goOn;

		static boolean waits(CountDownLatch begun) {
			begun.countDown();
			try {
				goOn.await();
				return true;
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return false;
			}
		}

		static ChannelInterceptor interceptor() {
			return new ChannelInterceptor() {

				@Override
				public Message<?> preSend(Message<?> message, MessageChannel channel) {
					return through.test(message) ? message : null;
				}

			};
		}

	}

	/** On its way to a socket. */
	@Configuration(proxyBeanMethods = false)
	@EnableSessionLink
	static class WatchingSockets extends Watching {

		@Override
		public void configureClientOutboundChannel(ChannelRegistration registration) {
			registration.interceptors(interceptor());
		}

	}

	/** On its way to the broker. */
	@Configuration(proxyBeanMethods = false)
	@EnableSessionLink
	static class WatchingBroker extends Watching {

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			super.configureMessageBroker(registry);
			registry.configureBrokerChannel().interceptors(interceptor());
		}

	}

}
