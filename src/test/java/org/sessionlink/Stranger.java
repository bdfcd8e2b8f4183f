package org.sessionlink;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Home;
import org.sessionlink.link.Link;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;
import org.slf4j.LoggerFactory;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompDecoder;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.messaging.SubProtocolWebSocketHandler;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

/**
 * A client that sends any bytes whatever to the endpoint of the greeting application, in
 * this process, and complains of what must never come back or be logged: an exception's
 * text, a secret, an error that nobody has thought of.
 *
 * <p>
 * The first byte of an input says whether a CONNECT frame goes first and whether the
 * WebSocket messages are binary; the byte 0x1D parts one message from the next.
 */
final class Stranger implements AutoCloseable {

	private static final String SECRET = "secret-that-nobody-may-see";

	private static final byte NEXT_MESSAGE = 0x1D;

	private static final String CONNECT = "CONNECT\naccept-version:1.2\n\n\0";

	private static final Set<String> CODES = codes();

	private static final List<String> WORDS_OF_THE_INSIDE = List.of("Exception", "org.", "java.", "jakarta.", "tools.",
			"springframework", SECRET);

	private final Queue<String> complaints = new ConcurrentLinkedQueue<>();

	private final StartingContext servletContext = new StartingContext();

	private final AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();

	private final LogReader log = new LogReader();

	private final Links links;

	private final WebSocketHandler endpoint;

	private final SubProtocolWebSocketHandler spring;

	private int count;

	Stranger() {
		Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
		root.setLevel(Level.WARN);
		root.detachAndStopAllAppenders();
		this.log.start();
		root.addAppender(this.log);
		new SessionLinkInitializer().onStartup(this.servletContext);
		this.context.setServletContext(this.servletContext);
		this.context.register(greetingConfig());
		this.context.refresh();
		this.links = this.context.getBean(Links.class);
		SimpleUrlHandlerMapping mapping = this.context.getBean("stompWebSocketHandlerMapping",
				SimpleUrlHandlerMapping.class);
		this.endpoint = ((WebSocketHttpRequestHandler) mapping.getUrlMap().get("/greeting")).getWebSocketHandler();
		this.spring = this.context.getBean("subProtocolWebSocketHandler", SubProtocolWebSocketHandler.class);
	}

