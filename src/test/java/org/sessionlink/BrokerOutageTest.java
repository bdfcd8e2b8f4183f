package org.sessionlink;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A broker elsewhere that goes while clients are in the middle of something. */
@Execution(ExecutionMode.CONCURRENT)
class BrokerOutageTest {

	private FakeBroker broker;

	private InProcess server;

	@BeforeEach
	void start() throws IOException {
		this.broker = new FakeBroker();
		this.server = InProcess.onSessionLink(RelayedTest.Greeting.class,
				Map.of("sessionlink.relay.hosts", this.broker.host()));
		RelayedTest.awaitBroker(this.server);
	}

	@AfterEach
	void stop() throws IOException {
		this.server.close();
		this.broker.close();
	}

	private InProcess.Peer client() {
		int before = this.broker.frames("SUBSCRIBE\nid:a").size();
		InProcess.Peer peer = RelayedTest.client(this.server);
		await().until(() -> this.broker.frames("SUBSCRIBE\nid:a").size() == before + 1);
		return peer;
	}

	private void resetClients() {
		this.broker.open().stream().filter(FakeBroker.Connection::isOfClient).forEach(FakeBroker.Connection::reset);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aTransactionThatIsOpenOverAnOutageIsNeitherCommittedNorInPart(boolean all) {
		InProcess.Peer peer = client();
		RelayedTest.frame(this.server, peer, "BEGIN\ntransaction:t\nreceipt:begun", "");
		RelayedTest.frame(this.server, peer, "SEND\ndestination:/topic/a\ntransaction:t", "before");
		await().until(() -> this.broker.frames("SEND\ndestination:/topic/a").size() == 1);

		resetEach(all);
		await().until(() -> RelayedTest.events(peer).contains("BROKER_UP"));
		RelayedTest.frame(this.server, peer, "SEND\ndestination:/topic/a\ntransaction:t", "behind");
		RelayedTest.frame(this.server, peer, "COMMIT\ntransaction:t\nreceipt:committed", "");
		RelayedTest.frame(this.server, peer, "BEGIN\ntransaction:t", "");
		RelayedTest.frame(this.server, peer, "SEND\ndestination:/topic/a\ntransaction:t", "again");
		RelayedTest.frame(this.server, peer, "COMMIT\ntransaction:t\nreceipt:anew", "");

		await().until(() -> RelayedTest.receipts(peer).contains("anew"));
		assertThat(RelayedTest.receipts(peer)).containsExactly("begun", "anew");
		assertThat(peer.bodies().stream().filter((body) -> body.contains("no-transaction"))).hasSize(2);
		assertThat(this.broker.frames("")).filteredOn((frame) -> frame.contains("transaction:t"))
			.satisfiesExactly((frame) -> assertThat(frame).startsWith("BEGIN\n"),
					(frame) -> assertThat(frame).startsWith("SEND\n").endsWith("again"),
					(frame) -> assertThat(frame).startsWith("COMMIT\n"));
		assertThat(peer.isOpen()).isTrue();
	}

	private void resetEach(boolean all) {
		if (all) {
			this.broker.reset();
		}
		else {
			resetClients();
		}
	}

	@Test
	void aClientWhoseOwnConnectionBreaksHearsThatItMayHaveMissedSomething() {
		InProcess.Peer peer = client();
		InProcess.Peer other = this.server.connect("1.2");
		RelayedTest.frame(this.server, other, "SUBSCRIBE\nid:session\ndestination:/user/queue/session", "");
		RelayedTest.frame(this.server, other, "SUBSCRIBE\nid:b\ndestination:/topic/b\nreceipt:b", "");
		await().until(() -> RelayedTest.receipts(other).contains("b"));

		this.broker.open()
			.stream()
			.filter((connection) -> connection.frames()
				.stream()
				.anyMatch((frame) -> frame.startsWith("SUBSCRIBE\nid:a")))
			.forEach(FakeBroker.Connection::reset);

		await().until(() -> RelayedTest.events(peer).size() == 2);
		assertThat(RelayedTest.events(peer)).containsExactly("BROKER_DOWN", "BROKER_UP");
		assertThat(RelayedTest.events(other)).isEmpty();
	}

	@Test
	void aBrokerThatGoesASecondTimeBeforeAClientIsBackIsToldOfOnceAndComesBackWhole() {
		InProcess.Peer peer = client();
		this.broker.answers((connection, frame) -> {
			if (!connection.isOfClient()) {
				FakeBroker.WELL.accept(connection, frame);
			}
		});
		this.broker.reset();
		for (int times = 0; times < 2; times++) {
			await().until(() -> this.broker.open().stream().anyMatch(FakeBroker.Connection::isOfClient));
			assertThat(RelayedTest.events(peer)).containsExactly("BROKER_DOWN");
			this.broker.reset();
			RelayedTest.frame(this.server, peer, "SEND\ndestination:/topic/a", "lost");
		}

		this.broker.answers(FakeBroker.WELL);
		this.broker.reset();

		await().until(() -> RelayedTest.events(peer).contains("BROKER_UP"));
		RelayedTest.frame(this.server, peer, "SEND\ndestination:/topic/a\nreceipt:1", "now");
		await().until(() -> RelayedTest.receipts(peer).contains("1"));
		assertThat(RelayedTest.events(peer)).containsExactly("BROKER_DOWN", "BROKER_UP");
		assertThat(this.broker.frames("SUBSCRIBE\nid:a")).hasSize(1);
		assertThat(this.broker.frames("SEND\ndestination:/topic/a")).singleElement().asString().endsWith("now");
		assertThat(peer.bodies().stream().filter((body) -> body.contains("broker-away"))).hasSize(2);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aCutBetweenTheReceiptsOfSubscriptionsThatAreMadeAgainIsToldNobodyAsTheReturn(boolean all) {
		InProcess.Peer peer = client();
		BlockingQueue<Runnable> receipts = new LinkedBlockingQueue<>();
		holdReceipts(receipts::add);
		resetEach(all);
		await().until(() -> receipts.size() == 3);

		receipts.poll().run();
		receipts.poll().run();
		receipts.clear();
		resetEach(all);
		await().until(() -> receipts.size() == 3);
		assertThat(RelayedTest.events(peer)).containsExactly("BROKER_DOWN");
		receipts.forEach(Runnable::run);

		await().until(() -> RelayedTest.events(peer).contains("BROKER_UP"));
		RelayedTest.frame(this.server, peer, "SEND\ndestination:/topic/a\nreceipt:1", "x");
		await().until(() -> RelayedTest.receipts(peer).contains("1"));
		assertThat(RelayedTest.events(peer)).containsExactly("BROKER_DOWN", "BROKER_UP");
		assertThat(RelayedTest.receipts(peer)).containsExactly("1");
	}

	@Test
	void whoSubscribesAndLeavesWhileSubscriptionsAreMadeAgainHasWhatIsAskedForLast() {
		InProcess.Peer peer = client();
		BlockingQueue<Runnable> receipts = new LinkedBlockingQueue<>();
		holdReceipts(receipts::add);
		this.broker.reset();
		await().until(() -> receipts.size() == 3);

		RelayedTest.frame(this.server, peer, "UNSUBSCRIBE\nid:a\nreceipt:ended", "");
		RelayedTest.frame(this.server, peer, "SUBSCRIBE\nid:a\ndestination:/topic/b\nreceipt:begun", "");
		await().until(() -> receipts.size() == 5);
		this.broker.say("SUBSCRIBE\nid:a", "MESSAGE\nsubscription:a\ndestination:/topic/a\nmessage-id:1\n\nlate\0");
		assertThat(RelayedTest.receipts(peer)).isEmpty();
		receipts.forEach(Runnable::run);
		await().until(() -> RelayedTest.receipts(peer).size() == 2);
		this.broker.say("SUBSCRIBE\nid:a", "MESSAGE\nsubscription:a\ndestination:/topic/b\nmessage-id:2\n\nnew\0");

		await().until(() -> peer.bodies().contains("new"));
		assertThat(peer.bodies()).doesNotContain("late");
		assertThat(RelayedTest.events(peer)).containsExactly("BROKER_DOWN", "BROKER_UP");
	}

	@Test
	void twoClientsWhoseConnectionsBreakInTheMomentOfTheServersOwnAreBothBackWithAllThatTheyHad() {
		InProcess.Peer one = client();
		InProcess.Peer other = client();

		for (int times = 1; times <= 5; times++) {
			int told = times;
			this.broker.reset();
			await().until(() -> List.of(one, other).stream().allMatch((peer) -> isBack(peer, told)));
			await().until(() -> this.broker.frames("SUBSCRIBE\nid:a").size() == 2);
			RelayedTest.awaitBroker(this.server);
		}

		for (InProcess.Peer peer : List.of(one, other)) {
			RelayedTest.frame(this.server, peer, "SEND\ndestination:/topic/a\nreceipt:last", "x");
			await().until(() -> RelayedTest.receipts(peer).contains("last"));
			List<String> events = RelayedTest.events(peer);
			for (int i = 0; i < events.size(); i++) {
				assertThat(events.get(i)).isEqualTo((i % 2 == 0) ? "BROKER_DOWN" : "BROKER_UP");
			}
			assertThat(peer.isOpen()).isTrue();
		}
		assertThat(this.broker.open()).hasSize(3);
	}

	private static boolean isBack(InProcess.Peer peer, int times) {
		List<String> events = RelayedTest.events(peer);
		return events.size() >= 2 * times && events.size() % 2 == 0;
	}

	// Receipts of clients are given once they are run.
	private void holdReceipts(Consumer<Runnable> held) {
		this.broker.answers((connection, frame) -> {
			if (connection.isOfClient() && frame.contains("SUBSCRIBE\n")) {
				held.accept(() -> FakeBroker.WELL.accept(connection, frame));
			}
			else {
				FakeBroker.WELL.accept(connection, frame);
			}
		});
	}

}
