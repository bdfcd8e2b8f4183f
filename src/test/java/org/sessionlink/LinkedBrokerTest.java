package org.sessionlink;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.broker.SimpleBrokerMessageHandler;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.support.AbstractSubscribableChannel;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.messaging.AbstractSubProtocolEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B32 and B33: what applications and clients may rely on of the broker. */
class LinkedBrokerTest {

	@Test
	void anApplicationThatWatchesTheOutboundChannelSeesEachMessageToEachSubscriber() {
		try (InProcess server = InProcess.onSessionLink(Watching.class)) {
			List<InProcess.Peer> peers = IntStream.range(0, 6).mapToObj((i) -> subscriber(server, "1.2")).toList();
			Watcher watcher = server.bean("watcher", Watcher.class);

			server.template().convertAndSend("/topic/a", "news");

			assertThat(peers).allSatisfy((peer) -> await().until(() -> commands(peer).contains("MESSAGE")));
			assertThat(watcher.destinations).hasSize(6).containsOnly("/topic/a");
		}
	}

	@Test
	void anInterceptorThatComesLaterSeesThemToo() {
		try (InProcess server = InProcess.onSessionLink(Plain.class)) {
			InProcess.Peer peer = subscriber(server, "1.2");
			Watcher watcher = new Watcher();
			AbstractSubscribableChannel channel = server.bean("clientOutboundChannel",
					AbstractSubscribableChannel.class);

			channel.addInterceptor(watcher);
			server.template().convertAndSend("/topic/a", "news");
			await().until(() -> commands(peer).contains("MESSAGE"));
			channel.removeInterceptor(watcher);
			server.template().convertAndSend("/topic/a", "more news");

			await().until(() -> commands(peer).stream().filter("MESSAGE"::equals).count() == 2);
			assertThat(watcher.destinations).containsExactly("/topic/a");
		}
	}

	@Test
	void aHandlerOfTheApplicationsOnTheOutboundChannelGetsThemToo() {
		try (InProcess server = InProcess.onSessionLink(Plain.class)) {
			InProcess.Peer peer = subscriber(server, "1.2");
			List<Object> handled = new CopyOnWriteArrayList<>();
			server.bean("clientOutboundChannel", AbstractSubscribableChannel.class)
				.subscribe((message) -> handled.add(SimpMessageHeaderAccessor.getSubscriptionId(message.getHeaders())));

			server.template().convertAndSend("/topic/a", "news");

			await().until(() -> commands(peer).contains("MESSAGE"));
			assertThat(handled).containsExactly("1");
		}
	}

	@Test
	void aChannelThatSomethingHasPutInThePlaceOfSpringsGetsThemToo() {
		try (InProcess server = InProcess.onSessionLink(Traced.class)) {
			InProcess.Peer peer = subscriber(server, "1.2");

			server.template().convertAndSend("/topic/a", "news");

			await().until(() -> commands(peer).contains("MESSAGE"));
			assertThat(server.bean("clientOutboundChannel", TracedChannel.class).sent)
				.containsExactly(SimpMessageType.CONNECT_ACK, SimpMessageType.MESSAGE);
		}
	}

	@Test
	void headersThatTheApplicationGivesToWhatGoesOutReachTheClient() {
		try (InProcess server = InProcess.onSessionLink(Plain.class)) {
			InProcess.Peer peer = subscriber(server, "1.2");
			server.bean(SimpleBrokerMessageHandler.class)
				.setHeaderInitializer(
						(headers) -> ((NativeMessageHeaderAccessor) headers).setNativeHeader("by", "ada"));

			server.template().convertAndSend("/topic/a", "news");

			await().until(() -> commands(peer).contains("MESSAGE"));
			assertThat(peer.received()).last()
				.extracting((frame) -> frame.headers().get("by"))
				.isEqualTo(List.of("ada"));
		}
	}

