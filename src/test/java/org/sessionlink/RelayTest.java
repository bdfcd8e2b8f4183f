package org.sessionlink;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.tcp.ReconnectStrategy;
import org.springframework.messaging.tcp.TcpConnection;
import org.springframework.messaging.tcp.TcpConnectionHandler;
import org.springframework.messaging.tcp.TcpOperations;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.TextMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B32, B37, B39: an application whose broker is elsewhere, and answers by itself. */
class RelayTest {

	private InProcess server;

	private InProcess.Peer peer;

	@BeforeEach
	void start() {
		Relaying.broker = new Broker();
		this.server = InProcess.onSessionLinkSet(Relaying.class, Map.of("sessionlink.destinations.send",
				"/app/**, /topic/**", "sessionlink.destinations.presence", "/topic/**"));
		this.peer = this.server.connect("1.2");
		await().until(() -> commands().contains("CONNECTED []"));
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	@ParameterizedTest
	@CsvSource({ "SUBSCRIBE, /topic/a", "SUBSCRIBE, /user/queue/a", "SUBSCRIBE, /app/now", "SEND, /app/say",
			"SEND, /topic/a", "UNSUBSCRIBE, ", "ACK, ", "BEGIN, " })
	void aFrameGetsOneReceipt(String command, String destination) {
		frame(command + ((destination != null) ? "\ndestination:" + destination : "") + "\nid:1"
				+ (command.equals("BEGIN") ? "\ntransaction:t" : "") + "\nreceipt:1");
		frame("SEND\ndestination:/app/say\nreceipt:2");

		await().until(() -> commands().contains("RECEIPT [2]"));
		assertThat(commands()).containsOnlyOnce("RECEIPT [1]");
	}

	@Test
	void theSessionOfAClientIsItsOwnAndNotTheBrokers() {
		assertThat(this.peer.received().get(0).headers()).containsEntry("session",
				List.of(this.peer.link().fingerprint()));
	}

	@Test
	void whatIsSentInATransactionStaysInIt() {
		frame("BEGIN\ntransaction:t");
		frame("SEND\ndestination:/topic/a\ntransaction:t\npersistent:true");
		frame("COMMIT\ntransaction:t");

		await().until(() -> Relaying.broker.sent.contains("COMMIT {transaction=[t]}"));
		assertThat(Relaying.broker.sent).containsSequence("BEGIN {transaction=[t]}",
				"SEND {destination=[/topic/a], transaction=[t], persistent=[true]}", "COMMIT {transaction=[t]}");
	}

	@Test
	void whoElseIsHereIsToldPastTheBroker() {
		frame("SUBSCRIBE\nid:1\ndestination:/topic/a\npresence:on");

		await().until(() -> this.peer.bodies().size() == 1);
		assertThat(this.peer.received()).last()
			.satisfies((news) -> assertThat(news.headers()).containsEntry("presence", List.of("here")))
			.satisfies((news) -> assertThat(news.text()).startsWith("{\"present\":[{\"user\":null,\"id\":\""));
		assertThat(Relaying.broker.sent).noneMatch((frame) -> frame.startsWith("SEND"));
	}

	private void frame(String head) {
		this.server.handle(this.peer, new TextMessage(head + "\n\n\0"));
	}

	private List<String> commands() {
		return this.peer.received()
			.stream()
			.map((frame) -> frame.command() + " " + frame.headers().getOrDefault("receipt-id", List.of()))
			.toList();
	}

	@Configuration
	@EnableSessionLink
	static class Relaying extends OneEndpoint {

		private static Broker broker;

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableStompBrokerRelay("/topic/", "/queue/").setTcpClient(broker);
			registry.setApplicationDestinationPrefixes("/app");
		}

		@Bean
		Talk talk() {
			return new Talk();
		}

	}

	@Controller
	static class Talk {

		@MessageMapping("/say")
		void say() {
			// Nothing is to be said.
		}

		@SubscribeMapping("/now")
		String now() {
			return "now";
		}

	}

	/** The broker, at the other end of each of its connections. */
	private static final class Broker implements TcpOperations<byte[]> {

		private final List<String> sent = new CopyOnWriteArrayList<>();

		@Override
		public CompletableFuture<Void> connectAsync(TcpConnectionHandler<byte[]> handler) {
			handler.afterConnected(new Connection(handler));
			return CompletableFuture.completedFuture(null);
		}

		@Override
		public CompletableFuture<Void> connectAsync(TcpConnectionHandler<byte[]> handler, ReconnectStrategy strategy) {
			return connectAsync(handler);
		}

		@Override
		public CompletableFuture<Void> shutdownAsync() {
			return CompletableFuture.completedFuture(null);
		}

		private final class Connection implements TcpConnection<byte[]> {

			private final TcpConnectionHandler<byte[]> handler;

			Connection(TcpConnectionHandler<byte[]> handler) {
				this.handler = handler;
			}

			@Override
			public CompletableFuture<Void> sendAsync(Message<byte[]> message) {
				StompHeaderAccessor frame = StompHeaderAccessor.wrap(message);
				Broker.this.sent.add(frame.getCommand() + " " + frame.toNativeHeaderMap());
				if (frame.getCommand() == StompCommand.CONNECT) {
					answer(StompCommand.CONNECTED, null);
				}
				else if (frame.getReceipt() != null) {
					answer(StompCommand.RECEIPT, frame.getReceipt());
				}
				return CompletableFuture.completedFuture(null);
			}

			private void answer(StompCommand command, String receipt) {
				StompHeaderAccessor answer = StompHeaderAccessor.create(command);
				answer.setVersion("1.2");
				answer.setHeartbeat(0, 0);
				if (command == StompCommand.CONNECTED) {
					answer.setNativeHeader("session", "the broker's own");
				}
				if (receipt != null) {
					answer.setReceiptId(receipt);
				}
				answer.setLeaveMutable(true);
				this.handler.handleMessage(MessageBuilder.createMessage(new byte[0], answer.getMessageHeaders()));
			}

			@Override
			public void onReadInactivity(Runnable task, long duration) {
				// It is never silent.
			}

			@Override
			public void onWriteInactivity(Runnable task, long duration) {
				// It needs no heart-beats.
			}

			@Override
			public void close() {
				// There is nothing to close.
			}

		}

	}

}
