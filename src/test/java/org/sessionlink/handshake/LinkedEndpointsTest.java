package org.sessionlink.handshake;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.http.HttpSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.RecordedLog;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;
import org.sessionlink.store.SessionLinks;
import org.sessionlink.store.StoreSettings;

import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockServletContext;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.security.messaging.web.socket.server.CsrfTokenHandshakeInterceptor;
import org.springframework.util.StringUtils;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.socket.config.annotation.StompWebSocketEndpointRegistration;
import org.springframework.web.socket.config.annotation.WebSocketTransportRegistration;
import org.springframework.web.socket.messaging.SubProtocolWebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.socket.server.RequestUpgradeStrategy;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;
import org.springframework.web.socket.server.support.HttpSessionHandshakeInterceptor;
import org.springframework.web.socket.server.support.OriginHandshakeInterceptor;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;
import org.springframework.web.socket.sockjs.support.AbstractSockJsService;
import org.springframework.web.socket.sockjs.support.SockJsHttpRequestHandler;
import org.springframework.web.socket.sockjs.transport.TransportHandlingSockJsService;

import static org.assertj.core.api.Assertions.assertThat;

class LinkedEndpointsTest {

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
				LeavingCheck.class, LinkHandshakeInterceptor.class);
		assertThat(interceptorsOf("/two")).hasExactlyElementsOfTypes(UpgradeCheck.class, OriginCheck.class,
				LeavingCheck.class, LinkHandshakeInterceptor.class);
		assertThat(interceptorsOf("/three")).hasExactlyElementsOfTypes(UpgradeCheck.class, OriginCheck.class,
				LeavingCheck.class, LinkHandshakeInterceptor.class, HttpSessionHandshakeInterceptor.class);
	}

	@Test
	void whileTheServerLetsItsClientsGoAHandshakeIsRefusedBeforeItGetsASession() throws Exception {
		this.endpoints.addEndpoint("/one");
		assertThat(passes("/one", "http://localhost")).isTrue();

		this.links.leaving(true);

		assertThat(passes("/one", "http://localhost")).isFalse();
		assertThat(this.links.refusals()).containsEntry(Refused.DRAINING, 1L);
		this.links.leaving(false);
		assertThat(passes("/one", "http://localhost")).isTrue();
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

	@ParameterizedTest
	@CsvSource({ "https://app.example, true", "https://one.shop.example, true", "https://friend.example, true",
			"http://localhost, true", "https://shop.example.evil.example, false", "https://evil.example, false" })
	void whatAnApplicationAllowsInCodeCountsBesideTheSetting(String origin, boolean expected) throws Exception {
		this.endpoints.addEndpoint("/one")
			.setAllowedOrigins("https://app.example")
			.setAllowedOriginPatterns("https://*.shop.example");
		this.endpoints.addEndpoint("/two")
			.setAllowedOrigins("https://app.example")
			.setAllowedOriginPatterns("https://*.shop.example")
			.withSockJS();

		assertThat(passes("/one", origin)).isEqualTo(expected);
		assertThat(passes("/two/**", origin)).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "*", "https://*", "http://*:8080", "*://*", "https://*.*", "*:[*]", "*/", "https://*/",
			"http*", "https:/*", "*/*", "*.*/" })
	void anApplicationCannotOpenAnEndpointToEverySiteAndIsTold(String pattern) throws Exception {
		this.endpoints.addEndpoint("/one").setAllowedOriginPatterns(pattern, "https://app.example");

		try (RecordedLog log = RecordedLog.of(AllowedOrigins.class)) {
			assertThat(passes("/one", "https://evil.example")).isFalse();
			assertThat(passes("/one", "http://evil.example:8080")).isFalse();
			assertThat(passes("/one", "https://app.example")).isTrue();

			assertThat(log.lines()).first()
				.asString()
				.startsWith("WARN The endpoint /one is open in code to the pages of every site, by the origin "
						+ StringUtils.trimTrailingCharacter(pattern, '/'));
		}
	}

	// Any site can have a page without an origin, in a frame with a sandbox.
	@ParameterizedTest
	@CsvSource({ "*, https://evil.example", "*/, https://evil.example", "null, null", "NULL, null" })
	void anOriginOfEverySiteIsLeftOutHoweverItIsWritten(String allowed, String origin) throws Exception {
		this.endpoints.addEndpoint("/one").setAllowedOrigins(allowed);
		this.endpoints.addEndpoint("/two").setAllowedOriginPatterns(allowed);

		assertThat(passes("/one", origin)).isFalse();
		assertThat(passes("/two", origin)).isFalse();
	}

	@Test
	void pathsThatShareASockJsServiceAreCheckedOnceAndKeepWhatTheApplicationChecks() {
		HandshakeInterceptor own = new OriginHandshakeInterceptor();
		this.endpoints.addEndpoint("/one", "/two").addInterceptors(own).withSockJS();

		assertThat(interceptorsOf("/one/**")).hasSize(5).endsWith(own);
		assertThat(interceptorsOf("/two/**")).hasExactlyElementsOfTypes(UpgradeCheck.class, OriginCheck.class,
				LeavingCheck.class, LinkHandshakeInterceptor.class, OriginHandshakeInterceptor.class);
	}

	@Test
	void aSockJsServiceAsksForTheSameOrigins() {
		this.endpoints.addEndpoint("/one").setAllowedOrigins("*", "https://app.example").withSockJS();

		SockJsHttpRequestHandler handler = (SockJsHttpRequestHandler) handlers(this.endpoints).get("/one/**");

		AbstractSockJsService service = (AbstractSockJsService) handler.getSockJsService();
		assertThat(service.getAllowedOrigins()).containsExactly("https://app.example", "https://friend.example");
	}

	@Test
	void whatCarriesTheSocketsOfAnEndpointIsNoActivity() {
		MockHttpServletRequest poll = new MockHttpServletRequest("POST", "/one/123/abc/xhr");
		HttpSession session = poll.getSession();
		Link link = this.sessionLinks.linkOf(session);
		Instant before = link.lastActivity();
		this.endpoints.addEndpoint("/one").withSockJS();
		this.endpoints.getHandlerMapping();
		this.clock.pass(Duration.ofSeconds(1));

		this.sessionLinks.requestInitialized(new ServletRequestEvent(new MockServletContext(), poll));
		assertThat(link.lastActivity()).isEqualTo(before);
		poll.setRequestURI("/two/123/abc/xhr");
		this.sessionLinks.requestInitialized(new ServletRequestEvent(new MockServletContext(), poll));

		assertThat(link.lastActivity()).isEqualTo(this.clock.now());
	}

	@Test
	void socketsKeepTheCsrfTokenOfTheirHandshakeWhereItIsAskedFor() {
		LinkedEndpoints checking = endpoints(true);
		checking.addEndpoint("/one");

		assertThat(((WebSocketHttpRequestHandler) handlers(checking).get("/one")).getHandshakeInterceptors())
			.hasExactlyElementsOfTypes(UpgradeCheck.class, OriginCheck.class, LeavingCheck.class,
					LinkHandshakeInterceptor.class, CsrfTokenHandshakeInterceptor.class);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aHandlerThatUpgradesInAWayOfItsOwnIsNamedAtTheStart(boolean sockJs) {
		RequestUpgradeStrategy own = (RequestUpgradeStrategy) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { RequestUpgradeStrategy.class }, (proxy, method, arguments) -> null);
		StompWebSocketEndpointRegistration endpoint = this.endpoints.addEndpoint("/one")
			.setHandshakeHandler(new DefaultHandshakeHandler(own));
		this.endpoints.addEndpoint("/two").withSockJS();
		if (sockJs) {
			endpoint.withSockJS();
		}

		try (RecordedLog log = RecordedLog.of(Handshakes.class)) {
			this.endpoints.getHandlerMapping();

			assertThat(log.lines()).singleElement()
				.asString()
				.startsWith("WARN The endpoint /one" + (sockJs ? "/**" : "") + " upgrades by ")
				.endsWith("Give " + DefaultHandshakeHandler.class.getName() + " a StandardWebSocketUpgradeStrategy");
		}
	}

	@Test
	void whatElseAnApplicationSetsReachesSpring() {
		this.endpoints.setOrder(7);

		assertThat(this.endpoints.getHandlerMapping().getOrder()).isEqualTo(7);
	}

	private LinkedEndpoints endpoints(boolean csrfTokens) {
		return new LinkedEndpoints(
				new SubProtocolWebSocketHandler(new ExecutorSubscribableChannel(), new ExecutorSubscribableChannel()),
				new WebSocketTransportRegistration(), new SimpleAsyncTaskScheduler(),
				new Handshakes(this.links, this.sessionLinks,
						new HandshakeSettings(SessionPolicy.CREATE, List.of(new Origin("https://friend.example")),
								List.of(), List.of(), SecureCookie.AUTO),
						new SockJsRequests(this.links, this.sessionLinks, () -> (id) -> null, () -> 1024), csrfTokens,
						new MockServletContext()));
	}

	private boolean passes(String path, String origin) throws Exception {
		Upgrade upgrade = new Upgrade();
		upgrade.request.addHeader("Origin", origin);
		boolean passes = true;
		for (HandshakeInterceptor interceptor : interceptorsOf(path)) {
			passes = passes && upgrade.passes(interceptor);
		}
		return passes;
	}

	private List<HandshakeInterceptor> interceptorsOf(String path) {
		Object handler = handlers(this.endpoints).get(path);
		if (handler instanceof SockJsHttpRequestHandler sockJs) {
			return ((TransportHandlingSockJsService) sockJs.getSockJsService()).getHandshakeInterceptors();
		}
		return ((WebSocketHttpRequestHandler) handler).getHandshakeInterceptors();
	}

	private static Map<String, ?> handlers(LinkedEndpoints endpoints) {
		return ((SimpleUrlHandlerMapping) endpoints.getHandlerMapping()).getUrlMap();
	}

}
