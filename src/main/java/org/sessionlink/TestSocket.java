package org.sessionlink;

import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.SocketLink;
import org.sessionlink.store.SessionLinks;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;

/**
 * A socket of somebody in a test without a container: puts frames into the inbound
 * channel of the application as if a client had sent them, past guard, firewall and
 * interceptors.
 *
 * <p>
 * Transactions are not kept here: a frame that names one is handled at once.
 *
 * <p>
 * What comes of a frame is on the application's channels, where Spring has tests look for
 * it, by an interceptor of the test's own. What waits for a frame is called on the thread
 * that puts it, unless its method is {@link org.sessionlink.handling.Blocking @Blocking}
 * or the channel has threads.
 */
public final class TestSocket {

	private final String id = UUID.randomUUID().toString();

	private final Map<String, Object> attributes = new ConcurrentHashMap<>();

	private final MessageChannel inbound;

	private final SocketLink socket;

	/**
	 * Opens a socket under an HTTP session, such as Spring's {@code MockHttpSession}.
	 * @param application the test's Spring context, made with a {@link TestStart}
	 * @param user whom the handshake came from; null for an anonymous visitor
	 * @param roles the names of the roles of that user, without a prefix
	 */
	public TestSocket(BeanFactory application, HttpSession session, @Nullable Principal user, String... roles) {
		this.inbound = application.getBean("clientInboundChannel", MessageChannel.class);
		Link link = application.getBean(SessionLinks.class).linkOf(session);
		this.socket = new SocketLink(link, new Identity(user, Set.of(roles)));
		this.socket.putInto(this.attributes);
	}

	/** Returns the id that Spring knows the socket by: {@code simpSessionId}. */
	public String id() {
		return this.id;
	}

	/** Returns the link that it is under, which a test may end. */
	public Link link() {
		return this.socket.link();
	}

	/** Sends a CONNECT frame. */
	public void connect() {
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.CONNECT);
		headers.setAcceptVersion("1.2");
		headers.setHeartbeat(0, 0);
		put(headers, "");
	}

	/** Sends a SUBSCRIBE frame. */
	public void subscribe(String subscription, String destination) {
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.SUBSCRIBE);
		headers.setSubscriptionId(subscription);
		headers.setDestination(destination);
		put(headers, "");
	}

	/** Sends a SEND frame. */
	public void send(String destination, String body) {
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.SEND);
		headers.setDestination(destination);
		put(headers, body);
	}

	/**
	 * Sends any frame.
	 * @throws org.springframework.messaging.MessagingException if it closes the socket;
	 * its cause says why
	 */
	public void put(StompHeaderAccessor headers, String body) {
		headers.setSessionId(this.id);
		headers.setSessionAttributes(this.attributes);
		headers.setUser(this.socket.identity().principal());
		headers.setLeaveMutable(true);
		this.inbound
			.send(MessageBuilder.createMessage(body.getBytes(StandardCharsets.UTF_8), headers.getMessageHeaders()));
	}

}
