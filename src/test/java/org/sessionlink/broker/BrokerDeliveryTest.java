package org.sessionlink.broker;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sessionlink.history.HistorySettings;
import org.sessionlink.outbound.GuardedChannel;
import org.sessionlink.outbound.OpenSockets;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.broker.SimpleBrokerMessageHandler;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.messaging.support.ImmutableMessageChannelInterceptor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.util.AntPathMatcher;
import org.springframework.web.socket.messaging.SubProtocolWebSocketHandler;

import static org.assertj.core.api.Assertions.assertThat;

/** B33: how what is published reaches its subscribers. */
class BrokerDeliveryTest {

	private final OpenSockets sockets = new OpenSockets();

	private final OpenSockets.Peer peer = this.sockets.open("1.2");

	private final ExecutorSubscribableChannel inbound = new ExecutorSubscribableChannel();

	private final ExecutorSubscribableChannel outbound = new GuardedChannel(Runnable::run, List.of(),
			ChannelInterceptor.class);

	private final List<Message<?>> throughTheChannel = new ArrayList<>();

	private final ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();

	private LinkedBroker broker;

	@AfterEach
	void stop() {
		if (this.broker != null) {
			this.broker.stop();
		}
		this.scheduler.shutdown();
	}

	@Test
	void aBrokerIsSetUpAsTheOneWhosePlaceItTakes() {
		this.scheduler.initialize();
		SimpleBrokerMessageHandler model = model();
		model.setTaskScheduler(this.scheduler);
		model.setHeartbeatValue(new long[] { 3, 4 });
		model.setHeaderInitializer((accessor) -> {
		});
		model.setPreservePublishOrder(true);
		model.setPhase(7);
		model.setPathMatcher(new AntPathMatcher("."));
		model.setCacheLimit(8);
		model.setSelectorHeaderName("filter");

		LinkedBroker made = broker(model);

		assertThat(made.getDestinationPrefixes()).containsExactly("/topic/");
		assertThat(made.getSubscriptionRegistry()).usingRecursiveComparison()
			.comparingOnlyFields("pathMatcher", "cacheLimit", "selectorHeaderName")
			.isEqualTo(model.getSubscriptionRegistry());
		assertThat(made.getTaskScheduler()).isSameAs(this.scheduler);
		assertThat(made.getHeartbeatValue()).containsExactly(3, 4);
		assertThat(made.getHeaderInitializer()).isSameAs(model.getHeaderInitializer());
		assertThat(made.isPreservePublishOrder()).isTrue();
		assertThat(made.getPhase()).isEqualTo(7);
	}

	@Test
	void aBrokerThatHasStartedIsAvailable() {
		start();

		assertThat(this.broker.isBrokerAvailable()).isTrue();
	}

	@Test
	void whatIsPublishedReachesTheSocketsWithoutTheChannel() {
		start();
		subscribe("1");

		publish("/topic/a", "one".getBytes(StandardCharsets.UTF_8));
		publish("/topic/a", "two".getBytes(StandardCharsets.UTF_8));
		publish("/topic/other", "three".getBytes(StandardCharsets.UTF_8));

		assertThat(this.throughTheChannel).isEmpty();
		assertThat(this.peer.received()).hasSize(2);
		assertThat(ids()).doesNotHaveDuplicates().allMatch((id) -> id.matches("[0-9a-f]{8}-[0-9]+"));
	}

	private List<String> ids() {
		return this.peer.received()
			.stream()
			.map((frame) -> frame.toString().replaceAll("(?s).*\nmessage-id:([^\n]*)\n.*", "$1"))
			.toList();
	}

	@Test
	void whereAnInterceptorOfTheApplicationWatchesItGoesThroughTheChannel() {
		this.outbound.addInterceptor(new ChannelInterceptor() {
		});
		start();
		subscribe("1");

		publish("/topic/a", "one".getBytes(StandardCharsets.UTF_8));

		assertThat(this.throughTheChannel).hasSize(1);
		assertThat(this.peer.received()).isEmpty();
	}

	@Test
	void interceptorsOfSpringDoNotWatch() {
		this.outbound.addInterceptor(new ImmutableMessageChannelInterceptor());
		start();
		subscribe("1");

		publish("/topic/a", "one".getBytes(StandardCharsets.UTF_8));

		assertThat(this.throughTheChannel).isEmpty();
		assertThat(this.peer.received()).hasSize(1);
	}

	@Test
	void whatIsNoBytesIsSpringsBusiness() {
		start();
		subscribe("1");

		publish("/topic/a", "text");

		assertThat(this.throughTheChannel).hasSize(1);
		assertThat(this.peer.received()).isEmpty();
	}

	private void start() {
		this.broker = broker(model());
		this.broker.start();
		this.outbound.subscribe(new SubProtocolWebSocketHandler(this.inbound, this.outbound) {

			@Override
			public void handleMessage(Message<?> message) {
				if (SimpMessageHeaderAccessor.getMessageType(message.getHeaders()) == SimpMessageType.MESSAGE) {
					BrokerDeliveryTest.this.throughTheChannel.add(message);
				}
			}

		});
		assertThat(this.broker.isRunning()).isTrue();
		SimpMessageHeaderAccessor connect = headers(SimpMessageType.CONNECT);
		this.inbound.send(MessageBuilder.createMessage(new byte[0], connect.getMessageHeaders()));
	}

	private SimpleBrokerMessageHandler model() {
		return new SimpleBrokerMessageHandler(this.inbound, this.outbound, new ExecutorSubscribableChannel(),
				List.of("/topic/"));
	}

	private LinkedBroker broker(SimpleBrokerMessageHandler model) {
		return new LinkedBroker(model, this.inbound, this.outbound, new ExecutorSubscribableChannel(),
				this.sockets.sockets(), new AcknowledgementSettings(5, 1000, List.of()), HistorySettings.NONE, null,
				(reason) -> {
				});
	}

	private void subscribe(String id) {
		this.peer.subscribe(id, "/topic/a");
		SimpMessageHeaderAccessor subscribe = headers(SimpMessageType.SUBSCRIBE);
		subscribe.setSubscriptionId(id);
		subscribe.setDestination("/topic/a");
		this.inbound.send(MessageBuilder.createMessage(new byte[0], subscribe.getMessageHeaders()));
	}

	private void publish(String destination, Object payload) {
		SimpMessageHeaderAccessor message = headers(SimpMessageType.MESSAGE);
		message.setDestination(destination);
		this.inbound.send(MessageBuilder.createMessage(payload, message.getMessageHeaders()));
	}

	private SimpMessageHeaderAccessor headers(SimpMessageType type) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(type);
		headers.setSessionId(this.peer.getId());
		headers.setSessionAttributes(this.peer.attributes());
		return headers;
	}

}