	@Test
	void aReceiptFollowsWhatItsFrameHasCaused() {
		try (InProcess server = InProcess.onSessionLink(Plain.class)) {
			InProcess.Peer peer = server.connect("1.2");

			server.handle(peer, new TextMessage("SUBSCRIBE\nid:1\ndestination:/topic/a\nreceipt:sub\n\n\0"));
			server.handle(peer, new TextMessage("SEND\ndestination:/topic/a\nreceipt:send\n\nbody\0"));
			server.handle(peer, new TextMessage("UNSUBSCRIBE\nid:1\nreceipt:unsub\n\n\0"));

			await().until(() -> peer.received().size() >= 5);
			assertThat(commands(peer)).containsExactly("CONNECTED", "RECEIPT", "MESSAGE", "RECEIPT", "RECEIPT");
			assertThat(peer.received()).filteredOn((frame) -> frame.command().toString().equals("RECEIPT"))
				.extracting(InProcess.Received::headers)
				.containsExactly(Map.of("receipt-id", List.of("sub")), Map.of("receipt-id", List.of("send")),
						Map.of("receipt-id", List.of("unsub")));
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { OwnExecutor.class, OwnThreads.class })
	void whateverThreadsAnApplicationHasForTheOutboundChannelNothingOvertakesItself(Class<?> app) {
		try (InProcess server = InProcess.onSessionLink(app)) {
			InProcess.Peer peer = server.connect("1.2");

			server.handle(peer, new TextMessage("SUBSCRIBE\nid:1\ndestination:/topic/a\nreceipt:sub\n\n\0"));

			await().until(() -> commands(peer).contains("RECEIPT"));
			assertThat(commands(peer)).containsExactly("CONNECTED", "RECEIPT");
		}
	}

	@Test
	void aRefusedFrameGetsNoReceipt() {
		try (InProcess server = InProcess.onSessionLink(Plain.class)) {
			InProcess.Peer peer = server.connect("1.2");

			server.handle(peer, new TextMessage("SUBSCRIBE\nid:1\ndestination:/topic/*\nreceipt:refused\n\n\0"));
			server.handle(peer, new TextMessage("SUBSCRIBE\nid:1\ndestination:/topic/a\nreceipt:sub\n\n\0"));

			await().until(() -> peer.received().size() >= 2);
			assertThat(peer.received()).last()
				.extracting(InProcess.Received::headers)
				.isEqualTo(Map.of("receipt-id", List.of("sub")));
			assertThat(commands(peer)).containsExactly("CONNECTED", "RECEIPT");
		}
	}

	@ParameterizedTest
	@CsvSource({ "1.2, 'a:b\nc\rd'", "1.1, 'a:b\ncd'", "1.0, a:bcd" })
	void eachSubscriberReadsHeadersAsItsVersionOfStompWritesThem(String version, String value) {
		try (InProcess server = InProcess.onSessionLink(Plain.class)) {
			InProcess.Peer peer = subscriber(server, version);

			server.template().convertAndSend("/topic/a", "news", Map.of("extra", "a:b\nc\rd"));

			await().until(() -> commands(peer).contains("MESSAGE"));
			assertThat(peer.received()).last()
				.extracting((frame) -> frame.headers().get("extra"))
				.isEqualTo(List.of(value));
		}
	}

	@Test
	void thatAClientConnectsIsKnownBeforeThatItIsConnected() {
		try (InProcess server = InProcess.onSessionLink(Listening.class)) {
			Listening listener = server.bean("listening", Listening.class);

			server.leave(subscriber(server, "1.2"));

			assertThat(listener.events).containsExactly("SessionConnectEvent", "SessionConnectedEvent",
					"SessionSubscribeEvent", "SessionDisconnectEvent");
		}
	}

	private static InProcess.Peer subscriber(InProcess server, String version) {
		InProcess.Peer peer = server.connect(version);
		server.handle(peer, new TextMessage("SUBSCRIBE\nid:1\ndestination:/topic/a\n\n\0"));
		return peer;
	}

	private static List<String> commands(InProcess.Peer peer) {
		return peer.received().stream().map((frame) -> frame.command().toString()).toList();
	}

	@Configuration
	@EnableSessionLink
	static class Plain extends OneEndpoint {

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic/", "/queue/");
		}

	}

	@Configuration
	@EnableSessionLink
	static class Traced extends Plain {

		@Bean
		static BeanPostProcessor tracing() {
			return new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String name) {
					return name.equals("clientOutboundChannel") ? new TracedChannel((AbstractSubscribableChannel) bean)
							: bean;
				}

			};
		}

	}

	static class TracedChannel extends ExecutorSubscribableChannel {

		private final List<SimpMessageType> sent = new CopyOnWriteArrayList<>();

		TracedChannel(AbstractSubscribableChannel springs) {
			setInterceptors(springs.getInterceptors());
		}

		@Override
		public boolean sendInternal(Message<?> message, long timeout) {
			this.sent.add(SimpMessageHeaderAccessor.getMessageType(message.getHeaders()));
			return super.sendInternal(message, timeout);
		}

	}

	@Configuration("listening")
	@EnableSessionLink
	static class Listening extends Plain {

		private final List<String> events = new CopyOnWriteArrayList<>();

		@EventListener
		void onEvent(AbstractSubProtocolEvent event) {
			this.events.add(event.getClass().getSimpleName());
		}

	}

	@Configuration
	@EnableSessionLink
	static class Watching extends Plain {

		private final Watcher watcher = new Watcher();

		@Bean
		Watcher watcher() {
			return this.watcher;
		}

		@Override
		public void configureClientOutboundChannel(ChannelRegistration registration) {
			registration.interceptors(this.watcher);
		}

	}

	/** Is slow to send what Spring has for clients. */
	@Configuration
	@EnableSessionLink
	static class OwnExecutor extends Plain {

		@Override
		public void configureClientOutboundChannel(ChannelRegistration registration) {
			registration
				.executor(new TaskExecutorAdapter(CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS)));
		}

	}

	/** Is slow to send what Spring has for clients. */
	@Configuration
	@EnableSessionLink
	static class OwnThreads extends Plain {

		@Override
		public void configureClientOutboundChannel(ChannelRegistration registration) {
			ThreadPoolTaskExecutor threads = new ThreadPoolTaskExecutor();
			threads.setTaskDecorator((task) -> () -> CompletableFuture
				.runAsync(task, CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS))
				.join());
			registration.taskExecutor(threads);
		}

	}

	static class Watcher implements ChannelInterceptor {

		private final List<String> destinations = new CopyOnWriteArrayList<>();

		@Override
		public Message<?> preSend(Message<?> message, MessageChannel channel) {
			if (SimpMessageHeaderAccessor.getMessageType(message.getHeaders()) == SimpMessageType.MESSAGE) {
				this.destinations.add(SimpMessageHeaderAccessor.getDestination(message.getHeaders()));
			}
			return message;
		}

	}

}
