package org.sessionlink;

import java.util.Set;

import org.junit.jupiter.api.Test;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;
import org.sessionlink.watch.OperatorConsole;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.messaging.SessionSubscribeEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B23, B26: over an application's own endpoint operators hear of all sessions. */
class OperatorsQueueTest {

	private static final String SUBSCRIBE = "SUBSCRIBE\nid:1\ndestination:/user/queue/operators\n"
			+ "q:\nsort:lastActivity\ndir:desc\npage:0\n\n\0";

	@Test
	void anObserverHearsFiguresAndAPageOfSessionsAtOnce() {
		try (InProcess server = InProcess.onSessionLink(Watched.class)) {
			InProcess.Peer observer = connect(server, "OBSERVER");

			server.handle(observer, new TextMessage(SUBSCRIBE));

			await().until(() -> !observer.bodies().isEmpty());
			assertThat(observer.bodies().get(0)).startsWith("{\"figures\":{\"now\":\"")
				.contains("\"links\":1,\"sockets\":1,", "\"session-kicked\":0", "\"total\":1",
						"\"rows\":[{\"link\":\"" + observer.link().fingerprint() + "\",\"principal\":\"olga\"");
		}
	}

	@Test
	void whoIsNeitherIsRefused() {
		try (InProcess server = InProcess.onSessionLink(Watched.class)) {
			InProcess.Peer customer = connect(server, "CUSTOMER");

			server.handle(customer, new TextMessage(SUBSCRIBE));

			await().until(() -> server.bean(Links.class).refusals().get(Refused.DESTINATION) == 1);
			assertThat(customer.received()).extracting((frame) -> frame.command().toString())
				.containsExactly("CONNECTED");
		}
	}

	@Test
	void whoLosesTheRoleLosesTheSubscription() {
		try (InProcess server = InProcess.onSessionLink(Watched.class)) {
			InProcess.Peer operator = connect(server, "OPERATOR");
			server.handle(operator, new TextMessage("SUBSCRIBE\nid:2\ndestination:/user/queue/session\n\n\0"));
			server.handle(operator, new TextMessage(SUBSCRIBE));
			await().until(() -> operator.bodies().size() >= 2);

			operator.link().identify(new Identity(() -> "olga", Set.of("CUSTOMER")));

			await().until(() -> operator.bodies().stream().anyMatch((body) -> body.contains("REVOKED")));
			int heard = operator.bodies().size();
			server.handle(operator, new TextMessage(SUBSCRIBE.replace("id:1", "id:3")));
			await().until(() -> server.bean(Links.class).refusals().get(Refused.DESTINATION) == 1);
			assertThat(operator.bodies()).hasSize(heard);
		}
	}

	@Test
	void itBeginsThoughAListenerOfTheApplicationFails() {
		try (InProcess server = InProcess.onSessionLink(Failing.class)) {
			InProcess.Peer operator = connect(server, "OPERATOR");

			server.handle(operator, new TextMessage(SUBSCRIBE));

			await().until(() -> operator.bodies().stream().anyMatch((body) -> body.startsWith("{\"figures\"")));
		}
	}

	private static InProcess.Peer connect(InProcess server, String role) {
		InProcess.Peer peer = server.connect("1.2");
		peer.link().identify(new Identity(() -> "olga", Set.of(role)));
		return peer;
	}

	@Configuration
	@EnableSessionLink
	@Import(OperatorConsole.class)
	static class Failing extends OneEndpoint {

		// Before whatever has no order.
		@EventListener
		@Order(0)
		void onSubscribe(SessionSubscribeEvent event) {
			throw new IllegalStateException("on purpose");
		}

	}

	@Configuration
	@EnableSessionLink
	@Import(OperatorConsole.class)
	static class Watched extends OneEndpoint {

	}

}
