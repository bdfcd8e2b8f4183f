package org.sessionlink;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.ResourceLock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Messages through RabbitMQ, where one is: {@code -Dit.rabbitmq=127.0.0.1:61613} is the
 * port of its STOMP plugin.
 */
@EnabledIfSystemProperty(named = "it.rabbitmq", matches = ".+")
@ResourceLock("broker")
class RabbitIT {

	private static InProcess server;

	private static InProcess other;

	@BeforeAll
	static void start() {
		Map<String, String> settings = Map.of("sessionlink.relay.hosts", System.getProperty("it.rabbitmq"));
		server = InProcess.onSessionLink(RelayedTest.Greeting.class, settings);
		other = InProcess.onSessionLink(RelayedTest.Greeting.class, settings);
		RelayedTest.awaitBroker(server);
		RelayedTest.awaitBroker(other);
	}

	@AfterAll
	static void stop() {
		server.close();
		other.close();
	}

	@Test
	void aMessageReachesSubscribersOfEveryServer() {
		InProcess.Peer here = RelayedTest.subscriber(server, "/topic/both");
		InProcess.Peer there = RelayedTest.subscriber(other, "/topic/both");

		RelayedTest.frame(server, here, "SEND\ndestination:/topic/both\ncontent-type:text/plain", "hello");

		await().untilAsserted(() -> {
			assertThat(here.bodies()).containsExactly("hello");
			assertThat(there.bodies()).containsExactly("hello");
		});
	}

	@Test
	void aFrameThatAsksForItGetsOneReceipt() {
		InProcess.Peer peer = RelayedTest.subscriber(server, "/topic/receipts");

		RelayedTest.frame(server, peer, "SEND\ndestination:/topic/receipts\nreceipt:of-send", "1");
		RelayedTest.frame(server, peer, "BEGIN\ntransaction:t\nreceipt:of-begin", "");
		RelayedTest.frame(server, peer, "COMMIT\ntransaction:t\nreceipt:of-commit", "");
		RelayedTest.frame(server, peer, "UNSUBSCRIBE\nid:s\nreceipt:of-end", "");

		// RabbitMQ confirms what was sent whenever it has it.
		await().untilAsserted(() -> assertThat(RelayedTest.receipts(peer)).containsExactlyInAnyOrder("subscribed",
				"of-send", "of-begin", "of-commit", "of-end"));
	}

	@Test
	void whatIsSentInATransactionComesWithItsCommit() {
		InProcess.Peer peer = RelayedTest.subscriber(server, "/topic/transactions");

		RelayedTest.frame(server, peer, "BEGIN\ntransaction:a", "");
		RelayedTest.frame(server, peer, "SEND\ndestination:/topic/transactions\ntransaction:a", "aborted");
		RelayedTest.frame(server, peer, "ABORT\ntransaction:a", "");
		RelayedTest.frame(server, peer, "BEGIN\ntransaction:b", "");
		RelayedTest.frame(server, peer, "SEND\ndestination:/topic/transactions\ntransaction:b", "committed");
		RelayedTest.frame(server, peer, "SEND\ndestination:/topic/transactions", "at once");
		RelayedTest.frame(server, peer, "COMMIT\ntransaction:b", "");

		await().untilAsserted(() -> assertThat(peer.bodies()).containsExactly("at once", "committed"));
	}

	@Test
	void whatIsForASocketOfAUserReachesItUnderItsOwnName() {
		InProcess.Peer peer = RelayedTest.subscriber(server, "/user/queue/own");

		RelayedTest.frame(server, peer, "SEND\ndestination:/app/own", "for me");

		await().untilAsserted(() -> assertThat(peer.bodies()).containsExactly("mine"));
		assertThat(peer.received()).last()
			.satisfies((frame) -> assertThat(frame.headers().get("destination")).containsExactly("/user/queue/own"));
	}

	@Test
	void whatIsNotAcknowledgedIsDeliveredToAnother() {
		InProcess.Peer first = RelayedTest.subscriber(server, "/queue/work\nack:client-individual");
		RelayedTest.frame(server, first, "SEND\ndestination:/queue/work\npersistent:true", "task");
		await().until(() -> first.bodies().contains("task"));

		server.leave(first);
		InProcess.Peer second = RelayedTest.subscriber(other, "/queue/work\nack:client-individual");

		await().until(() -> second.bodies().contains("task"));
		String ack = second.received().get(second.received().size() - 1).headers().get("ack").get(0);
		RelayedTest.frame(other, second, "ACK\nid:" + ack + "\nreceipt:acked", "");
		await().until(() -> RelayedTest.receipts(second).contains("acked"));
	}

	@Test
	void aSubscriptionNamesNoQueueOfTheBrokerByAHeader() {
		InProcess.Peer first = RelayedTest.subscriber(server, "/topic/shared\nx-queue-name:q\ndurable:true");
		InProcess.Peer second = RelayedTest.subscriber(server, "/topic/shared\nx-queue-name:q\ndurable:true");

		RelayedTest.frame(server, first, "SEND\ndestination:/topic/shared", "both");

		await().untilAsserted(() -> {
			assertThat(List.of(first.bodies(), second.bodies()))
				.allSatisfy((bodies) -> assertThat(bodies).containsExactly("both"));
		});
	}

}
