package org.sessionlink;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sessionlink.InProcess.Peer;
import org.sessionlink.InProcess.Received;
import org.sessionlink.link.Identity;

import org.springframework.web.socket.TextMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B35: transactions, and what of a sender's own headers reaches others (B26). */
class TransactionTest {

	private InProcess server;

	private Peer peer;

	@BeforeEach
	void start() {
		this.server = InProcess.onSessionLinkSet(AcknowledgementTest.Queues.class,
				Map.of("sessionlink.destinations.send", "/topic/staff=STAFF, /topic/**, /queue/**",
						"sessionlink.limits.transaction-size", "2KB", "sessionlink.headers.pass",
						"priority, x-*, *Destination, *-id"));
		this.peer = this.server.connect("1.2");
		frame("SUBSCRIBE\nid:1\ndestination:/topic/a", "");
		frame("SUBSCRIBE\nid:errors\ndestination:/user/queue/errors", "");
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	@Test
	void whatIsAbortedIsNeverDelivered() {
		frame("BEGIN\ntransaction:t", "");
		frame("SEND\ndestination:/topic/a\ntransaction:t", "never");
		frame("ABORT\ntransaction:t", "");
		frame("SEND\ndestination:/topic/a", "now");

		await().until(() -> this.peer.bodies().contains("now"));
		assertThat(this.peer.bodies()).containsExactly("now");
	}

	@Test
	void whatIsCommittedComesInOrderAndBehindWhatCameBefore() {
		frame("BEGIN\ntransaction:t\nreceipt:b", "");
		frame("SEND\ndestination:/topic/a\ntransaction:t\nreceipt:1", "one");
		frame("SEND\ndestination:/topic/a\ntransaction:t", "two");
		frame("SEND\ndestination:/topic/a", "before");
		frame("COMMIT\ntransaction:t\nreceipt:c", "");

		await().until(() -> this.peer.bodies().size() == 3);
		assertThat(this.peer.bodies()).containsExactly("before", "one", "two");
		await().until(() -> receipts().contains("c"));
		assertThat(receipts()).containsExactly("b", "1", "c");
	}

	@Test
	void transactionsOfOneConnectionStandBesideEachOther() {
		frame("BEGIN\ntransaction:t", "");
		frame("BEGIN\ntransaction:u", "");
		frame("SEND\ndestination:/topic/a\ntransaction:t", "t");
		frame("SEND\ndestination:/topic/a\ntransaction:u", "u");
		frame("COMMIT\ntransaction:u", "");
		frame("COMMIT\ntransaction:t", "");

		await().until(() -> this.peer.bodies().size() == 2);
		assertThat(this.peer.bodies()).containsExactly("u", "t");
	}

	@Test
	void whoMayNotSendAnyMoreDoesNotAtTheCommit() {
		this.peer.link().identify(new Identity(() -> "ada", Set.of("STAFF")));
		frame("BEGIN\ntransaction:t", "");
		frame("SEND\ndestination:/topic/staff\ntransaction:t", "secret");
		frame("SEND\ndestination:/topic/a\ntransaction:t", "open");
		this.peer.link().identify(Identity.ANONYMOUS);

		frame("COMMIT\ntransaction:t", "");

		await().until(() -> this.peer.bodies().contains("open"));
		assertThat(this.peer.bodies()).filteredOn((body) -> body.contains("destination-not-allowed")).hasSize(1);
	}

	@Test
	void anAckInATransactionCountsFromTheCommitOn() {
		frame("SUBSCRIBE\nid:q\nack:client\ndestination:/queue/a", "");
		frame("SEND\ndestination:/queue/a", "one");
		frame("SEND\ndestination:/queue/a", "two");
		await().until(() -> this.peer.bodies().contains("two"));
		frame("BEGIN\ntransaction:t", "");
		frame("ACK\nid:" + ack(0) + "\ntransaction:t", "");
		frame("COMMIT\ntransaction:t", "");
		frame("BEGIN\ntransaction:u", "");
		frame("ACK\nid:" + ack(1) + "\ntransaction:u", "");
		this.server.cut(this.peer);

		Peer next = this.server.connect("1.2");
		this.server.handle(next, new TextMessage("SUBSCRIBE\nid:q\nack:client\ndestination:/queue/a\n\n\0"));

		await().until(() -> !next.bodies().isEmpty());
		assertThat(next.bodies()).containsExactly("two");
	}

	@ParameterizedTest
	@CsvSource({ "COMMIT, no-transaction", "ABORT, no-transaction", "SEND, no-transaction", "BEGIN, transaction-open",
			"large, transaction-too-large", "nameless, malformed-frame" })
	void whatMakesNoSenseIsAnErrorWithItsReceipt(String command, String code) {
		frame("BEGIN\ntransaction:known", "");

		switch (command) {
			case "SEND" -> frame("SEND\ndestination:/topic/a\ntransaction:t\nreceipt:r", "lost");
			case "BEGIN" -> frame("BEGIN\ntransaction:known\nreceipt:r", "");
			case "large" -> frame("SEND\ndestination:/topic/a\ntransaction:known\nreceipt:r", "lost".repeat(600));
			case "nameless" -> frame("BEGIN\nreceipt:r", "");
			default -> frame(command + "\ntransaction:t\nreceipt:r", "");
		}
		frame("COMMIT\ntransaction:known", "");

		await().until(() -> !this.peer.isOpen());
		Received error = this.peer.received().get(this.peer.received().size() - 1);
		assertThat(error.headers()).containsEntry("message", List.of(code)).containsEntry("receipt-id", List.of("r"));
		assertThat(this.peer.bodies()).isEmpty();
	}

	@Test
	void whatIsCommittedMakesRoomForMore() {
		for (int i = 0; i < 5; i++) {
			frame("BEGIN\ntransaction:t", "");
			frame("SEND\ndestination:/topic/a\ntransaction:t", "much".repeat(300));
			frame((i % 2 == 0) ? "COMMIT\ntransaction:t" : "ABORT\ntransaction:t", "");
		}

		await().until(() -> this.peer.bodies().size() == 3);
		assertThat(this.peer.isOpen()).isTrue();
	}

	@Test
	void onlyChosenHeadersReachOthersAndNoneOfStomps() {
		frame("SEND\ndestination:/topic/a\npriority:9\nx-from:ada\nother:1\nsimpOrigDestination:/x\nmessage-id:m\n"
				+ "receipt-id:q", "one");

		await().until(() -> this.peer.bodies().contains("one"));
		Received message = this.peer.received().get(this.peer.received().size() - 1);
		assertThat(message.headers()).containsOnlyKeys("content-length", "destination", "priority", "subscription",
				"x-from");
		assertThat(this.peer.messageIds()).doesNotContain("m");
	}

	private List<String> receipts() {
		return this.peer.received()
			.stream()
			.filter((frame) -> frame.command().toString().equals("RECEIPT"))
			.map((frame) -> frame.headers().get("receipt-id").get(0))
			.toList();
	}

	private String ack(int index) {
		return this.peer.received()
			.stream()
			.filter((frame) -> frame.headers().containsKey("ack"))
			.map((frame) -> frame.headers().get("ack").get(0))
			.toList()
			.get(index);
	}

	private void frame(String head, String body) {
		this.server.handle(this.peer, new TextMessage(head + "\n\n" + body + "\0"));
	}

}
