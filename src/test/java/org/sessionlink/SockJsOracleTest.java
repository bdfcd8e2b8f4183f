package org.sessionlink;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.context.annotation.Configuration;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.util.ServletRequestPathUtils;

import static org.assertj.core.api.Assertions.assertThat;

/** SockJS answers as Spring has it answer, but where the table of differences says so. */
class SockJsOracleTest {

	private static Server oracle;

	private static Server ours;

	@BeforeAll
	static void start() {
		oracle = new Server(OnSpring.class);
		ours = new Server(OnSessionLink.class);
	}

	@AfterAll
	static void stop() {
		oracle.close();
		ours.close();
	}

	@ParameterizedTest
	@CsvSource({ "GET, /chat/info, ''", "GET, /chat/info, https://friend.example", "OPTIONS, /chat/info, ''",
			"OPTIONS, /chat/info, https://friend.example", "PUT, /chat/info, ''", "GET, /quiet/info, ''",
			"GET, /quiet/info, https://friend.example", "OPTIONS, /quiet/info, https://friend.example",
			"GET, /chat/iframe.html, ''", "GET, /chat/iframe-1.html, ''", "GET, /quiet/iframe.html, ''",
			"GET, /chat, ''", "GET, /chat/, ''", "GET, /chat/1/2/3/xhr, ''", "GET, /chat/1/a.b/xhr, ''",
			"POST, /chat/1/new1/xhr, ''", "POST, /chat/1/new2/xhr, https://friend.example",
			"OPTIONS, /chat/1/new3/xhr, https://friend.example", "GET, /chat/1/new4/xhr, ''",
			"GET, /chat/1/new5/unknown, ''", "POST, /chat/1/new6/xhr_streaming, ''",
			"GET, /chat/1/new7/eventsource, ''", "GET, /quiet/websocket, ''", "GET, /chat/info, https://evil.test",
			"OPTIONS, /chat/info, https://evil.test", "POST, /chat/1/new8/xhr, https://evil.test",
			"GET, /chat/info, null" })
	void itAnswersAsSpring(String method, String path, String origin) throws Exception {
		assertThat(ours.answer(method, path, origin)).isEqualTo(oracle.answer(method, path, origin));
	}

	@ParameterizedTest
	@CsvSource({ "GET, /chat/websocket, '', 400", "POST, /quiet/1/evil/xhr, https://evil.test, 403",
			"POST, /chat/1/gone/xhr_send, '', 404", "GET, /chat/1/new/websocket, '', 400" })
	@OnPurpose("an endpoint refuses with a bare status")
	void whatSpringRefusesIsRefusedWithASentence(String method, String path, String origin, String status)
			throws Exception {
		assertThat(oracle.answer(method, path, origin)).first().asString().startsWith(status);

		assertThat(ours.answer(method, path, origin)).first().asString().matches(status + " .+\\.");
	}

	/** An application that has started. */
	private static final class Server implements AutoCloseable {

		private static final List<String> HEADERS = List.of("Access-Control-Allow-Origin", "Access-Control-Max-Age",
				"Access-Control-Allow-Credentials", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers",
				"Allow", "Cache-Control", "Content-Type", "ETag", "Vary", "X-Frame-Options");

		private final StartingContext servletContext = new StartingContext();

		private final AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();

		Server(Class<?> configuration) {
			new SessionLinkInitializer().onStartup(this.servletContext);
			this.context.setServletContext(this.servletContext);
			this.context.register(configuration);
			this.context.refresh();
		}

		List<String> answer(String method, String path, String origin) throws Exception {
			MockHttpServletRequest request = new MockHttpServletRequest(this.servletContext, method, path);
			request.setAsyncSupported(true);
			if (!origin.isEmpty()) {
				request.addHeader("Origin", origin);
			}
			if (method.equals("OPTIONS")) {
				request.addHeader("Access-Control-Request-Method", "POST");
			}
			MockHttpServletResponse response = new MockHttpServletResponse();
			handle(request, response);
			String status = response.getStatus() + " "
					+ response.getContentAsString().replaceAll("\"entropy\":-?\\d+", "");
			return Stream
				.concat(Stream.of(status),
						HEADERS.stream()
							.filter((name) -> response.getHeader(name) != null)
							.map((name) -> name + ": " + response.getHeaders(name)))
				.toList();
		}

		private void handle(MockHttpServletRequest request, MockHttpServletResponse response) throws Exception {
			ServletRequestPathUtils.parseAndCache(request);
			HandlerExecutionChain chain = Objects.requireNonNull(
					this.context.getBean("stompWebSocketHandlerMapping", HandlerMapping.class).getHandler(request));
			boolean goesOn = true;
			for (HandlerInterceptor interceptor : chain.getInterceptorList()) {
				goesOn = goesOn && interceptor.preHandle(request, response, chain.getHandler());
			}
			if (goesOn) {
				((HttpRequestHandler) chain.getHandler()).handleRequest(request, response);
			}
		}

		@Override
		public void close() {
			this.context.close();
			this.servletContext.stop();
		}

	}

	private static class Application extends OneEndpoint {

		@Override
		public void registerStompEndpoints(StompEndpointRegistry registry) {
			registry.addEndpoint("/chat").setAllowedOrigins("https://friend.example").withSockJS();
			registry.addEndpoint("/quiet")
				.setAllowedOriginPatterns("https://*.example")
				.withSockJS()
				.setSuppressCors(true)
				.setSessionCookieNeeded(false)
				.setWebSocketEnabled(false)
				.setClientLibraryUrl("/lib/sockjs.js");
		}

	}

	@Configuration
	@EnableSessionLink
	static class OnSessionLink extends Application {

	}

	@Configuration
	@EnableWebSocketMessageBroker
	static class OnSpring extends Application {

	}

}
