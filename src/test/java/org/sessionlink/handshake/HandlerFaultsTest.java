package org.sessionlink.handshake;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.sessionlink.link.CloseCause;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Home;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.SocketLink;
import org.sessionlink.store.SessionLinks;
import org.sessionlink.store.StoreSettings;

import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.mock.web.MockServletContext;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;
import org.springframework.web.socket.config.annotation.WebSocketTransportRegistration;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;
import org.springframework.web.socket.messaging.SubProtocolWebSocketHandler;

import static org.assertj.core.api.Assertions.assertThat;

/** B53: what fails at a socket is told from a client that closes with the same code. */
class HandlerFaultsTest {

	private final Links links = new Links(new FakeClock(), LinkPolicy.DEFAULT);

	private final SocketLink socket = new SocketLink(this.links.open("key", "id", Home.GONE));

	private final List<CloseStatus> closed = new ArrayList<>();

	private final WebSocketSession session = new WebSocketSessionDecorator(
			new StandardWebSocketSession(null, null, null, null)) {

		@Override
		public boolean isOpen() {
			return true;
		}

		@Override
		public void close(CloseStatus status) {
			HandlerFaultsTest.this.closed.add(status);
		}

	};

	private WebSocketHandler opened;

	@Test
	void aDecoratorOfTheApplicationsThatFails() throws Exception {
		this.socket.putInto(this.session.getAttributes());

		opened().handleMessage(this.session, new TextMessage("\n"));

		assertThat(this.closed).containsExactly(CloseStatus.SERVER_ERROR);
		assertThat(this.socket.failedFor()).isEqualTo(CloseCause.SERVER_ERROR);
	}

	@Test
	void aConnectionThatBreaksIsNoDefect() throws Exception {
		this.socket.putInto(this.session.getAttributes());

		opened().handleTransportError(this.session, new IllegalStateException(new IOException("Broken pipe")));

		assertThat(this.socket.failedFor()).isEqualTo(CloseCause.CONNECTION_LOST);
	}

	@Test
	void aContainerThatFails() throws Exception {
		this.socket.putInto(this.session.getAttributes());

		opened().handleTransportError(this.session, new IllegalStateException("on purpose"));

		assertThat(this.socket.failedFor()).isEqualTo(CloseCause.SERVER_ERROR);
	}

	private WebSocketHandler opened() throws Exception {
		SessionLinks sessionLinks = new SessionLinks(this.links, new StoreSettings(null, List.of()),
				new MockServletContext());
		WebSocketHandler handler = new Failing(
				new SubProtocolWebSocketHandler(new ExecutorSubscribableChannel(), new ExecutorSubscribableChannel()));
		LinkedEndpoints endpoints = new LinkedEndpoints(handler, new WebSocketTransportRegistration(),
				new SimpleAsyncTaskScheduler(),
				new Handshakes(this.links, sessionLinks,
						new HandshakeSettings(SessionPolicy.CREATE, List.of(), List.of(), List.of(), SecureCookie.AUTO),
						new SockJsRequests(this.links, sessionLinks, () -> (id) -> null, () -> 1024), false,
						new MockServletContext()));
		endpoints.addEndpoint("/one").setHandshakeHandler((request, response, given, attributes) -> {
			this.opened = given;
			return true;
		});
		Map<String, ?> handlers = ((SimpleUrlHandlerMapping) endpoints.getHandlerMapping()).getUrlMap();
		Upgrade upgrade = new Upgrade();
		((HttpRequestHandler) handlers.get("/one")).handleRequest(upgrade.request, upgrade.response);
		return this.opened;
	}

	/** A decorator of the application's, around all others. */
	private static final class Failing extends WebSocketHandlerDecorator {

		Failing(WebSocketHandler delegate) {
			super(delegate);
		}

		@Override
		public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) {
			throw new IllegalStateException("on purpose");
		}

	}

}
