package org.sessionlink.handshake;

import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sessionlink.RecordedLog;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;
import org.sessionlink.store.SessionLinks;
import org.sessionlink.store.StoreSettings;

import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockServletContext;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.context.support.StaticWebApplicationContext;
import org.springframework.web.servlet.handler.AbstractHandlerMapping;
import org.springframework.web.socket.config.annotation.WebSocketTransportRegistration;
import org.springframework.web.socket.messaging.SubProtocolWebSocketHandler;
import org.springframework.web.util.ServletRequestPathUtils;

import static org.assertj.core.api.Assertions.assertThat;

/** An endpoint with SockJS, as Spring sets it up. */
class SockJsTest {

	private final Links links = new Links(new FakeClock(), LinkPolicy.DEFAULT);

	private final MockHttpServletRequest request = new MockHttpServletRequest();

	private final MockHttpServletResponse response = new MockHttpServletResponse();

	private AbstractHandlerMapping mapping;

	@BeforeEach
	void register() {
		SubProtocolWebSocketHandler handler = new SubProtocolWebSocketHandler(new ExecutorSubscribableChannel(),
				new ExecutorSubscribableChannel());
		MockServletContext servletContext = new MockServletContext();
		SessionLinks sessionLinks = new SessionLinks(this.links, new StoreSettings(null, List.of()), servletContext);
		LinkedEndpoints registry = new LinkedEndpoints(handler, new WebSocketTransportRegistration(),
				new SimpleAsyncTaskScheduler(),
				new Handshakes(this.links, sessionLinks,
						new HandshakeSettings(SessionPolicy.CREATE, List.of(), List.of(), List.of(), SecureCookie.AUTO),
						new SockJsRequests(this.links, sessionLinks, () -> (id) -> null, () -> 1024), false,
						servletContext));
		registry.addEndpoint("/chat").withSockJS();
		this.mapping = registry.getHandlerMapping();
		StaticWebApplicationContext context = new StaticWebApplicationContext();
		context.setServletContext(servletContext);
		context.refresh();
		this.mapping.setApplicationContext(context);
		handler.start();
	}

	@ParameterizedTest
	@CsvSource({ "POST, /chat/1/abc/xhr", "POST, /chat/1/abc/xhr_streaming", "GET, /chat/1/abc/eventsource" })
	void itsTransportsWithoutWebSocketOpenALinkedSocket(String method, String path) throws Exception {
		send(method, path);

		assertThat(this.response.getStatus()).isEqualTo(200);
		assertThat(this.response.getContentAsString()).contains("o");
		assertThat(this.request.getSession(false)).isNotNull();
		assertThat(this.links.open()).hasSize(1);
		assertThat(this.links.refusals().get(Refused.NOT_AN_UPGRADE)).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "/chat/info, 200", "/chat/iframe.html, 200", "/chat, 200" })
	void whatItAsksForBeforehandIsNoReasonForASession(String path, int status) throws Exception {
		send("GET", path);

		assertThat(this.response.getStatus()).isEqualTo(status);
		assertThat(this.request.getSession(false)).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "/chat/1/abc/websocket", "/chat/websocket" })
	void itsWebSocketNeedsAnUpgrade(String path) throws Exception {
		send("GET", path);

		assertThat(this.response.getStatus()).isEqualTo(400);
		assertThat(this.request.getSession(false)).isNull();
		assertThat(this.links.refusals().get(Refused.NOT_AN_UPGRADE)).isOne();
	}

	@Test
	void anImageOfAnotherSiteOpensNone() throws Exception {
		this.request.addHeader("Sec-Fetch-Site", "cross-site");
		this.request.addHeader("Sec-Fetch-Mode", "no-cors");

		send("GET", "/chat/1/abc/eventsource");

		assertThat(this.response.getStatus()).isEqualTo(403);
		assertThat(this.request.getSession(false)).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "GET, /chat/info", "POST, /chat/1/abc/xhr", "GET, /chat/1/abc/websocket" })
	void aPageOfAnotherOriginIsRefusedLoggedAndCountedOnce(String method, String path) throws Exception {
		this.request.addHeader("Origin", "https://evil.example");

		try (RecordedLog log = RecordedLog.of(OriginCheck.class)) {
			send(method, path);

			assertThat(this.response.getStatus()).isEqualTo(403);
			assertThat(this.request.getSession(false)).isNull();
			assertThat(this.links.refusals().get(Refused.ORIGIN)).isOne();
			assertThat(log.lines()).singleElement()
				.asString()
				.startsWith("WARN Handshake refused with 403: the origin \"https://evil.example\"");
		}
	}

	@Test
	void aPageOfItsOwnOriginIsNot() throws Exception {
		this.request.addHeader("Origin", "http://localhost");

		send("GET", "/chat/info");

		assertThat(this.response.getStatus()).isEqualTo(200);
		assertThat(this.links.refusals().get(Refused.ORIGIN)).isZero();
	}

	private void send(String method, String path) throws Exception {
		this.request.setMethod(method);
		this.request.setRequestURI(path);
		this.request.setAsyncSupported(true);
		ServletRequestPathUtils.parseAndCache(this.request);
		var chain = this.mapping.getHandler(this.request);
		for (var interceptor : chain.getInterceptorList()) {
			if (!interceptor.preHandle(this.request, this.response, chain.getHandler())) {
				return;
			}
		}
		((HttpRequestHandler) chain.getHandler()).handleRequest(this.request, this.response);
	}

}