	private static Class<?> greetingConfig() {
		try {
			return Class.forName("org.sessionlink.app.GreetingConfig");
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Set<String> codes() {
		Set<String> codes = new HashSet<>();
		Stream.of(Refused.values()).map(Refused::code).forEach(codes::add);
		Stream.of(EndCause.values()).map(EndCause::reason).forEach(codes::add);
		codes.addAll(Set.of("name-missing", "name-blank", "name-too-long", "not-readable"));
		return codes;
	}

	/** Sends these bytes on a socket of their own, and closes it. */
	void says(byte[] input) {
		if (new String(input, StandardCharsets.ISO_8859_1).contains(SECRET)) {
			// A fuzzer that watches comparisons finds out what is looked for.
			return;
		}
		Link link = this.links.open(SECRET + this.count++, SECRET, new LongHome());
		WireSession session = new WireSession();
		new SocketLink(link).putInto(session.getAttributes());
		try {
			this.endpoint.afterConnectionEstablished(session);
			for (WebSocketMessage<?> message : messages(input)) {
				if (!session.isOpen()) {
					break;
				}
				this.endpoint.handleMessage(session, message);
			}
		}
		catch (Exception ex) {
			this.complaints.add("Thrown at the container: " + ex);
		}
		finally {
			close(session);
			link.end(EndCause.ENDED);
		}
	}

	private void close(WireSession session) {
		try {
			this.endpoint.afterConnectionClosed(session, CloseStatus.NORMAL);
		}
		catch (Exception ex) {
			this.complaints.add("Thrown at the container: " + ex);
		}
		if (this.spring.getStats().getWebSocketSessions() != 0) {
			this.complaints.add("A socket is remembered though it has closed");
		}
	}

	private static List<? extends WebSocketMessage<?>> messages(byte[] input) {
		if (input.length == 0) {
			return List.of();
		}
		boolean binary = (input[0] & 2) != 0;
		Stream.Builder<byte[]> parts = Stream.builder();
		if ((input[0] & 1) != 0) {
			parts.add(CONNECT.getBytes(StandardCharsets.UTF_8));
		}
		int start = 1;
		for (int i = 1; i <= input.length; i++) {
			if (i == input.length || input[i] == NEXT_MESSAGE) {
				parts.add(Arrays.copyOfRange(input, start, i));
				start = i + 1;
			}
		}
		return parts.build()
			.map((part) -> binary ? new BinaryMessage(ByteBuffer.wrap(part))
					: new TextMessage(new String(part, StandardCharsets.UTF_8)))
			.toList();
	}

	/** Returns what must not have happened, so far. */
	List<String> complaints() {
		return List.copyOf(this.complaints);
	}

	@Override
	public void close() {
		this.context.close();
		this.servletContext.stop();
	}

	/** Lasts far longer than a test. */
	private static final class LongHome implements Home {

		@Override
		public boolean touch() {
			return true;
		}

		@Override
		public void invalidate() {
			// There is no HTTP session behind it.
		}

		@Override
		public Duration timeout() {
			return Duration.ofHours(1);
		}

	}

	/** The other end of a socket. */
	private final class WireSession extends QuietSession {

		@Override
		public void sendMessage(WebSocketMessage<?> message) {
			if (message instanceof TextMessage text) {
				new StompDecoder().decode(ByteBuffer.wrap(text.asBytes())).forEach(this::look);
			}
		}

		private void look(Message<byte[]> frame) {
			StompHeaderAccessor headers = StompHeaderAccessor.wrap(frame);
			String body = new String(frame.getPayload(), StandardCharsets.UTF_8);
			if (StompCommand.ERROR.equals(headers.getCommand())) {
				if (!CODES.contains(headers.getMessage())) {
					Stranger.this.complaints.add("An ERROR that nobody has thought of: " + headers.getMessage());
				}
				complainOfWordsOfTheInside("an ERROR frame", body);
			}
			else if ("/user/queue/errors".equals(headers.getDestination())) {
				if (CODES.stream().noneMatch((code) -> body.contains("\"" + code + "\""))) {
					Stranger.this.complaints.add("An error that nobody has thought of: " + body);
				}
				complainOfWordsOfTheInside("/user/queue/errors", body);
			}
			if (headers.toNativeHeaderMap().toString().contains(SECRET)) {
				Stranger.this.complaints.add("A secret in the headers of a frame");
			}
		}

		@Override
		public void close(CloseStatus status) {
			super.close(status);
			String reason = status.getReason();
			if (reason != null && !reason.matches("[a-z-]*")) {
				Stranger.this.complaints.add("A close reason that is no code: " + reason);
			}
		}

	}

	private void complainOfWordsOfTheInside(String where, String text) {
		for (String word : WORDS_OF_THE_INSIDE) {
			if (text.contains(word)) {
				this.complaints.add("'" + word + "' in " + where + ": " + text);
			}
		}
	}

	/** Reads what the server logs. */
	private final class LogReader extends AppenderBase<ILoggingEvent> {

		@Override
		protected void append(ILoggingEvent event) {
			String message = event.getFormattedMessage();
			if (event.getThrowableProxy() != null) {
				Stranger.this.complaints.add("A trace in the log: " + message + ", "
						+ event.getThrowableProxy().getClassName() + " " + event.getThrowableProxy().getMessage());
			}
			if (message.contains(SECRET)) {
				Stranger.this.complaints.add("A secret in the log: " + message);
			}
			if (message.chars().anyMatch((character) -> Character.isISOControl(character))) {
				Stranger.this.complaints.add("A line of the log that a stranger could break: " + message);
			}
		}

	}

}
