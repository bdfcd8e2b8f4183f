package org.sessionlink;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SyncTaskExecutor;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The same subscribers and publishers get the same from SessionLink's broker as from
 * Spring's own, each in the same order (B33).
 */
class BrokerOracleTest {

	private static final int SOCKETS = 8;

	private static final List<String> DESTINATIONS = List.of("/topic/a", "/topic/b", "/queue/c", "/user/queue/d");

	private static InProcess oracle;

	private static InProcess ours;

	@BeforeContainer
	static void start() {
		oracle = InProcess.onSpring(OnSpring.class);
		ours = InProcess.onSessionLink(OnSessionLink.class);
	}

	@AfterContainer
	static void stop() {
		oracle.close();
		ours.close();
	}

	@Property(tries = 300)
	void subscribersGetWhatTheyWouldGetFromSpring(@ForAll("scripts") List<Step> script) {
		List<List<InProcess.Received>> expected = new Game(oracle, (socket) -> 0).play(script);

		List<List<InProcess.Received>> actual = new Game(ours, (socket) -> expected.get(socket).size()).play(script);

		assertThat(actual).isEqualTo(expected);
	}

	@Provide
	Arbitrary<List<Step>> scripts() {
		Arbitrary<Integer> sockets = Arbitraries.integers().between(0, SOCKETS - 1);
		Arbitrary<Integer> destinations = Arbitraries.integers().between(0, DESTINATIONS.size() - 1);
		Arbitrary<byte[]> bodies = Arbitraries.oneOf(
				Arbitraries.strings().ofMaxLength(40).map((text) -> text.getBytes(StandardCharsets.UTF_8)),
				Arbitraries.bytes().array(byte[].class).ofMaxSize(40).map(BrokerOracleTest::readable));
		Arbitrary<String> types = Arbitraries.of("", "text/plain", "application/json;charset=UTF-8",
				"application/octet-stream");
		Arbitrary<String> headers = Arbitraries.strings()
			.withChars('a', ':', '\\', '\n', '\r', ' ', 'é')
			.ofMinLength(1)
			.ofMaxLength(6);
		Arbitrary<Step> subscribe = Combinators.combine(sockets, destinations)
			.as((socket, destination) -> new Step("subscribe to " + destination, (game) -> game.frame(socket,
					"SUBSCRIBE\nid:sub-" + destination + "\ndestination:" + DESTINATIONS.get(destination) + "\n\n\0")));
		Arbitrary<Step> unsubscribe = Combinators.combine(sockets, destinations)
			.as((socket, destination) -> new Step("unsubscribe from " + destination,
					(game) -> game.frame(socket, "UNSUBSCRIBE\nid:sub-" + destination + "\n\n\0")));
		Arbitrary<Step> send = Combinators.combine(sockets, destinations, types, bodies)
			.filter((socket, destination, type, body) -> destination < 3)
			.as((socket, destination, type, body) -> new Step("send to " + destination,
					(game) -> game.send(socket, DESTINATIONS.get(destination), type, body)));
		Arbitrary<Step> publish = Combinators.combine(destinations, headers, bodies)
			.filter((destination, header, body) -> destination < 3)
			.as((destination, header, body) -> new Step("publish to " + destination, (game) -> game
				.publish(DESTINATIONS.get(destination), body, Map.of("extra", header, "kind", "news"))));
		Arbitrary<Step> tellOne = Combinators.combine(sockets, bodies)
			.as((socket, body) -> new Step("tell " + socket, (game) -> game.tell(socket, body)));
		Arbitrary<Step> disconnect = sockets.map((socket) -> new Step("close " + socket, (game) -> game.leave(socket)));
		return Arbitraries
			.frequencyOf(net.jqwik.api.Tuple.of(6, subscribe), net.jqwik.api.Tuple.of(1, unsubscribe),
					net.jqwik.api.Tuple.of(6, send), net.jqwik.api.Tuple.of(6, publish),
					net.jqwik.api.Tuple.of(3, tellOne), net.jqwik.api.Tuple.of(1, disconnect))
			.list()
			.ofMaxSize(60);
	}

	// Spring sends what is no UTF-8 as text, where it is lost.
	private static byte[] readable(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
	}

	/** What happens, on either server. */
	private record Step(String name, Consumer<Game> what) {

		@Override
		public String toString() {
			return this.name;
		}

	}

	/** A script that is played on one of the servers. */
	private static final class Game {

		private final InProcess server;

		private final IntUnaryOperator least;

		private final List<InProcess.Peer> peers;

		/**
		 * Opens the sockets.
		 * @param least how much a socket receives before it closes: what is under way
		 * then may be lost
		 */
		Game(InProcess server, IntUnaryOperator least) {
			this.server = server;
			this.least = least;
			this.peers = IntStream.range(0, SOCKETS).mapToObj((i) -> server.connect("1.2")).toList();
		}

		/** Lets it happen, and returns what each socket has received. */
		List<List<InProcess.Received>> play(List<Step> script) {
			script.forEach((step) -> step.what().accept(this));
			IntStream.range(0, SOCKETS).forEach(this::leave);
			return this.peers.stream().map(InProcess.Peer::received).map(Game::withoutSession).toList();
		}

		// Spring does not say it, see ConnectedTest.
		private static List<InProcess.Received> withoutSession(List<InProcess.Received> frames) {
			return frames.stream().map((frame) -> frame.without("session")).toList();
		}

		void frame(int socket, String text) {
			this.server.handle(this.peers.get(socket), new TextMessage(text));
		}

		void send(int socket, String destination, String type, byte[] body) {
			String head = "SEND\ndestination:" + destination + (type.isEmpty() ? "" : "\ncontent-type:" + type)
					+ "\ncontent-length:" + body.length + "\n\n";
			ByteBuffer frame = ByteBuffer.allocate(head.length() + body.length + 1);
			frame.put(head.getBytes(StandardCharsets.UTF_8)).put(body).put((byte) 0).flip();
			this.server.handle(this.peers.get(socket), new BinaryMessage(frame));
		}

		void publish(String destination, byte[] body, Map<String, Object> headers) {
			this.server.template().convertAndSend(destination, body, headers);
		}

		void tell(int socket, byte[] body) {
			String id = this.peers.get(socket).getId();
			SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(SimpMessageType.MESSAGE);
			headers.setSessionId(id);
			headers.setLeaveMutable(true);
			this.server.template().convertAndSendToUser(id, "/queue/d", body, headers.getMessageHeaders());
		}

		void leave(int socket) {
			InProcess.Peer peer = this.peers.get(socket);
			if (peer.isOpen()) {
				await().pollDelay(Duration.ZERO)
					.pollInterval(Duration.ofMillis(1))
					.until(() -> peer.received().size() >= this.least.applyAsInt(socket));
				this.server.leave(peer);
			}
		}

	}

	/** The same application on both. */
	private static class Application extends OneEndpoint {

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic/", "/queue/");
			registry.setApplicationDestinationPrefixes("/app");
		}

	}

	@Configuration
	@EnableSessionLink
	static class OnSessionLink extends Application {

	}

	@Configuration
	@EnableWebSocketMessageBroker
	static class OnSpring extends Application {

		// In order, as the oracle must be.
		@Override
		public void configureClientInboundChannel(ChannelRegistration registration) {
			registration.executor(new SyncTaskExecutor());
		}

		@Override
		public void configureClientOutboundChannel(ChannelRegistration registration) {
			registration.executor(new SyncTaskExecutor());
		}

	}

}
