package org.sessionlink;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What is on its way while a broker elsewhere is connected to, goes, or talks nonsense.
 */
class BrokerMomentsTest {

	private FakeBroker broker;

	private InProcess server;

	@BeforeEach
	void start() throws IOException {
		this.broker = new FakeBroker();
	}

	@AfterEach
	void stop() throws IOException {
		this.server.close();
		this.broker.close();
	}

	private void serve() {
		this.server = InProcess.onSessionLink(RelayedTest.Greeting.class,
				Map.of("sessionlink.relay.hosts", this.broker.host()));
	}

	private void serveConnected() {
		serve();
		RelayedTest.awaitBroker(this.server);
	}

	private InProcess.Peer client() {
		return RelayedTest.client(this.server);
	}

	@Test
	void whatIsSentBeforeAGoodbyeReachesABrokerThatIsSlowToConnect() {
		CountDownLatch slow = holdClients();
		serveConnected();
		InProcess.Peer peer = this.server.connect("1.2");

		RelayedTest.frame(this.server, peer, "SEND\ndestination:/topic/a", "last");
		RelayedTest.frame(this.server, peer, "DISCONNECT\nreceipt:bye", "");
		assertThat(RelayedTest.receipts(peer)).isEmpty();
		slow.countDown();

		await().until(() -> RelayedTest.receipts(peer).contains("bye"));
		assertThat(sent("").stream()
			.filter((frame) -> frame.startsWith("SEND\ndestination:/topic/a\n") || frame.startsWith("DISCONNECT\n")))
			.satisfiesExactly((frame) -> assertThat(frame).startsWith("SEND\n").endsWith("last"),
					(frame) -> assertThat(frame).startsWith("DISCONNECT\n"));
	}

	@Test
	void whatIsSentBeforeASocketBreaksReachesABrokerThatIsSlowToConnect() {
		CountDownLatch slow = holdClients();
		serveConnected();
		InProcess.Peer peer = this.server.connect("1.2");
		RelayedTest.frame(this.server, peer, "SEND\ndestination:/topic/a", "last");

		this.server.leave(peer);
		slow.countDown();

		await().until(() -> sent("SEND\ndestination:/topic/a").size() == 1);
		await().until(() -> this.broker.open().size() == 1);
	}

	@Test
	void whatWaitsForAConnectionThatFailsIsRefusedAndNotSentLater() {
		CountDownLatch waits = new CountDownLatch(1);
		this.broker.answers((connection, frame) -> {
			if (connection.isOfClient()) {
				awaitZero(waits);
				connection.reset();
			}
			else {
				FakeBroker.WELL.accept(connection, frame);
			}
		});
		serveConnected();
		InProcess.Peer peer = client();
		RelayedTest.frame(this.server, peer, "SEND\ndestination:/topic/a", "early");
		// Answered without the broker, behind what waits for it.
		RelayedTest.frame(this.server, peer, "UNSUBSCRIBE\nid:none\nreceipt:waits", "");
		await().until(() -> RelayedTest.receipts(peer).contains("waits"));
		assertThat(peer.bodies()).noneMatch((body) -> body.contains("broker-away"));
		waits.countDown();

		await().until(() -> peer.bodies().stream().anyMatch((body) -> body.contains("broker-away")));
		this.broker.answers(FakeBroker.WELL);

		await().until(() -> RelayedTest.events(peer).contains("BROKER_UP"));
		RelayedTest.frame(this.server, peer, "SEND\ndestination:/topic/a\nreceipt:1", "now");
		await().until(() -> RelayedTest.receipts(peer).contains("1"));
		assertThat(sent("SEND\ndestination:/topic/a")).noneMatch((frame) -> frame.endsWith("early"));
	}

	@Test
	void aReceiptThatIsAskedForTwiceMakesNoSubscriptionDeaf() {
		BlockingQueue<Runnable> ends = new LinkedBlockingQueue<>();
		this.broker.answers((connection, frame) -> {
			if (frame.startsWith("UNSUBSCRIBE")) {
				ends.add(() -> FakeBroker.WELL.accept(connection, frame));
			}
			else {
				FakeBroker.WELL.accept(connection, frame);
			}
		});
		serveConnected();
		InProcess.Peer peer = client();
		RelayedTest.frame(this.server, peer, "SUBSCRIBE\nid:b\ndestination:/topic/b", "");
		await().until(() -> this.broker.frames("SUBSCRIBE\nid:b").size() == 1);

		RelayedTest.frame(this.server, peer, "UNSUBSCRIBE\nid:a\nreceipt:same", "");
		RelayedTest.frame(this.server, peer, "UNSUBSCRIBE\nid:b\nreceipt:same", "");
		await().until(() -> ends.size() == 2);
		ends.forEach(Runnable::run);
		await().until(() -> RelayedTest.receipts(peer).equals(List.of("same", "same")));
		RelayedTest.frame(this.server, peer, "SUBSCRIBE\nid:a\ndestination:/topic/a\nreceipt:again", "");
		await().until(() -> RelayedTest.receipts(peer).contains("again"));
		this.broker.say("SUBSCRIBE\nid:a", "MESSAGE\nsubscription:a\ndestination:/topic/a\nmessage-id:1\n\nheard\0");

		await().until(() -> peer.bodies().contains("heard"));
	}

