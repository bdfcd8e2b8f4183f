package org.sessionlink.handshake;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.http.HttpSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.store.SessionLinks;
import org.sessionlink.store.StoreSettings;

import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockServletContext;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.security.messaging.web.socket.server.CsrfTokenHandshakeInterceptor;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.socket.config.annotation.WebMvcStompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketTransportRegistration;
import org.springframework.web.socket.messaging.StompSubProtocolErrorHandler;
import org.springframework.web.socket.messaging.SubProtocolWebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.socket.server.support.HttpSessionHandshakeInterceptor;
import org.springframework.web.socket.server.support.OriginHandshakeInterceptor;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

import static org.assertj.core.api.Assertions.assertThat;

class LinkedEndpointsTest {

	private final WebMvcStompEndpointRegistry registry = new WebMvcStompEndpointRegistry(
			new SubProtocolWebSocketHandler(new ExecutorSubscribableChannel(), new ExecutorSubscribableChannel()),
			new WebSocketTransportRegistration(), new SimpleAsyncTaskScheduler());

	private final FakeClock clock = new FakeClock();

	private final Links links = new Links(this.clock, LinkPolicy.DEFAULT);

	private final SessionLinks sessionLinks = new SessionLinks(this.links, new StoreSettings(null, List.of()),
			new MockServletContext());

	private final LinkedEndpoints endpoints = endpoints(false);

	@Test
	void everyEndpointChecksUpgradeAndOriginThenLinksThenAsksTheApplication() {
		this.endpoints.addEndpoint("/one", "/two");
		this.endpoints.addEndpoint("/three").addInterceptors(new HttpSessionHandshakeInterceptor());

		assertThat(interceptorsOf("/one")).hasExactlyElementsOfTypes(UpgradeCheck.class, OriginCheck.class,
				LinkHandshakeInterceptor.class, OriginHandshakeInterceptor.class);
		assertThat(interceptorsOf("/two")).hasExactlyElementsOfTypes(UpgradeCheck.class, OriginCheck.class,
				LinkHandshakeInterceptor.class, OriginHandshakeInterceptor.class);
		assertThat(interceptorsOf("/three")).hasExactlyElementsOfTypes(UpgradeCheck.class, OriginCheck.class,
				LinkHandshakeInterceptor.class, HttpSessionHandshakeInterceptor.class,
				OriginHandshakeInterceptor.class);
	}

	@ParameterizedTest
	@CsvSource({ "http://localhost, true", "https://friend.example, true", "https://evil.example, false" })
	void theEndpointsLetTheOriginsOfTheSettingPassAndNoOthers(String origin, boolean expected) throws Exception {
		this.endpoints.addEndpoint("/one");
		Upgrade upgrade = new Upgrade();
		upgrade.request.addHeader("Origin", origin);

		boolean passes = true;
		for (HandshakeInterceptor interceptor : interceptorsOf("/one")) {
			passes = passes && upgrade.passes(interceptor);
		}

		assertThat(passes).isEqualTo(expected);
		assertThat(upgrade.request.getSession(false) != null).as("has a session").isEqualTo(expected);
	}

	@Test
	void anApplicationCannotOpenAnEndpointToStrangersUnawares() throws Exception {
		this.endpoints.addEndpoint("/one").setAllowedOriginPatterns("*");
		Upgrade upgrade = new Upgrade();
		upgrade.request.addHeader("Origin", "https://evil.example");

		boolean passes = upgrade.passes(interceptorsOf("/one").get(1));

		assertThat(passes).isFalse();
	}

	@Test
	void whatCarriesTheSocketsOfAnEndpointIsNoActivity() {
		MockHttpServletRequest poll = new MockHttpServletRequest("POST", "/one/123/abc/xhr");
		HttpSession session = poll.getSession();
		Link link = this.sessionLinks.linkOf(session);
		Instant before = link.lastActivity();
		this.endpoints.addEndpoint("/one").withSockJS();
		this.clock.pass(Duration.ofSeconds(1));

		this.sessionLinks.requestInitialized(new ServletRequestEvent(new MockServletContext(), poll));
		assertThat(link.lastActivity()).isEqualTo(before);
		poll.setRequestURI("/two/123/abc/xhr");
		this.sessionLinks.requestInitialized(new ServletRequestEvent(new MockServletContext(), poll));

		assertThat(link.lastActivity()).isEqualTo(this.clock.now());
	}

	@Test
	void socketsKeepTheCsrfTokenOfTheirHandshakeWhereItIsAskedFor() {
		endpoints(true).addEndpoint("/one");

		assertThat(interceptorsOf("/one")).hasExactlyElementsOfTypes(UpgradeCheck.class, OriginCheck.class,
				LinkHandshakeInterceptor.class, CsrfTokenHandshakeInterceptor.class, OriginHandshakeInterceptor.class);
	}

	@Test
	void whatElseAnApplicationSetsReachesSpring() {
		StompSubProtocolErrorHandler errors = new StompSubProtocolErrorHandler();

		this.endpoints.setOrder(7);
		WebMvcStompEndpointRegistry same = this.endpoints.setErrorHandler(errors);

		assertThat(this.registry.getHandlerMapping().getOrder()).isEqualTo(7);
		assertThat(same).isSameAs(this.registry);
		assertThat(this.endpoints.setPreserveReceiveOrder(true)).isSameAs(this.registry);
	}

	@ParameterizedTest
	@CsvSource({ "Apache Tomcat/11.0.24, UnboundUpgrade", "jetty/12.1.5, PlainUpgrade" })
	void onlyWhereTheContainerClosesSocketsByItselfItSeesNoPrincipal(String server, String upgrade) {
		MockServletContext container = new MockServletContext() {

			@Override
			public String getServerInfo() {
				return server;
			}

		};
		endpoints(false, container).addEndpoint("/one");

		SimpleUrlHandlerMapping mapping = (SimpleUrlHandlerMapping) this.registry.getHandlerMapping();
		Object handshakes = ((WebSocketHttpRequestHandler) mapping.getUrlMap().get("/one")).getHandshakeHandler();

		assertThat(handshakes).extracting("requestUpgradeStrategy")
			.extracting((strategy) -> strategy.getClass().getSimpleName())
			.isEqualTo(upgrade);
	}

	private LinkedEndpoints endpoints(boolean csrfTokens) {
		return endpoints(csrfTokens, new MockServletContext());
	}

	private LinkedEndpoints endpoints(boolean csrfTokens, MockServletContext container) {
		return new LinkedEndpoints(
				this.registry, this.links, this.sessionLinks, new HandshakeSettings(SessionPolicy.CREATE,
						List.of(new Origin("https://friend.example")), List.of(), List.of(), SecureCookie.AUTO),
				csrfTokens, container);
	}

	private List<HandshakeInterceptor> interceptorsOf(String path) {
		SimpleUrlHandlerMapping mapping = (SimpleUrlHandlerMapping) this.registry.getHandlerMapping();
		return ((WebSocketHttpRequestHandler) mapping.getUrlMap().get(path)).getHandshakeInterceptors();
	}

}
