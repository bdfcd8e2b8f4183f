package org.sessionlink.handshake;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import jakarta.servlet.ServletException;
import org.junit.jupiter.api.Test;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.store.SessionLinks;
import org.sessionlink.store.StoreSettings;

import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockServletContext;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.config.annotation.WebSocketTransportRegistration;
import org.springframework.web.socket.messaging.SubProtocolWebSocketHandler;
import org.springframework.web.socket.server.HandshakeHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** B29: how long handshakes take, by what has become of them. */
class HandshakeTimeTest {

	private final FakeClock clock = new FakeClock();

	private final Links links = new Links(this.clock, LinkPolicy.DEFAULT);

	private final SessionLinks sessionLinks = new SessionLinks(this.links, new StoreSettings(null, List.of()),
			new MockServletContext());

	private final List<String> taken = new ArrayList<>();

	private boolean vetoed;

	private RuntimeException failure;

	HandshakeTimeTest() {
		this.links.timings((what, nanos) -> this.taken.add(what + " " + Duration.ofNanos(nanos).toMillis()));
	}

	@Test
	void oneThatOpensASocket() throws Exception {
		come("/one", new Upgrade());

		assertThat(this.taken).containsExactly("HANDSHAKE_OPENED 7");
	}

	@Test
	void oneThatIsRefusedByACheck() throws Exception {
		Upgrade evil = new Upgrade();
		evil.request.addHeader("Origin", "https://evil.example");
		come("/one", evil);
		come("/one", new Upgrade(new MockHttpServletRequest("GET", "/one")));

		assertThat(this.taken).containsExactly("HANDSHAKE_REFUSED 0", "HANDSHAKE_REFUSED 0");
	}

	@Test
	void oneThatAnInterceptorOfTheApplicationsRefusesWithoutAWord() throws Exception {
		this.vetoed = true;
		Upgrade upgrade = new Upgrade();
		come("/one", upgrade);

		assertThat(upgrade.response.getStatus()).isEqualTo(200);
		assertThat(this.taken).containsExactly("HANDSHAKE_REFUSED 0");
	}

	@Test
	void oneThatFails() {
		this.failure = new IllegalStateException("on purpose");

		assertThatThrownBy(() -> come("/one", new Upgrade())).hasRootCause(this.failure);

		assertThat(this.taken).containsExactly("HANDSHAKE_FAILED 7");
	}

	@Test
	void oneWhoseClientIsGoneIsNoFailure() {
		this.failure = new IllegalStateException(new IOException("Connection reset by peer"));

		assertThatThrownBy(() -> come("/one", new Upgrade())).hasStackTraceContaining("reset by peer");

		assertThat(this.taken).containsExactly("HANDSHAKE_REFUSED 7");
	}

	@Test
	void oneWithAHeaderThatSpringSecurityRefusesIsNoFailure() {
		this.failure = new IllegalStateException(new RequestRejectedException("The header"));

		assertThatThrownBy(() -> come("/one", new Upgrade())).hasStackTraceContaining("The header");

		assertThat(this.taken).containsExactly("HANDSHAKE_REFUSED 7");
	}

	@Test
	void oneThatComesWhileClientsAreLetGoIsNoFailure() throws Exception {
		this.links.leaving(true);
		come("/one", new Upgrade());

		assertThat(this.taken).containsExactly("HANDSHAKE_REFUSED 0");
	}

	@Test
	void oneOverSockJsAndNoOtherRequestOfIt() throws Exception {
		come("/two/**", sockJs("/two/info"));
		come("/two/**", sockJs("/two"));
		come("/two/**", sockJs("/two/iframe.html"));
		assertThat(this.taken).isEmpty();

		Upgrade first = sockJs("/two/000/abcdefgh/xhr_streaming");
		first.request.setMethod("POST");
		first.request.setAsyncSupported(true);
		come("/two/**", first);

		assertThat(this.taken).containsExactly("HANDSHAKE_OPENED 0");
	}

	private static Upgrade sockJs(String path) {
		Upgrade upgrade = new Upgrade(new MockHttpServletRequest("GET", path));
		upgrade.request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, "/two/**");
		upgrade.request.setAttribute(HandlerMapping.PATH_WITHIN_HANDLER_MAPPING_ATTRIBUTE,
				path.substring("/two".length()));
		return upgrade;
	}

	private void come(String path, Upgrade upgrade) throws ServletException, IOException {
		((HttpRequestHandler) handlers().get(path)).handleRequest(upgrade.request, upgrade.response);
	}

	private Map<String, ?> handlers() {
		LinkedEndpoints endpoints = new LinkedEndpoints(
				new SubProtocolWebSocketHandler(new ExecutorSubscribableChannel(), new ExecutorSubscribableChannel()),
				new WebSocketTransportRegistration(), new SimpleAsyncTaskScheduler(),
				new Handshakes(this.links, this.sessionLinks,
						new HandshakeSettings(SessionPolicy.CREATE, List.of(), List.of(), List.of(), SecureCookie.AUTO),
						new SockJsRequests(this.links, this.sessionLinks, () -> (id) -> null, () -> 1024), false,
						new MockServletContext()));
		endpoints.addEndpoint("/one").setHandshakeHandler(this::upgrade).addInterceptors(new Veto());
		endpoints.addEndpoint("/two").withSockJS();
		return ((SimpleUrlHandlerMapping) endpoints.getHandlerMapping()).getUrlMap();
	}

	/** As {@link HandshakeHandler} does it. */
	private boolean upgrade(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			Map<String, Object> attributes) {
		this.clock.pass(Duration.ofMillis(7));
		if (this.failure != null) {
			throw this.failure;
		}
		return true;
	}

	/** An interceptor of the application's. */
	private final class Veto implements HandshakeInterceptor {

		@Override
		public boolean beforeHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
				Map<String, Object> attributes) {
			return !HandshakeTimeTest.this.vetoed;
		}

		@Override
		public void afterHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
				Exception exception) {
			// Nothing was taken.
		}

	}

}
