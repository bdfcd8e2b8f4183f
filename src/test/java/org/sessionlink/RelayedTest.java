package org.sessionlink;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.sessionlink.broker.RelayHealth;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.annotation.SendToUser;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.TextMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Messages through a broker elsewhere, by a setting alone: ActiveMQ Artemis. */
@ResourceLock("broker")
class RelayedTest {

	private static InProcess server;

	private static InProcess other;

	@BeforeAll
	static void start() {
		server = start(Artemis.shared());
		other = start(Artemis.shared());
		awaitBroker(server);
		awaitBroker(other);
	}

	static InProcess start(Artemis broker) {
		return InProcess.onSessionLink(Greeting.class, Map.of("sessionlink.relay.hosts", broker.host()));
	}

	@AfterAll
	static void stop() {
		server.close();
		other.close();
	}

	@Test
	void whatOnlyTheBrokerInMemoryDoesIsSaidToHaveNoEffect() {
		try (RecordedLog log = RecordedLog.of(SessionLinkConfiguration.class)) {
			InProcess
				.onSessionLink(Greeting.class, Map.of("sessionlink.relay.hosts", Artemis.shared().host(),
						"sessionlink.destinations.keep", "/topic/**", "sessionlink.destinations.work", "/queue/jobs"))
				.close();

			assertThat(log.lines()).hasSize(2)
				.allMatch((line) -> line.startsWith("WARN sessionlink.destinations.") && line.contains("no effect"));
		}
	}

	@Test
	void aMessageReachesSubscribersOfEveryServer() {
		InProcess.Peer here = subscriber(server, "/topic/both");
		InProcess.Peer there = subscriber(other, "/topic/both");

		frame(server, here, "SEND\ndestination:/topic/both\ncontent-type:text/plain", "hello");

		await().untilAsserted(() -> {
			assertThat(here.bodies()).containsExactly("hello");
			assertThat(there.bodies()).containsExactly("hello");
		});
	}

	@Test
	void aFrameThatAsksForItGetsOneReceiptAndThatOfTheBroker() {
		InProcess.Peer peer = subscriber(server, "/topic/receipts");

		frame(server, peer, "SEND\ndestination:/topic/receipts\nreceipt:of-send", "1");
		frame(server, peer, "BEGIN\ntransaction:t\nreceipt:of-begin", "");
		frame(server, peer, "COMMIT\ntransaction:t\nreceipt:of-commit", "");
		frame(server, peer, "UNSUBSCRIBE\nid:s\nreceipt:of-end", "");
		frame(server, peer, "SEND\ndestination:/topic/receipts\nreceipt:last", "2");

		await().until(() -> receipts(peer).contains("last"));
		assertThat(receipts(peer)).containsExactly("subscribed", "of-send", "of-begin", "of-commit", "of-end", "last");
	}

	@Test
	void whatIsSentInATransactionComesWithItsCommit() {
		InProcess.Peer peer = subscriber(server, "/topic/transactions");

		frame(server, peer, "BEGIN\ntransaction:a", "");
		frame(server, peer, "SEND\ndestination:/topic/transactions\ntransaction:a", "aborted");
		frame(server, peer, "ABORT\ntransaction:a", "");
		frame(server, peer, "BEGIN\ntransaction:b", "");
		frame(server, peer, "SEND\ndestination:/topic/transactions\ntransaction:b", "committed");
		frame(server, peer, "SEND\ndestination:/topic/transactions", "at once");
		frame(server, peer, "COMMIT\ntransaction:b", "");

		await().untilAsserted(() -> assertThat(peer.bodies()).containsExactly("at once", "committed"));
	}

