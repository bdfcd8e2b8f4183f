package org.sessionlink;

import java.lang.reflect.Proxy;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.websocket.Extension;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import org.assertj.core.extractor.Extractors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.link.SocketLink;

import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.config.annotation.web.socket.EnableWebSocketSecurity;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.DefaultCsrfToken;
import org.springframework.security.web.csrf.DeferredCsrfToken;
import org.springframework.util.Assert;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.standard.WebSocketToStandardExtensionAdapter;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebMvcStompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.socket.server.standard.ServerEndpointRegistration;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;
import org.springframework.web.socket.server.support.HttpSessionHandshakeInterceptor;
import org.springframework.web.util.ServletRequestPathUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What applications set for their endpoints, from the upgrade to the open socket (B39).
 */
class OwnEndpointsTest {

	private final StartingContext servletContext = new StartingContext();

	private final MockHttpServletRequest request = new MockHttpServletRequest(this.servletContext);

	private final MockHttpServletResponse response = new MockHttpServletResponse();

	private final AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();

	private Object[] upgraded;

	@AfterEach
	void stop() {
		this.context.close();
		this.servletContext.stop();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/named", "/named-js/websocket", "/named-js/000/abc/websocket" })
	void theUserOfTheApplicationsOwnHandshakeHandlerIsTheUserOfTheSocket(String path) throws Exception {
		start();
		this.request.addHeader("Name", "ada");

		SocketLink socket = SocketLink.in(open(path).getAttributes());

		assertThat(socket.identity().principal()).isInstanceOf(Named.class).hasToString("Named[name=ada]");
	}

	@ParameterizedTest
	@CsvSource({ "/one, Apache Tomcat/11.0.24, false", "/named, Apache Tomcat/11.0.24, false",
			"/named-js/websocket, Apache Tomcat/11.0.24, false", "/named, jetty/12.1.5, true" })
	void theContainerNeitherCompressesNorClosesSocketsByItselfWhoeverUpgrades(String path, String server, boolean seen)
			throws Exception {
		this.servletContext.setServerInfo(server);
		start();
		this.request.setUserPrincipal(new Named("eve"));

		send(path);

		ServerEndpointConfig endpoint = (ServerEndpointConfig) this.upgraded[2];
		List<Extension> compression = List
			.of(new WebSocketToStandardExtensionAdapter(new WebSocketExtension("permessage-deflate")));
		assertThat(endpoint.getConfigurator().getNegotiatedExtensions(compression, compression)).isEmpty();
		assertThat(((HttpServletRequest) this.upgraded[0]).getUserPrincipal() != null).isEqualTo(seen);
		assertThat(((HttpServletRequest) this.upgraded[0]).getServletContext()).isSameAs(this.servletContext);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/last/000/abc/websocket", "/session-first", "/one" })
	void everySocketHasItsLinkWhateverInterceptorsTheApplicationSets(String path) throws Exception {
		start();

		send(path);

		assertThat(this.upgraded).isNotNull();
		assertThat(SocketLink.in(session().getAttributes())).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/last/000/abc/websocket", "/last/000/abc/xhr_streaming", "/session-first", "/one" })
	void noPageOfAnotherOriginComesInWhateverInterceptorsTheApplicationSets(String path) throws Exception {
		start();
		this.request.addHeader("Origin", "https://evil.example");

		send(path);

		assertThat(this.response.getStatus()).isEqualTo(403);
		assertThat(this.request.getSession(false)).isNull();
	}

	@Test
	void aConfigurerThatNeedsSpringsOwnRegistryGetsIt() throws Exception {
		start();

		send("/session-first");

		assertThat(session().getAttributes()).containsKey("before");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/one", "/last/000/abc/websocket" })
	void springSecurityFindsTheEndpointsToKeepTheCsrfTokenOfTheirHandshakes(String path) throws Exception {
		start(SecuredConfig.class);
		CsrfToken token = new DefaultCsrfToken("X-CSRF", "_csrf", "secret");
		this.request.setAttribute(DeferredCsrfToken.class.getName(), new FakeDeferredToken(() -> token));

		send(path);

		assertThat(session().getAttributes().get(CsrfToken.class.getName())).isInstanceOfSatisfying(CsrfToken.class,
				(kept) -> assertThat(kept.getToken()).isEqualTo("secret"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/one", "/last/000/abc/websocket", "/last/000/abc/xhr_streaming" })
	void whatSpringSecurityAddsToTheEndpointsGivesNoPageOfAnotherOriginASession(String path) throws Exception {
		start(SecuredConfig.class);
		this.request.addHeader("Origin", "https://evil.example");
		this.request.setAttribute(DeferredCsrfToken.class.getName(), new FakeDeferredToken(
				() -> new DefaultCsrfToken("X-CSRF", "_csrf", this.request.getSession().getId())));

		send(path);

		assertThat(this.response.getStatus()).isEqualTo(403);
		assertThat(this.request.getSession(false)).isNull();
	}

	private void start(Class<?>... more) {
		this.servletContext.setAttribute(ServerContainer.class.getName(),
				fake(ServerContainer.class, (method, arguments) -> {
					if (method.equals("upgradeHttpToWebSocket")) {
						this.upgraded = arguments;
					}
					return null;
				}));
		new SessionLinkInitializer().onStartup(this.servletContext);
		this.context.setServletContext(this.servletContext);
		this.context.register(OwnConfig.class);
		if (more.length > 0) {
			this.context.register(more);
		}
		this.context.refresh();
	}

	private void send(String path) throws Exception {
		this.request.setMethod(path.endsWith("xhr_streaming") ? "POST" : "GET");
		this.request.setRequestURI(path);
		this.request.setAsyncSupported(true);
		this.request.addHeader("Connection", "Upgrade");
		this.request.addHeader("Upgrade", "websocket");
		this.request.addHeader("Sec-WebSocket-Version", "13");
		this.request.addHeader("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
		ServletRequestPathUtils.parseAndCache(this.request);
		HandlerExecutionChain chain = this.context.getBean("stompWebSocketHandlerMapping", HandlerMapping.class)
			.getHandler(this.request);
		for (var interceptor : chain.getInterceptorList()) {
			interceptor.preHandle(this.request, this.response, chain.getHandler());
		}
		((HttpRequestHandler) chain.getHandler()).handleRequest(this.request, this.response);
	}

	private WebSocketSession open(String path) throws Exception {
		send(path);
		ServerEndpointRegistration endpoint = (ServerEndpointRegistration) this.upgraded[2];
		String id = UUID.randomUUID().toString();
		endpoint.getEndpoint().onOpen(fake(Session.class, (method, arguments) -> switch (method) {
			case "getId" -> id;
			case "isOpen", "isSecure" -> true;
			case "getUserProperties", "getPathParameters" -> Map.of();
			case "getMaxTextMessageBufferSize", "getMaxBinaryMessageBufferSize" -> 8192;
			default -> null;
		}), endpoint);
		return session();
	}

	private WebSocketSession session() {
		Object adapter = ((ServerEndpointRegistration) this.upgraded[2]).getEndpoint();
		return (WebSocketSession) Extractors.byName("wsSession").apply(adapter);
	}

	@SuppressWarnings("unchecked")
	private static <T> T fake(Class<T> type, Fake fake) {
		return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> switch (method.getName()) {
					case "hashCode" -> System.identityHashCode(proxy);
					case "equals" -> proxy == arguments[0];
					case "toString" -> type.getSimpleName();
					case "getInstalledExtensions" -> Set.of();
					default -> fake.answer(method.getName(), arguments);
				});
	}

	private interface Fake {

		Object answer(String method, Object[] arguments);

	}

	record Named(String name) implements Principal {

		@Override
		public String getName() {
			return this.name;
		}

	}

	@Configuration
	@EnableSessionLink
	static class OwnConfig implements WebSocketMessageBrokerConfigurer {

		@Override
		public void registerStompEndpoints(StompEndpointRegistry registry) {
			// As Spring Session does it.
			Assert.isInstanceOf(WebMvcStompEndpointRegistry.class, registry);
			registry.addEndpoint("/one");
			registry.addEndpoint("/named").setHandshakeHandler(new NamingHandler());
			registry.addEndpoint("/named-js").setHandshakeHandler(new NamingHandler()).withSockJS();
			registry.addEndpoint("/last").withSockJS().setInterceptors(new HttpSessionHandshakeInterceptor());
			registry.addEndpoint("/session-first").addInterceptors(new Before());
		}

	}

	@Configuration
	@EnableWebSocketSecurity
	static class SecuredConfig {

	}

	/** A token that is made, and kept in the session, once somebody asks for it. */
	private record FakeDeferredToken(Supplier<CsrfToken> token) implements DeferredCsrfToken {

		@Override
		public CsrfToken get() {
			return this.token.get();
		}

		@Override
		public boolean isGenerated() {
			return true;
		}

	}

	static class NamingHandler extends DefaultHandshakeHandler {

		@Override
		protected Principal determineUser(ServerHttpRequest request, WebSocketHandler handler,
				Map<String, Object> attributes) {
			String name = request.getHeaders().getFirst("Name");
			return (name != null) ? new Named(name) : super.determineUser(request, handler, attributes);
		}

	}

	static class Before implements HandshakeInterceptor {

		@Override
		public boolean beforeHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
				Map<String, Object> attributes) {
			attributes.put("before", true);
			return true;
		}

		@Override
		public void afterHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
				Exception exception) {
			// Nothing was taken.
		}

	}

}
