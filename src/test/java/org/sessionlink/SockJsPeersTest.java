package org.sessionlink;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Refused;

import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.mock.web.DelegatingServletInputStream;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

/** What peers of SockJS do and get that have no WebSocket (B6, B8, B12, B34, B45). */
class SockJsPeersTest {

	private final SockJsApplication application = new SockJsApplication(Config.class,
			Map.of("sessionlink.allowed-origins", "https://friend.example"));

	@AfterEach
	void stop() {
		this.application.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/xhr", "/xhr_streaming", "/xhr_send" })
	@OnPurpose("a SockJS session belongs to the user, or the address, that has opened it")
	void nobodyElseReachesASocketWhoseIdTheyKnow(String transport) {
		SockJsApplication.Client ada = connected("xhr_streaming");
		ada.subscribe("/topic/news");
		MockHttpSession eve = new MockHttpSession();

		for (MockHttpSession session : new MockHttpSession[] { eve, null }) {
			MockHttpServletResponse answer = this.application.send(session, "POST", ada.path + transport,
					"[\"DISCONNECT\\n\\n\\u0000\"]");
			assertThat(answer.getStatus()).isEqualTo(404);
			assertThat(SockJsApplication.text(answer)).startsWith("There is no such SockJS session");
		}

		assertThat(this.application.links().refusals().get(Refused.FOREIGN_SESSION)).isEqualTo(2);
		this.application.template().convertAndSend("/topic/news", "still here");
		await().until(() -> ada.stream().contains("still here"));
	}

	@Test
	void nobodyTakesThePlaceOfASocketAtAnotherEndpoint() {
		SockJsApplication.Client ada = connected("xhr_streaming");
		ada.subscribe("/topic/news");
		String other = ada.path.replace("/one/", "/other/") + "/xhr_streaming";

		MockHttpServletResponse foreign = this.application.send(new MockHttpSession(), "POST", other, "");
		MockHttpServletResponse own = this.application.send(ada.session, "POST", other, "");

		assertThat(foreign.getStatus()).isEqualTo(404);
		await().until(() -> SockJsApplication.text(own).contains("c[1008"));
		this.application.template().convertAndSend("/topic/news", "still here");
		await().until(() -> ada.stream().contains("still here"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "*", "a%2a", "a!b", "ada.1" })
	@OnPurpose("a SockJS session has any id, of one open elsewhere too")
	void anIdThatIsNoneIsRefused(String id) {
		assertIsNone(id);
	}

	@Test
	void anIdThatIsTooLongToKeepItsQueuesApartIsRefused() {
		assertIsNone("a".repeat(129));
	}

	private void assertIsNone(String id) {
		MockHttpServletResponse answer = this.application.send(null, "POST", "/one/000/" + id + "/xhr", "");

		assertThat(answer.getStatus()).isEqualTo(400);
		assertThat(SockJsApplication.text(answer)).contains("128 characters");
		assertThat(this.application.links().all()).isEmpty();
	}

	@Test
	void aLoginLetsTheSocketGoOn() {
		SockJsApplication.Client ada = connected("xhr_streaming");
		MockHttpServletRequest request = this.application.request(ada.session, "POST", ada.path + "/xhr_send",
				"[\"SUBSCRIBE\\nid:1\\ndestination:/topic/news\\n\\n\\u0000\"]");
		request.setUserPrincipal(() -> "ada");

		MockHttpServletResponse answer = this.application.send(request, request.getRequestURI());

		assertThat(answer.getStatus()).isEqualTo(204);
		this.application.template().convertAndSend("/topic/news", "heard");
		await().until(() -> ada.stream().contains("heard"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "[\"no end", "{}", "[null]", "[[\"deep\"]]", "" })
	@OnPurpose("what is no JSON over SockJS gets 500, and a trace in the log")
	void whatIsNoArrayOfStringsClosesTheSocketWithACode(String body) {
		SockJsApplication.Client ada = connected("xhr_streaming");

		ada.post(body);

		await().until(() -> ada.stream().contains("c[1008,\"malformed-frame\"]"));
		assertThat(ada.stream()).contains("ERROR\\nmessage:malformed-frame");
	}

	@Test
	@OnPurpose("a body over SockJS has no limit")
	void aBodyThatIsLargerThanAnyPageNeedsIsNotRead() {
		SockJsApplication.Client ada = connected("xhr_streaming");

		MockHttpServletResponse answer = ada.post("[\"" + "x".repeat(16 * 64 * 1024) + "\"]");

		assertThat(answer.getStatus()).isEqualTo(413);
		assertThat(SockJsApplication.text(answer)).contains("1048576 bytes");
		assertThat(this.application.links().refusals().get(Refused.FRAME_TOO_LARGE)).isOne();
	}

	@Test
	void whoGoesInTheMiddleOfARequestFailsNobody() {
		SockJsApplication.Client ada = connected("xhr_streaming");
		ada.subscribe("/topic/news");
		MockHttpServletRequest half = new MockHttpServletRequest("POST", ada.path + "/xhr_send") {

			@Override
			public ServletInputStream getInputStream() {
				return new DelegatingServletInputStream(new InputStream() {

					@Override
					public int read() throws IOException {
						throw new IOException("gone, on purpose");
					}

				});
			}

		};
		half.setSession(ada.session);

		this.application.send(half, half.getRequestURI());

		this.application.template().convertAndSend("/topic/news", "still here");
		await().until(() -> ada.stream().contains("still here"));
	}

	@Test
	void manyMessagesInOneRequestAreCountedOneByOne() {
		SockJsApplication.Client ada = connected("xhr_streaming");

		ada.post("[" + "\"x\",".repeat(100_000) + "\"x\"]");

		await().until(() -> ada.stream().contains("c[1008,\"too-many-frames\"]"));
	}

	@Test
	@OnPurpose("a binary message is garbled on a SockJS socket, or closes it")
	void whatIsNoTextIsToldAndNotMadeIntoSomethingElse() {
		assertIsTold(this.application);
	}

	@Test
	void noMoreIsItWhereMessagesGoOutThroughInterceptors() {
		try (SockJsApplication watched = new SockJsApplication(WatchedConfig.class, Map.of())) {
			assertIsTold(watched);
		}
	}

	private static void assertIsTold(SockJsApplication application) {
		SockJsApplication.Client ada = application.connect("/one", "ada", "xhr_streaming");
		ada.say("SUBSCRIBE\\nid:e\\ndestination:/user/queue/errors\\n\\n\\u0000");
		ada.subscribe("/topic/bytes");

		sendBytes(application, new byte[] { 'o', 'n', 'e', 0, (byte) 0xff, (byte) 0xfe });
		sendBytes(application, "twó\0".getBytes(StandardCharsets.UTF_8));

		await().until(() -> ada.stream().contains("twó"));
		assertThat(ada.stream()).contains("\\\"error\\\":\\\"body-not-text\\\"").doesNotContain("one", "\ufffd");
		assertThat(application.links().refusals().get(Refused.NOT_TEXT)).isOne();
	}

	private static void sendBytes(SockJsApplication application, byte[] body) {
		application.template()
			.convertAndSend("/topic/bytes", body,
					Map.of(MessageHeaders.CONTENT_TYPE, MimeTypeUtils.APPLICATION_OCTET_STREAM));
	}

	@Test
	void aRequestThatIsForwardedToASocketIsNoActivity() throws Exception {
		SockJsApplication.Client ada = connected("xhr_streaming");
		await().until(() -> ada.stream().contains("CONNECTED"));
		Instant before = ada.link().lastActivity();
		await().until(() -> Instant.now().isAfter(before.plusMillis(20)));
		MockHttpServletRequest request = this.application.request(ada.session, "POST", "/relay", "[\"\\n\"]");

		MockHttpServletResponse answer = this.application.send(request, ada.path + "/xhr_send");

		assertThat(answer.getStatus()).isEqualTo(204);
		assertThat(ada.link().lastActivity()).isBefore(before.plusMillis(10));
	}

	@Test
	void aPeerThatPollsHearsWhyItsSessionHasEnded() {
		SockJsApplication.Client ada = connected("xhr");
		awaitConnected(ada);

		ada.link().end(EndCause.ENDED);

		MockHttpServletResponse error = ada.fetch();
		await().until(() -> SockJsApplication.text(error).contains("ERROR\\nmessage:session-ended"));
		MockHttpServletResponse close = ada.fetch();
		await().until(() -> SockJsApplication.text(close).equals("c[1008,\"session-ended\"]\n"));
	}

	@Test
	void aPollThatWaitsHearsItAtOnce() {
		SockJsApplication.Client ada = connected("xhr");
		awaitConnected(ada);
		MockHttpServletResponse waiting = ada.fetch();

		ada.link().end(EndCause.ENDED);

		await().until(() -> SockJsApplication.text(waiting).contains("ERROR\\nmessage:session-ended"));
		MockHttpServletResponse close = ada.fetch();
		await().until(() -> SockJsApplication.text(close).equals("c[1008,\"session-ended\"]\n"));
	}

	@Test
	void nothingThatWaitsForAPollReachesItBehindTheEnd() {
		SockJsApplication.Client ada = connected("xhr");
		ada.subscribe("/topic/news");
		awaitConnected(ada);
		this.application.template().convertAndSend("/topic/news", "secret");

		ada.link().end(EndCause.ENDED);

		MockHttpServletResponse error = ada.fetch();
		await().until(() -> SockJsApplication.text(error).contains("session-ended"));
		assertThat(SockJsApplication.text(error)).doesNotContain("secret");
	}

	@Test
	void nothingOfARevokedSubscriptionReachesThePollThatComesNext() {
		SockJsApplication.Client ada = connected("xhr");
		ada.subscribe("/topic/news");
		awaitConnected(ada);
		this.application.template().convertAndSend("/topic/news", "secret");
		ada.link().sockets().forEach((socket) -> socket.revoke("1", "why not"));

		ada.say("SUBSCRIBE\\nid:2\\ndestination:/topic/other\\n\\n\\u0000");
		this.application.template().convertAndSend("/topic/other", "open to all");

		MockHttpServletResponse poll = ada.fetch();
		await().until(() -> SockJsApplication.text(poll).contains("open to all"));
		assertThat(SockJsApplication.text(poll)).doesNotContain("secret");
	}

	@Test
	void aPeerThatPollsTwiceAtATimeIsToldSoAndLosesNothing() {
		SockJsApplication.Client ada = connected("xhr");
		ada.subscribe("/topic/news");
		awaitConnected(ada);
		MockHttpServletResponse first = ada.fetch();

		MockHttpServletResponse second = ada.fetch();
		this.application.template().convertAndSend("/topic/news", "once");

		assertThat(SockJsApplication.text(second)).startsWith("c[2010,");
		await().until(() -> SockJsApplication.text(first).contains("once"));
	}

	@Test
	void aPollThatComesWhileAnotherIsAnsweredIsRefusedAndDisturbsNothing() throws Exception {
		SockJsApplication.Client ada = connected("xhr");
		CountDownLatch writes = new CountDownLatch(1);
		CountDownLatch goesOn = new CountDownLatch(1);
		MockHttpServletResponse slow = new MockHttpServletResponse() {

			@Override
			public ServletOutputStream getOutputStream() {
				writes.countDown();
				assertThatCode(goesOn::await).doesNotThrowAnyException();
				return super.getOutputStream();
			}

		};
		MockHttpServletRequest poll = this.application.request(ada.session, "POST", ada.path + "/xhr", "");
		Thread first = new Thread(() -> this.application.send(poll, poll.getRequestURI(), slow));
		first.start();
		writes.await();

		MockHttpServletResponse second = ada.fetch();
		goesOn.countDown();
		first.join();

		assertThat(second.getStatus()).isEqualTo(409);
		assertThat(SockJsApplication.text(second)).contains("one at a time");
		assertThat(SockJsApplication.text(slow)).contains("CONNECTED");
	}

	@Test
	void aPeerThatPollsNoMoreIsForgottenInTime() {
		SockJsApplication.Client ada = this.application.connect("/hasty", "ada", "xhr");

		await().until(() -> ada.link().sockets().isEmpty());

		assertThat(SockJsApplication.text(ada.fetch())).isEqualTo("o\n");
	}

	@ParameterizedTest
	@CsvSource({ "https://friend.example, 200, https://friend.example", "https://evil.example, 403,",
			"http://localhost, 200," })
	void whatItAsksForBeforehandIsOpenToTheSameOrigins(String origin, int status, String allowed) {
		MockHttpServletRequest info = this.application.request(null, "GET", "/one/info", "");
		info.addHeader("Origin", origin);
		MockHttpServletRequest preflight = this.application.request(null, "OPTIONS", "/one/000/ada/xhr_send", "");
		preflight.addHeader("Origin", origin);
		preflight.addHeader("Access-Control-Request-Method", "POST");

		assertThat(List.of(this.application.send(info, "/one/info"),
				this.application.send(preflight, "/one/000/ada/xhr_send")))
			.allSatisfy((answer) -> {
				assertThat(answer.getStatus()).isEqualTo(status);
				assertThat(answer.getHeader("Access-Control-Allow-Origin")).isEqualTo(allowed);
			});
	}

	@Test
	void whereOriginsAreAllowedThereIsNoFrameForOldBrowsers() {
		assertThat(this.application.send(null, "GET", "/one/iframe.html", "").getStatus()).isEqualTo(404);
	}

	@Test
	@OnPurpose("100 messages are kept between two polls of SockJS")
	void moreMessagesThanSpringKeepsReachAPeerThatPollsInOrder() {
		SockJsApplication.Client ada = connected("xhr");
		ada.subscribe("/topic/news");
		StringBuilder expected = new StringBuilder();
		for (int i = 0; i < 500; i++) {
			this.application.template().convertAndSend("/topic/news", "#" + i + "#");
			expected.append("#").append(i).append("#");
		}
		StringBuilder heard = new StringBuilder();

		await().until(() -> {
			heard.append(SockJsApplication.text(ada.fetch()).replaceAll("[^#]*(#\\d+#)?", "$1"));
			return heard.length() >= expected.length();
		});

		assertThat(heard).hasToString(expected.toString());
	}

	private static void awaitConnected(SockJsApplication.Client client) {
		MockHttpServletResponse poll = client.fetch();
		await().until(() -> SockJsApplication.text(poll).contains("CONNECTED"));
	}

	private SockJsApplication.Client connected(String transport) {
		return this.application.connect("/one", "ada", transport);
	}

	@Configuration
	@EnableSessionLink
	static class WatchedConfig extends Config {

		@Override
		public void configureClientOutboundChannel(ChannelRegistration registration) {
			registration.interceptors(new ChannelInterceptor() {
			});
		}

	}

	@Configuration
	@EnableSessionLink
	static class Config extends OneEndpoint {

		@Override
		public void registerStompEndpoints(StompEndpointRegistry registry) {
			registry.addEndpoint("/one").withSockJS();
			registry.addEndpoint("/other").withSockJS();
			registry.addEndpoint("/hasty").withSockJS().setDisconnectDelay(200);
		}

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			super.configureMessageBroker(registry);
			registry.enableSimpleBroker("/topic/", "/queue/");
		}

	}

}