	@Test
	void aTransactionThatIsTooLargeIsAbortedAndItsClientTold() {
		InProcess.Peer peer = subscriber(server, "/topic/large");
		frame(server, peer, "SUBSCRIBE\ndestination:/user/queue/errors\nid:errors", "");

		frame(server, peer, "BEGIN\ntransaction:t", "");
		for (int i = 0; i < 30; i++) {
			frame(server, peer, "SEND\ndestination:/topic/large\ntransaction:t", "x".repeat(40_000));
		}
		frame(server, peer, "SEND\ndestination:/topic/large", "later");

		await().until(() -> peer.bodies().contains("later"));
		assertThat(peer.bodies()).anySatisfy((body) -> assertThat(body).contains("transaction-too-large"))
			.noneSatisfy((body) -> assertThat(body).startsWith("xxx"));
		assertThat(peer.isOpen()).isTrue();
	}

	@Test
	void aTransactionThatWasNeverBegunIsRefusedAndTheSocketStays() {
		InProcess.Peer peer = subscriber(server, "/topic/none");
		frame(server, peer, "SUBSCRIBE\ndestination:/user/queue/errors\nid:errors", "");

		frame(server, peer, "COMMIT\ntransaction:none", "");

		await().until(() -> peer.bodies().stream().anyMatch((body) -> body.contains("no-transaction")));
		assertThat(peer.isOpen()).isTrue();
	}

	@Test
	void whatIsForAUserReachesTheirSocketsOnEveryServer() {
		InProcess.Peer here = subscriber(server, "/user/queue/own");

		frame(server, here, "SEND\ndestination:/app/own", "for me");

		await().untilAsserted(() -> assertThat(here.bodies()).containsExactly("mine"));
		assertThat(here.received()).last()
			.satisfies((frame) -> assertThat(frame.headers().get("destination")).containsExactly("/user/queue/own"));
	}

	@Test
	void nothingOfAUserIsLeftInTheBroker() {
		InProcess.Peer peer = subscriber(server, "/user/queue/left");
		assertThat(Artemis.shared().queues()).isNotEmpty();

		server.leave(peer);

		await().untilAsserted(
				() -> assertThat(Stream.of(Artemis.shared().queues())).noneMatch((queue) -> queue.contains("left")));
	}

	@Test
	void whatMeansMoreToABrokerThanANameIsRefused() {
		InProcess.Peer peer = subscriber(server, "/topic/plain");
		frame(server, peer, "SUBSCRIBE\ndestination:/user/queue/errors\nid:errors", "");
		List<String> refused = List.of("/topic/a::b", "/topic/#", "/topic/*", "/topic/>", "/topic/%2A",
				"/topic/sessionlink.internal.x.users", "/topic/x-user01234567-0123-0123-0123-0123456789ab",
				"/exchange/amq.topic/a", "/amq/queue/a", "/temp-queue/a", "/reply-queue/a", "/dsub/a");

		for (String destination : refused) {
			frame(server, peer, "SUBSCRIBE\ndestination:" + destination + "\nid:" + destination.hashCode(), "");
			frame(server, peer, "SEND\ndestination:" + destination, "x");
		}
		frame(server, peer, "SEND\ndestination:/topic/plain", "end");

		await().until(() -> peer.bodies().contains("end"));
		assertThat(peer.bodies().stream().filter((body) -> body.contains("destination-not-allowed")))
			.hasSize(2 * refused.size());
	}

	@Test
	void aSubscriptionMayNotNameAQueueOfTheBrokerByAHeader() {
		InProcess.Peer first = subscriber(server,
				"/topic/shared\ndurable-subscription-name:d\nclient-id:c" + "\nsubscription-type:ANYCAST");
		InProcess.Peer second = subscriber(server, "/topic/shared\nsubscription-type:ANYCAST");

		frame(server, first, "SEND\ndestination:/topic/shared", "both");

		await().untilAsserted(() -> {
			assertThat(first.bodies()).containsExactly("both");
			assertThat(second.bodies()).containsExactly("both");
		});
	}

