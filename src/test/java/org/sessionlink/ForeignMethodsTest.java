package org.sessionlink;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.handling.Blocking;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.stereotype.Controller;
import org.springframework.util.AntPathMatcher;
import org.springframework.web.socket.TextMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B15, B32, B39, B40: message methods of an application that deny, fail, and match. */
class ForeignMethodsTest {

	private static final String DENIED = "{\"error\":\"access-denied\"";

	private InProcess server;

	@AfterEach
	void stop() {
		this.server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/app/deny", "/app/deny-later" })
	@OnPurpose("what a method denies, its client does not hear")
	void aClientHearsThatAMethodDeniesItWhatItAsksFor(String destination) {
		try (RecordedLog log = RecordedLog.of("org.sessionlink.inbound");
				RecordedLog spring = RecordedLog.of("org.springframework.messaging.simp")) {
			InProcess.Peer peer = start(Plain.class, Map.of());

			send(peer, destination, "1");
			send(peer, "/app/fine", "2");

			await().untilAsserted(() -> assertThat(received(peer)).hasSize(3));
			assertThat(received(peer)).satisfiesExactly((connected) -> assertThat(connected).startsWith("CONNECTED"),
					(notice) -> assertThat(notice).startsWith("MESSAGE").contains(DENIED),
					(receipt) -> assertThat(receipt).startsWith("RECEIPT [2]"));
			assertThat(this.server.bean(Links.class).refusals()).containsEntry(Refused.ACCESS_DENIED, 1L);
			assertThat(Stream.of(log, spring).map(RecordedLog::lines).flatMap(List::stream))
				.filteredOn((line) -> line.startsWith("WARN") || line.startsWith("ERROR"))
				.singleElement()
				.asString()
				.startsWith("WARN SEND to \"" + destination + "\" refused under session ")
				.endsWith(": access-denied");
		}
	}

	@Test
	void whatAMethodDeniesClosesTheSocketWhereEveryRefusalDoes() {
		try (RecordedLog silent = RecordedLog.silent("org.sessionlink.inbound")) {
			InProcess.Peer peer = start(Plain.class, Map.of("sessionlink.refused-frames", "close"));

			send(peer, "/app/deny", "1");

			await().until(() -> !peer.isOpen());
			assertThat(received(peer)).last().asString().startsWith("ERROR [1] access-denied");
			assertThat(silent.lines()).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/app/fail", "/app/fail-later" })
	void aMethodThatHasFailedHasNotHandledItsFrame(String destination) {
		try (RecordedLog silent = RecordedLog.silent("org.springframework.messaging.simp")) {
			InProcess.Peer peer = start(Plain.class, Map.of());

			send(peer, destination, "1");
			send(peer, "/app/fine", "2");

			await().untilAsserted(() -> assertThat(received(peer)).last().asString().startsWith("RECEIPT [2]"));
			assertThat(received(peer)).hasSize(2);
			assertThat(silent.lines()).isEmpty();
		}
	}

	@Test
	void whatTheApplicationSeesToItselfIsHandled() {
		InProcess.Peer peer = start(SeesToIt.class, Map.of());

		send(peer, "/app/deny", "1");
		send(peer, "/app/fail", "2");

		await().untilAsserted(() -> assertThat(received(peer)).hasSize(3));
		assertThat(received(peer)).satisfiesExactly((connected) -> assertThat(connected).startsWith("CONNECTED"),
				(receipt) -> assertThat(receipt).startsWith("RECEIPT [1]"),
				(receipt) -> assertThat(receipt).startsWith("RECEIPT [2]"));
	}

	@ParameterizedTest
	@ValueSource(classes = { Plain.class, Dots.class })
	void aSessionIsExtendedHoweverTheNamesOfDestinationsAreParted(Class<?> application) {
		InProcess.Peer peer = start(application, Map.of("sessionlink.max-age", "1h"));
		this.server.handle(peer, new TextMessage("SUBSCRIBE\nid:2\ndestination:/user/queue/session\n\n\0"));

		send(peer, "/app/session/extend", "1");

		await().untilAsserted(() -> assertThat(received(peer).toString()).contains("\"EXTENDED\""));
	}

	@Test
	void aMethodOfTheApplicationThatFitsGoesFirst() {
		InProcess.Peer peer = start(OwnPattern.class, Map.of());

		send(peer, "/app/session/extend", "1");

		await().untilAsserted(() -> assertThat(received(peer)).last().asString().startsWith("RECEIPT [1]"));
		assertThat(this.server.bean(Sessions.class).called).isTrue();
	}

	private InProcess.Peer start(Class<?> application, Map<String, String> settings) {
		this.server = InProcess.onSessionLinkSet(application, settings);
		InProcess.Peer peer = this.server.connect("1.2");
		this.server.handle(peer, new TextMessage("SUBSCRIBE\nid:1\ndestination:/user/queue/errors\n\n\0"));
		return peer;
	}

	private void send(InProcess.Peer peer, String destination, String receipt) {
		this.server.handle(peer,
				new TextMessage("SEND\ndestination:" + destination + "\nreceipt:" + receipt + "\n\n\0"));
	}

	private static List<String> received(InProcess.Peer peer) {
		return peer.received()
			.stream()
			.map((frame) -> frame.command() + " " + frame.headers().getOrDefault("receipt-id", List.of()) + " "
					+ String.join(", ", frame.headers().getOrDefault("message", List.of())) + frame.text())
			.toList();
	}

	@Controller
	static class Methods {

		@MessageMapping("/fine")
		void fine() {
			// Nothing is to be done.
		}

		@MessageMapping("/deny")
		void deny() {
			throw new AuthorizationDeniedException("on purpose", new AuthorizationDecision(false));
		}

		@Blocking
		@MessageMapping("/deny-later")
		void denyLater() {
			deny();
		}

		@MessageMapping("/fail")
		void fail() {
			throw new IllegalArgumentException("on purpose");
		}

		@Blocking
		@MessageMapping("/fail-later")
		void failLater() {
			throw new NoClassDefFoundError("on purpose");
		}

	}

	@Configuration
	@EnableSessionLink
	static class Plain extends OneEndpoint {

		@Bean
		Methods methods() {
			return new Methods();
		}

	}

	@Configuration
	@EnableSessionLink
	static class SeesToIt extends Plain {

		@Bean
		@Override
		SeeingMethods methods() {
			return new SeeingMethods();
		}

	}

	@Controller
	static class SeeingMethods extends Methods {

		@MessageExceptionHandler
		void seeTo(RuntimeException ex) {
			// It is seen to.
		}

	}

	@Configuration
	@EnableSessionLink
	static class Dots extends Plain {

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			super.configureMessageBroker(registry);
			registry.setPathMatcher(new AntPathMatcher("."));
		}

	}

	@Configuration
	@EnableSessionLink
	static class OwnPattern extends Plain {

		@Bean
		Sessions sessions() {
			return new Sessions();
		}

	}

	@Controller
	static class Sessions {

		private volatile boolean called;

		@MessageMapping("/session/{what}")
		void any() {
			this.called = true;
		}

	}

}
