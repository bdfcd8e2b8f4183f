package org.sessionlink;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Home;
import org.sessionlink.link.Link;
import org.sessionlink.link.Links;
import org.sessionlink.link.SocketLink;

import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SyncTaskExecutor;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.simp.stomp.StompDecoder;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The same subscribers and publishers get the same from SessionLink's broker as from
 * Spring's own, each in the same order (B33).
 */
class BrokerOracleTest {

	private static final int SOCKETS = 8;

	private static final List<String> DESTINATIONS = List.of("/topic/a", "/topic/b", "/queue/c", "/user/queue/d");

	private static Server oracle;

	private static Server ours;

	@BeforeContainer
	static void start() {
		oracle = new Server(OnSpring.class, new StartingContext());
		StartingContext servletContext = new StartingContext();
		servletContext.addInitParameter("sessionlink.destinations.send", "/app/**, /topic/**, /queue/**");
		servletContext.addInitParameter("sessionlink.limits.frames-per-second", "0");
		new SessionLinkInitializer().onStartup(servletContext);
		ours = new Server(OnSessionLink.class, servletContext);
	}

	@AfterContainer
	static void stop() {
		oracle.close();
		ours.close();
	}

	@Property(tries = 300)
	void subscribersGetWhatTheyWouldGetFromSpring(@ForAll("scripts") List<Step> script) {
		List<List<Received>> expected = oracle.play(script, (socket) -> 0);

		List<List<Received>> actual = ours.play(script, (socket) -> expected.get(socket).size());

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
			.as((socket, destination) -> new Step("subscribe to " + destination, (server) -> server.frame(socket,
					"SUBSCRIBE\nid:sub-" + destination + "\ndestination:" + DESTINATIONS.get(destination) + "\n\n\0")));
		Arbitrary<Step> unsubscribe = Combinators.combine(sockets, destinations)
			.as((socket, destination) -> new Step("unsubscribe from " + destination,
					(server) -> server.frame(socket, "UNSUBSCRIBE\nid:sub-" + destination + "\n\n\0")));
		Arbitrary<Step> send = Combinators.combine(sockets, destinations, types, bodies)
			.filter((socket, destination, type, body) -> destination < 3)
			.as((socket, destination, type, body) -> new Step("send to " + destination,
					(server) -> server.binary(socket, DESTINATIONS.get(destination), type, body)));
		Arbitrary<Step> publish = Combinators.combine(destinations, headers, bodies)
			.filter((destination, header, body) -> destination < 3)
			.as((destination, header, body) -> new Step("publish to " + destination, (server) -> server.template()
				.convertAndSend(DESTINATIONS.get(destination), body, Map.of("extra", header, "kind", "news"))));
		Arbitrary<Step> tellOne = Combinators.combine(sockets, bodies)
			.as((socket, body) -> new Step("tell " + socket, (server) -> server.tell(socket, body)));
		Arbitrary<Step> disconnect = sockets
			.map((socket) -> new Step("close " + socket, (server) -> server.leave(socket)));
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
	private record Step(String name, Consumer<Server> what) {

		@Override
		public String toString() {
			return this.name;
		}

	}

	/** A frame as a client sees it, but for its id, which is each server's own. */
	private record Received(boolean binary, Object command, Map<String, List<String>> headers, String body) {
	}

	/** An application with its WebSocket endpoint, without a container. */
	private static final class Server {

		private final AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();

		private final StartingContext servletContext;

		private final WebSocketHandler endpoint;

		private List<Peer> peers = List.of();

		private IntUnaryOperator least = (socket) -> 0;

		Server(Class<?> configuration, StartingContext servletContext) {
			this.servletContext = servletContext;
			this.context.setServletContext(servletContext);
			this.context.register(configuration);
			this.context.refresh();
			SimpleUrlHandlerMapping mapping = this.context.getBean("stompWebSocketHandlerMapping",
					SimpleUrlHandlerMapping.class);
			this.endpoint = ((WebSocketHttpRequestHandler) mapping.getUrlMap().get("/stomp")).getWebSocketHandler();
		}

		/**
		 * Lets it happen, and returns what each socket has received.
		 * @param least how much a socket receives before it closes: what is under way
		 * then may be lost
		 */
		List<List<Received>> play(List<Step> script, IntUnaryOperator least) {
			this.least = least;
			this.peers = IntStream.range(0, SOCKETS).mapToObj((i) -> connect()).toList();
			script.forEach((step) -> step.what().accept(this));
			IntStream.range(0, SOCKETS).forEach(this::leave);
			return this.peers.stream().map(Peer::received).toList();
		}

		private Peer connect() {
			Peer peer = new Peer();
			Links links = this.context.getBeanProvider(Links.class).getIfAvailable();
			if (links != null) {
				peer.link = links.open(peer.getId(), peer.getId(), Home.GONE);
				new SocketLink(peer.link).putInto(peer.getAttributes());
			}
			call(() -> this.endpoint.afterConnectionEstablished(peer));
			handle(peer, new TextMessage("CONNECT\naccept-version:1.2\n\n\0"));
			return peer;
		}

		Peer peer(int socket) {
			return this.peers.get(socket);
		}

		SimpMessagingTemplate template() {
			return this.context.getBean("brokerMessagingTemplate", SimpMessagingTemplate.class);
		}

		void frame(int socket, String text) {
			handle(peer(socket), new TextMessage(text));
		}

		void binary(int socket, String destination, String type, byte[] body) {
			String head = "SEND\ndestination:" + destination + (type.isEmpty() ? "" : "\ncontent-type:" + type)
					+ "\ncontent-length:" + body.length + "\n\n";
			ByteBuffer frame = ByteBuffer.allocate(head.length() + body.length + 1);
			frame.put(head.getBytes(StandardCharsets.UTF_8)).put(body).put((byte) 0).flip();
			handle(peer(socket), new BinaryMessage(frame));
		}

		void tell(int socket, byte[] body) {
			SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(SimpMessageType.MESSAGE);
			headers.setSessionId(peer(socket).getId());
			headers.setLeaveMutable(true);
			template().convertAndSendToUser(peer(socket).getId(), "/queue/d", body, headers.getMessageHeaders());
		}

		private void handle(Peer peer, WebSocketMessage<?> message) {
			if (peer.isOpen()) {
				call(() -> this.endpoint.handleMessage(peer, message));
			}
		}

		void leave(int socket) {
			Peer peer = peer(socket);
			if (peer.isOpen()) {
				await().pollDelay(Duration.ZERO)
					.pollInterval(Duration.ofMillis(1))
					.until(() -> peer.received().size() >= this.least.applyAsInt(socket));
				peer.close();
				call(() -> this.endpoint.afterConnectionClosed(peer, CloseStatus.NORMAL));
				if (peer.link != null) {
					peer.link.end(EndCause.ENDED);
				}
			}
		}

		void close() {
			this.context.close();
			this.servletContext.stop();
		}

		private static void call(Call call) {
			try {
				call.run();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}

		private interface Call {

			void run() throws Exception;

		}

	}

	/** The other end of a socket. */
	private static final class Peer extends QuietSession {

		private final List<Received> received = Collections.synchronizedList(new ArrayList<>());

		private Link link;

		@Override
		public void sendMessage(WebSocketMessage<?> message) {
			ByteBuffer bytes = (message instanceof BinaryMessage binary) ? binary.getPayload().duplicate()
					: ByteBuffer.wrap(((TextMessage) message).asBytes());
			List<Message<byte[]>> frames = new StompDecoder().decode(bytes);
			assertThat(frames).as("frames in a WebSocket message").hasSize(1);
			StompHeaderAccessor headers = StompHeaderAccessor.wrap(frames.get(0));
			Map<String, List<String>> named = new TreeMap<>(headers.toNativeHeaderMap());
			named.remove("message-id");
			named.remove("heart-beat");
			this.received.add(new Received(message instanceof BinaryMessage, headers.getCommand(), named,
					Base64.getEncoder().encodeToString(frames.get(0).getPayload())));
		}

		List<Received> received() {
			synchronized (this.received) {
				return List.copyOf(this.received);
			}
		}

	}

	/** The same application on both. */
	private static class Application implements WebSocketMessageBrokerConfigurer {

		@Override
		public void registerStompEndpoints(StompEndpointRegistry registry) {
			registry.addEndpoint("/stomp");
		}

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