	@Test
	void whatIsRevokedEndsAtTheBrokerAndNothingMoreOfItComes() {
		InProcess.Peer peer = subscriber(server, "/topic/revoked");
		frame(server, peer, "SUBSCRIBE\ndestination:/topic/kept\nid:kept\nreceipt:kept", "");
		await().until(() -> receipts(peer).contains("kept"));

		peer.link().sockets().forEach((socket) -> socket.revoke("s", "gone"));
		frame(server, peer, "SEND\ndestination:/topic/revoked", "no");
		frame(server, peer, "SEND\ndestination:/topic/kept", "yes");

		await().until(() -> peer.bodies().contains("yes"));
		assertThat(peer.bodies()).doesNotContain("no");
		await().untilAsserted(() -> assertThat(Stream.of(Artemis.shared().queues()))
			.noneMatch((queue) -> queue.contains("/topic/revoked")));
		assertThat(peer.isOpen()).isTrue();
	}

	@Test
	void whatAClientAcknowledgesIsNotDeliveredAgain() {
		InProcess.Peer peer = subscriber(server, "/queue/work\nack:client-individual");

		frame(server, peer, "SEND\ndestination:/queue/work", "task");
		await().until(() -> peer.bodies().contains("task"));
		String ack = peer.received()
			.stream()
			.filter((frame) -> frame.headers().containsKey("ack"))
			.findFirst()
			.orElseThrow()
			.headers()
			.get("ack")
			.get(0);
		frame(server, peer, "ACK\nid:" + ack + "\nreceipt:acked", "");

		await().until(() -> receipts(peer).contains("acked"));
		assertThat(peer.bodies()).containsExactly("task");
	}

	static InProcess.Peer subscriber(InProcess server, String destination) {
		InProcess.Peer peer = server.connect("1.2");
		frame(server, peer, "SUBSCRIBE\nid:s\nreceipt:subscribed\ndestination:" + destination, "");
		await().until(() -> receipts(peer).contains("subscribed"));
		return peer;
	}

	/** Returns one that listens to what it is told of the broker, and to a topic. */
	static InProcess.Peer client(InProcess server) {
		InProcess.Peer peer = server.connect("1.2");
		frame(server, peer, "SUBSCRIBE\nid:session\ndestination:/user/queue/session", "");
		frame(server, peer, "SUBSCRIBE\nid:errors\ndestination:/user/queue/errors", "");
		frame(server, peer, "SUBSCRIBE\nid:a\ndestination:/topic/a", "");
		return peer;
	}

	/** Returns the same, the first one, once the broker has what it has subscribed to. */
	static InProcess.Peer clientAt(FakeBroker broker, InProcess server) {
		InProcess.Peer peer = client(server);
		await().until(() -> broker.frames("SUBSCRIBE\nid:a").size() == 1);
		return peer;
	}

	/** Waits until a server has no concern about the broker. */
	static void awaitBroker(InProcess server) {
		await().until(() -> server.bean(RelayHealth.class).concern() == null);
	}

	/** Returns what one that listens was told of the broker. */
	static List<String> events(InProcess.Peer peer) {
		return peer.bodies()
			.stream()
			.filter((body) -> body.startsWith("{\"event\":\"BROKER_"))
			.map((body) -> body.substring(10, body.lastIndexOf('"')))
			.toList();
	}

	static void frame(InProcess server, InProcess.Peer peer, String head, String body) {
		server.handle(peer, new TextMessage(head + "\n\n" + body + "\0"));
	}

	static List<String> receipts(InProcess.Peer peer) {
		return peer.received()
			.stream()
			.filter((frame) -> frame.headers().containsKey("receipt-id"))
			.map((frame) -> frame.headers().get("receipt-id").get(0))
			.toList();
	}

	@Configuration
	@EnableSessionLink
	static class Greeting extends OneEndpoint {

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic/", "/queue/");
			registry.setApplicationDestinationPrefixes("/app");
		}

		@Bean
		Talk talk() {
			return new Talk();
		}

	}

	@Controller
	static class Talk {

		@MessageMapping("/own")
		@SendToUser("/queue/own")
		String own() {
			return "mine";
		}

	}

}
