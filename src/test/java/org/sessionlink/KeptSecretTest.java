package org.sessionlink;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.messaging.AbstractSubProtocolEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What prints a socket's attributes, as Spring does, prints no credential. */
class KeptSecretTest {

	@Test
	void aBodyThatCannotBeReadTakesTheSessionIdNotToTheLog() {
		try (InProcess server = InProcess.onSessionLink(Shop.class);
				RecordedLog log = RecordedLog.of("org.sessionlink")) {
			InProcess.Peer peer = server.connect("1.2");

			server.handle(peer, new TextMessage("SEND\ndestination:/app/count\n\nmany\0"));

			await().untilAsserted(() -> assertThat(log.texts()).contains("simpSessionAttributes"));
			assertThat(log.texts()).doesNotContain(sessionId(peer));
		}
	}

	@Test
	void anEventTakesNoneToTheLogOfAnApplicationThatWritesItThere() {
		try (InProcess server = InProcess.onSessionLink(Shop.class)) {
			InProcess.Peer peer = server.connect("1.2");

			server.leave(peer);

			List<String> events = server.bean("counter", Counter.class).events;
			await().untilAsserted(() -> assertThat(events).hasSizeGreaterThanOrEqualTo(3));
			assertThat(events).noneMatch((event) -> event.contains(sessionId(peer)));
		}
	}

	@Test
	void aMessageMethodFindsAndChangesTheAttributesAsEver() {
		try (InProcess server = InProcess.onSessionLink(Shop.class)) {
			InProcess.Peer peer = server.connect("1.2");

			server.handle(peer, new TextMessage("SEND\ndestination:/app/count\n\n3\0"));
			server.handle(peer, new TextMessage("SEND\ndestination:/app/count\n\n4\0"));

			await().untilAsserted(() -> assertThat(peer.getAttributes()).containsEntry("count", 7));
			assertThat(server.bean("counter", Counter.class).seen).containsEntry("count", 7)
				.containsEntry("sessionId", sessionId(peer))
				.isEqualTo(peer.getAttributes());
		}
	}

	private static String sessionId(InProcess.Peer peer) {
		return (String) peer.getAttributes().get("sessionId");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableSessionLink
	static class Shop extends OneEndpoint {

		@Bean
		static Counter counter() {
			return new Counter();
		}

	}

	@Controller
	static class Counter {

		private final List<String> events = new CopyOnWriteArrayList<>();

		private volatile Map<String, Object> seen = Map.of();

		@MessageMapping("/count")
		void count(@Payload Integer number, SimpMessageHeaderAccessor headers) {
			headers.getSessionAttributes().merge("count", number, (before, more) -> (Integer) before + (Integer) more);
			this.seen = headers.getSessionAttributes();
		}

		@EventListener
		void on(AbstractSubProtocolEvent event) {
			this.events.add(event + " " + event.getMessage());
		}

	}

}
