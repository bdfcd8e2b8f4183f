package org.sessionlink;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

import org.sessionlink.link.EndCause;
import org.sessionlink.link.Home;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.Links;
import org.sessionlink.link.SocketLink;
import org.sessionlink.store.Identities;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.stomp.StompDecoder;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An application with the endpoint {@code /stomp}, of SessionLink or of plain Spring,
 * without a container.
 */
final class InProcess implements AutoCloseable {

	private final AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();

	private final StartingContext servletContext;

	private final WebSocketHandler endpoint;

	private InProcess(Class<?> configuration, StartingContext servletContext) {
		this.servletContext = servletContext;
		this.context.setServletContext(servletContext);
		this.context.register(configuration);
		this.context.refresh();
		SimpleUrlHandlerMapping mapping = bean("stompWebSocketHandlerMapping", SimpleUrlHandlerMapping.class);
		this.endpoint = ((WebSocketHttpRequestHandler) mapping.getUrlMap().get("/stomp")).getWebSocketHandler();
	}

	static InProcess onSpring(Class<?> configuration) {
		return new InProcess(configuration, new StartingContext());
	}

	/** Where clients may send to topics and queues, as often as they like. */
	static InProcess onSessionLink(Class<?> configuration) {
		return onSessionLink(configuration, Map.of());
	}

	/** The same with further settings. */
	static InProcess onSessionLink(Class<?> configuration, Map<String, String> settings) {
		Map<String, String> all = new HashMap<>(settings);
		all.put("sessionlink.destinations.send", "/app/**, /topic/**, /queue/**");
		all.put("sessionlink.limits.frames-per-second", "0");
		return onSessionLinkSet(configuration, all);
	}

	/** Where nothing is set but this. */
	static InProcess onSessionLinkSet(Class<?> configuration, Map<String, String> settings) {
		StartingContext servletContext = new StartingContext();
		settings.forEach(servletContext::addInitParameter);
		new SessionLinkInitializer().onStartup(servletContext);
		return new InProcess(configuration, servletContext);
	}

	<T> T bean(String name, Class<T> type) {
		return this.context.getBean(name, type);
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	SimpMessagingTemplate template() {
		return bean("brokerMessagingTemplate", SimpMessagingTemplate.class);
	}

	/** Opens a socket, and sends CONNECT for this version of STOMP. */
	Peer connect(String version) {
		return connect(version, link());
	}

	/** Opens a link of nobody in particular; null on plain Spring. */
	Link link() {
		Links links = this.context.getBeanProvider(Links.class).getIfAvailable();
		String key = UUID.randomUUID().toString();
		return (links != null) ? links.open(key, key, Home.GONE) : null;
	}

	/** Opens one more socket of a link. */
	Peer connect(String version, Link link) {
		return connect(version, link, "");
	}

	/** Opens a socket whose CONNECT has further headers, a line each. */
	Peer connect(String version, Link link, String headers) {
		Peer peer = open(link);
		handle(peer, new TextMessage("CONNECT\naccept-version:" + version + "\n" + headers + "\n\0"));
		return peer;
	}

	/** Opens one more socket of a link, and sends nothing. */
	Peer open(Link link) {
		Peer peer = new Peer();
		peer.link = link;
		if (link != null) {
			new SocketLink(link, Identity.ANONYMOUS, link.sessionId(), null, Identities::of)
				.putInto(peer.getAttributes());
		}
		call(() -> this.endpoint.afterConnectionEstablished(peer));
		return peer;
	}

	/** Opens one more socket under the link of another, and sends CONNECT. */
	Peer connectBeside(Peer other) {
		return connect("1.2", other.link);
	}

	void handle(Peer peer, WebSocketMessage<?> message) {
		if (peer.isOpen()) {
			call(() -> this.endpoint.handleMessage(peer, message));
		}
	}

	/** Closes a socket as a broken connection does; its link goes on. */
	void cut(Peer peer) {
		peer.close();
		call(() -> this.endpoint.afterConnectionClosed(peer, CloseStatus.NORMAL));
	}

	void leave(Peer peer) {
		cut(peer);
		if (peer.link != null) {
			peer.link.end(EndCause.ENDED);
		}
	}

	@Override
	public void close() {
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

	/** A frame as a client sees it, but for its id, which is each server's own. */
	record Received(boolean binary, Object command, Map<String, List<String>> headers, String body) {

		/** Returns the same without a header. */
		Received without(String header) {
			Map<String, List<String>> others = new TreeMap<>(this.headers);
			others.remove(header);
			return new Received(this.binary, this.command, others, this.body);
		}

		/** Returns the body as the text that it is. */
		String text() {
			return new String(Base64.getDecoder().decode(this.body), StandardCharsets.UTF_8);
		}

	}

	/** The other end of a socket. */
	static final class Peer extends QuietSession {

		private final List<Received> received = Collections.synchronizedList(new ArrayList<>());

		private final List<String> messageIds = Collections.synchronizedList(new ArrayList<>());

		private Link link;

		private volatile CountDownLatch reads = new CountDownLatch(0);

		private volatile boolean writing;

		/** Returns the link that the socket belongs to; null on plain Spring. */
		Link link() {
			return this.link;
		}

		/** Takes nothing more, until it {@linkplain #goOn goes on}. */
		void stall() {
			this.reads = new CountDownLatch(1);
		}

		/** Waits until something is being written that it does not take. */
		void awaitStalled() {
			await().until(() -> this.writing);
		}

		void goOn() {
			this.reads.countDown();
		}

		@Override
		public void sendMessage(WebSocketMessage<?> message) {
			if (message instanceof PingMessage) {
				return;
			}
			try {
				this.writing = this.reads.getCount() > 0;
				this.reads.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			ByteBuffer bytes = (message instanceof BinaryMessage binary) ? binary.getPayload().duplicate()
					: ByteBuffer.wrap(((TextMessage) message).asBytes());
			List<Message<byte[]>> frames = new StompDecoder().decode(bytes);
			assertThat(frames).as("frames in a WebSocket message").hasSize(1);
			StompHeaderAccessor headers = StompHeaderAccessor.wrap(frames.get(0));
			Map<String, List<String>> named = new TreeMap<>(headers.toNativeHeaderMap());
			this.messageIds.addAll(named.getOrDefault("message-id", List.of()));
			named.remove("message-id");
			named.remove("heart-beat");
			this.received.add(new Received(message instanceof BinaryMessage, headers.getCommand(), named,
					Base64.getEncoder().encodeToString(frames.get(0).getPayload())));
		}

		/** Returns the texts of all messages that it has received. */
		List<String> bodies() {
			return received().stream()
				.filter((frame) -> frame.headers().containsKey("subscription"))
				.map(Received::text)
				.toList();
		}

		/** Returns the ids of all messages that it has received, in their order. */
		List<String> messageIds() {
			synchronized (this.messageIds) {
				return List.copyOf(this.messageIds);
			}
		}

		/** Returns all that it has received. */
		List<Received> received() {
			synchronized (this.received) {
				return List.copyOf(this.received);
			}
		}

	}

}
