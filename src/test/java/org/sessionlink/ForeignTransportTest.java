package org.sessionlink;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;

import org.springframework.context.annotation.Configuration;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.WebSocketTransportRegistration;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;
import org.springframework.web.socket.messaging.SubProtocolWebSocketHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Limits of sockets that an application sets in code. */
class ForeignTransportTest {

	private InProcess server;

	@AfterEach
	void stop() {
		this.server.close();
	}

	@ParameterizedTest
	@CsvSource({ "100000, '', true", "300000, '', false", "3000, 2KB, false", "3000, 64KB, true",
			"100000, 64KB, false" })
	void theSizeOfAFrameIsTheApplicationsWhereNoneIsSet(int size, String setting, boolean passes) {
		start(Large.class, Map.of("sessionlink.limits.message-size", setting));
		InProcess.Peer peer = this.server.connect("1.2");

		this.server.handle(peer, new TextMessage("SEND\ndestination:/app/a\nreceipt:r\n\n" + "x".repeat(size) + "\0"));

		await().untilAsserted(() -> assertThat(peer.received()).last()
			.extracting((frame) -> frame.command().toString())
			.isEqualTo(passes ? "RECEIPT" : "ERROR"));
		assertThat(refusals(Refused.FRAME_TOO_LARGE)).isEqualTo(passes ? 0 : 1);
	}

	@Test
	void theTimeToConnectIsTheApplications() {
		start(Quick.class, Map.of());
		InProcess.Peer peer = this.server.open(this.server.link());

		await().atMost(Duration.ofSeconds(5)).until(() -> !peer.isOpen());
		assertThat(refusals(Refused.CONNECT_TIMEOUT)).isOne();
	}

	@Test
	void theTimeToSendIsTheApplications() {
		start(Quick.class, Map.of("sessionlink.limits.send-buffer", "0"));

		closedAsSlow();
	}

	@Test
	void whatMayWaitIsTheApplications() {
		start(Quick.class, Map.of("sessionlink.limits.send-time", "0"));

		closedAsSlow();
	}

	private void closedAsSlow() {
		InProcess.Peer peer = this.server.connect("1.2");
		this.server.handle(peer, new TextMessage("SUBSCRIBE\nid:1\ndestination:/topic/a\n\n\0"));
		peer.stall();

		await().atMost(Duration.ofSeconds(8)).until(() -> {
			this.server.template().convertAndSend("/topic/a", "x".repeat(500));
			return refusals(Refused.SLOW_CONSUMER) == 1;
		});
		peer.goOn();
	}

	@Test
	@OnPurpose("a decorator of the WebSocket handler sees whole messages")
	void aDecoratorOfTheApplicationsSeesALargeMessageInPartsAndEachFrameIsHandledOnce() {
		start(Decorating.class, Map.of());
		InProcess.Peer peer = this.server.connect("1.2");

		this.server.handle(peer, new TextMessage("SEND\ndestination:/app/a\nrec", false));
		this.server.handle(peer, new TextMessage("eipt:r\n\n\0", true));

		await().untilAsserted(() -> assertThat(peer.received()).extracting((frame) -> frame.command().toString())
			.containsExactly("CONNECTED", "RECEIPT"));
		assertThat(peer.getAttributes()).containsEntry("parts", List.of(true, false, true));
	}

	@Test
	@OnPurpose("the limits of the transport are those of `SubProtocolWebSocketHandler`")
	void springItselfKeepsNoLimit() {
		start(Quick.class, Map.of());

		SubProtocolWebSocketHandler spring = this.server.bean(SubProtocolWebSocketHandler.class);
		assertThat(List.of(spring.getSendBufferSizeLimit(), spring.getSendTimeLimit(), spring.getTimeToFirstMessage()))
			.containsOnly(Integer.MAX_VALUE);
	}

	@Test
	void theLogSaysWhatCountsWhereBothAreThere() {
		try (RecordedLog log = RecordedLog.of("org.sessionlink.TransportInCode")) {
			start(Quick.class, Map.of("sessionlink.limits.connect-time", "3s"));

			assertThat(log.lines()).containsExactlyInAnyOrder(
					"INFO sessionlink.limits.send-buffer = 1000, as the application says in code",
					"INFO sessionlink.limits.send-time = 1000ms, as the application says in code",
					"WARN sessionlink.limits.connect-time = 3s counts, and not the 500ms that the application says in code");
		}
	}

	private void start(Class<?> application, Map<String, String> settings) {
		this.server = InProcess.onSessionLinkSet(application, settings);
	}

	private long refusals(Refused reason) {
		return this.server.bean(Links.class).refusals().get(reason);
	}

	@Configuration
	@EnableSessionLink
	static class Large extends OneEndpoint {

		@Override
		public void configureWebSocketTransport(WebSocketTransportRegistration registration) {
			registration.setMessageSizeLimit(200_000);
		}

	}

	@Configuration
	@EnableSessionLink
	static class Decorating extends OneEndpoint {

		@Override
		public void configureWebSocketTransport(WebSocketTransportRegistration registration) {
			registration.addDecoratorFactory((handler) -> new WebSocketHandlerDecorator(handler) {

				@Override
				public void afterConnectionEstablished(WebSocketSession session) throws Exception {
					assertThat(supportsPartialMessages()).isTrue();
					session.getAttributes().put("parts", new ArrayList<>());
					super.afterConnectionEstablished(session);
				}

				@Override
				@SuppressWarnings("unchecked")
				public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) throws Exception {
					((List<Boolean>) session.getAttributes().get("parts")).add(message.isLast());
					super.handleMessage(session, message);
				}

			});
		}

	}

	@Configuration
	@EnableSessionLink
	static class Quick extends Large {

		@Override
		public void configureWebSocketTransport(WebSocketTransportRegistration registration) {
			registration.setSendBufferSizeLimit(1000).setSendTimeLimit(1000).setTimeToFirstMessage(500);
		}

	}

}