	@Test
	void theEndOfASubscriptionThatIsNoneChangesNothingForOthers() {
		this.broker.answers((connection, frame) -> {
			if (!frame.startsWith("UNSUBSCRIBE")) {
				FakeBroker.WELL.accept(connection, frame);
			}
		});
		serveConnected();
		InProcess.Peer peer = RelayedTest.clientAt(this.broker, this.server);

		RelayedTest.frame(this.server, peer, "UNSUBSCRIBE\nid:a", "");
		RelayedTest.frame(this.server, peer, "UNSUBSCRIBE\nid:none", "");
		RelayedTest.frame(this.server, peer, "SUBSCRIBE\nid:a\ndestination:/topic/b\nreceipt:made", "");
		await().until(() -> RelayedTest.receipts(peer).contains("made"));
		this.broker.say("SUBSCRIBE\nid:a", "MESSAGE\nsubscription:a\ndestination:/topic/a\nmessage-id:1\n\nlate\0");
		this.broker.say("SUBSCRIBE\nid:a", "MESSAGE\nsubscription:errors\ndestination:/topic/a\nmessage-id:2\n\nend\0");

		await().until(() -> peer.bodies().contains("end"));
		assertThat(peer.bodies()).doesNotContain("late");
		assertThat(sent("UNSUBSCRIBE")).singleElement().asString().startsWith("UNSUBSCRIBE\nid:a\n");
	}

	@Test
	void receiptsThatABrokerOwesWhenItGoesAreGivenOnceTheyAreDue() {
		this.broker.answers((connection, frame) -> {
			if (!frame.contains("id:a\n") && !frame.contains("id:b\n")) {
				FakeBroker.WELL.accept(connection, frame);
			}
		});
		serveConnected();
		InProcess.Peer peer = client();
		RelayedTest.frame(this.server, peer, "SUBSCRIBE\nid:b\ndestination:/topic/b\nreceipt:begun", "");
		await().until(() -> this.broker.frames("SUBSCRIBE\nid:b").size() == 1);
		RelayedTest.frame(this.server, peer, "UNSUBSCRIBE\nid:a\nreceipt:ended", "");
		await().until(() -> sent("UNSUBSCRIBE\nid:a").size() == 1);

		this.broker.answers(FakeBroker.WELL);
		this.broker.reset();

		await().until(() -> RelayedTest.receipts(peer).containsAll(List.of("ended", "begun")));
		assertThat(RelayedTest.receipts(peer)).doesNotHaveDuplicates();
	}

	@Test
	void aGoodbyeThatABrokerDoesNotAnswerAsItGoesKeepsNobodyWaiting() {
		this.broker.answers((connection, frame) -> {
			if (frame.startsWith("DISCONNECT")) {
				connection.reset();
			}
			else {
				FakeBroker.WELL.accept(connection, frame);
			}
		});
		serveConnected();
		InProcess.Peer peer = RelayedTest.clientAt(this.broker, this.server);

		RelayedTest.frame(this.server, peer, "DISCONNECT\nreceipt:bye", "");

		await().atMost(8, TimeUnit.SECONDS).until(() -> !peer.isOpen());
		assertThat(peer.received()).noneMatch((frame) -> frame.headers().containsKey("receipt-id")
				|| "ERROR".equals(String.valueOf(frame.command())));
	}

	@ParameterizedTest
	@ValueSource(strings = { "CONNECTED\nversion:1.2\nheart-beat:soon,late\n\n\0",
			"CONNECTED\nversion:1.2\nheart-beat:1,\n\n\0" })
	void aBrokerThatIsConnectedInAWayThatMakesNoSenseIsConnectedToAgain(String nonsense) {
		this.broker.answers((connection, frame) -> connection.say(nonsense));
		serve();
		await().until(() -> this.broker.connections().size() >= 2);

		this.broker.answers(FakeBroker.WELL);

		RelayedTest.awaitBroker(this.server);
		RelayedTest.clientAt(this.broker, this.server);
	}

	@Test
	void whatNoBrokerMaySendReachesNoClientAndASecondConnectedChangesNothing() {
		serveConnected();
		InProcess.Peer peer = RelayedTest.clientAt(this.broker, this.server);

		this.broker.say("SUBSCRIBE\nid:a",
				"CONNECTED\nversion:1.2\n\n\0SEND\nsubscription:a\ndestination:/topic/a\n\nno\0"
						+ "MESSAGE\nsubscription:none\ndestination:/topic/a\nmessage-id:1\n\nno\0MESSAGE\n\nno\0"
						+ "MESSAGE\nsubscription:a\ndestination:/topic/a\nmessage-id:2\n\nyes\0");

		await().until(() -> peer.bodies().contains("yes"));
		assertThat(peer.bodies()).doesNotContain("no");
		assertThat(peer.received()).filteredOn((frame) -> "CONNECTED".equals(String.valueOf(frame.command())))
			.hasSize(1);
		assertThat(this.broker.frames("SUBSCRIBE\nid:a")).hasSize(1);
	}

	// Connections of clients are answered once it is counted down.
	private CountDownLatch holdClients() {
		CountDownLatch slow = new CountDownLatch(1);
		this.broker.answers((connection, frame) -> {
			if (connection.isOfClient() && frame.startsWith("CONNECT\n")) {
				awaitZero(slow);
			}
			FakeBroker.WELL.accept(connection, frame);
		});
		return slow;
	}

	private static void awaitZero(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	// Of all connections, open ones or not.
	private List<String> sent(String start) {
		return this.broker.connections()
			.stream()
			.flatMap((connection) -> connection.frames().stream())
			.filter((frame) -> frame.startsWith(start))
			.toList();
	}

}
