package org.sessionlink;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.broker.RelayHealth;

import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.MessageDeliveryException;
import org.springframework.messaging.simp.broker.BrokerAvailabilityEvent;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** What a broker elsewhere can do to its servers, and what they make of it. */
class BrokerGoneTest {

	private FakeBroker broker;

	private InProcess server;

	@BeforeEach
	void start() throws IOException {
		this.broker = new FakeBroker();
		Listening.heard.clear();
	}

	@AfterEach
	void stop() throws IOException {
		if (this.server != null) {
			this.server.close();
		}
		this.broker.close();
	}

	private void serve(Map<String, String> settings) {
		Map<String, String> all = new HashMap<>(settings);
		all.putIfAbsent("sessionlink.relay.hosts", this.broker.host());
		this.server = InProcess.onSessionLink(Listening.class, all);
	}

	private void serveConnected() {
		serve(Map.of());
		RelayedTest.awaitBroker(this.server);
	}

	private InProcess.Peer client() {
		return RelayedTest.client(this.server);
	}

	@Test
	@OnPurpose("a client's socket ends with its connection to a broker elsewhere, and CONNECTED comes from there")
	void aConnectionThatIsResetIsMadeAgainAndClientsStayAndAreTold() {
		serveConnected();
		InProcess.Peer peer = RelayedTest.clientAt(this.broker, this.server);

		this.broker.reset();

		await().until(() -> RelayedTest.events(peer).contains("BROKER_UP"));
		await().until(() -> this.broker.frames("SUBSCRIBE\nid:a").size() == 1);
		assertThat(RelayedTest.events(peer)).containsSubsequence("BROKER_DOWN", "BROKER_UP");
		assertThat(peer.isOpen()).isTrue();
		RelayedTest.awaitBroker(this.server);
	}

	@Test
	void aClientHearsEachTimeThatTheBrokerGoesAndIsBack() {
		serveConnected();
		InProcess.Peer peer = client();

		for (int times = 1; times <= 3; times++) {
			int told = 2 * times;
			await().until(() -> this.broker.frames("SUBSCRIBE\nid:a").size() == 1);
			this.broker.reset();
			await().until(() -> RelayedTest.events(peer).size() >= told);
		}

		assertThat(RelayedTest.events(peer)).containsExactly("BROKER_DOWN", "BROKER_UP", "BROKER_DOWN", "BROKER_UP",
				"BROKER_DOWN", "BROKER_UP");
	}

	@Test
	void aClientHearsThatTheBrokerIsBackOnceItsSubscriptionsAreInForceAgain() {
		serveConnected();
		InProcess.Peer peer = RelayedTest.clientAt(this.broker, this.server);
		BlockingQueue<Runnable> receipts = new LinkedBlockingQueue<>();
		this.broker.answers((connection, frame) -> {
			if (frame.startsWith("SUBSCRIBE") && connection.isOfClient()) {
				receipts.add(() -> FakeBroker.WELL.accept(connection, frame));
			}
			else {
				FakeBroker.WELL.accept(connection, frame);
			}
		});

		this.broker.reset();
		await().until(() -> this.broker.frames("SUBSCRIBE\nid:a").size() == 1);
		this.broker.say("SUBSCRIBE\nid:a", "MESSAGE\nsubscription:a\ndestination:/topic/a\nmessage-id:1\n\nfirst\0");
		await().until(() -> peer.bodies().contains("first"));

		assertThat(RelayedTest.events(peer)).containsExactly("BROKER_DOWN");
		await().until(() -> receipts.size() == 3);
		receipts.forEach(Runnable::run);
		await().until(() -> RelayedTest.events(peer).contains("BROKER_UP"));
		assertThat(RelayedTest.receipts(peer)).isEmpty();
	}

	@Test
	void theConnectionOfOneClientThatIsResetIsMadeAgainWithItsSubscriptions() {
		serveConnected();
		InProcess.Peer peer = RelayedTest.clientAt(this.broker, this.server);

		this.broker.open().stream().filter(FakeBroker.Connection::isOfClient).forEach(FakeBroker.Connection::reset);

		await().until(() -> this.broker.frames("SUBSCRIBE\nid:a").size() == 1);
		this.broker.say("SUBSCRIBE\nid:a", "MESSAGE\nsubscription:a\ndestination:/topic/a\nmessage-id:1\n\nagain\0");
		await().until(() -> peer.bodies().contains("again"));
		assertThat(peer.isOpen()).isTrue();
	}

	@Test
	void aLineWhoseConnectionIsNotAnsweredIsMadeAgainWhenTheBrokerIsBack() {
		this.broker.answers((connection, frame) -> {
			if (!connection.isOfClient()) {
				FakeBroker.WELL.accept(connection, frame);
			}
		});
		serveConnected();
		client();
		await().until(() -> this.broker.open().stream().anyMatch(FakeBroker.Connection::isOfClient));

		this.broker.answers(FakeBroker.WELL);
		this.broker.reset();

		await().atMost(8, TimeUnit.SECONDS).until(() -> this.broker.frames("SUBSCRIBE\nid:a").size() == 1);
	}

	@Test
	void aListenerThatFailsEndsNothing() {
		serveConnected();
		await().until(() -> Listening.heard.contains(true));

		this.broker.reset();
		await().until(() -> Listening.heard.size() >= 3);

		await().until(() -> this.broker.frames("SUBSCRIBE\nid:0").size() == 1);
		RelayedTest.awaitBroker(this.server);
	}

	@Test
	void aSendWhileTheBrokerIsAwayIsRefusedAndTheSocketStays() throws IOException {
		serveConnected();
		InProcess.Peer peer = RelayedTest.clientAt(this.broker, this.server);
		this.broker.close();
		await().until(() -> RelayedTest.events(peer).contains("BROKER_DOWN"));

		RelayedTest.frame(this.server, peer, "SEND\ndestination:/topic/a\nreceipt:1", "x");

		await().until(() -> peer.bodies().stream().anyMatch((body) -> body.contains("broker-away")));
		assertThat(RelayedTest.receipts(peer)).isEmpty();
		assertThat(peer.isOpen()).isTrue();
		assertThatExceptionOfType(MessageDeliveryException.class)
			.isThrownBy(() -> this.server.template().convertAndSend("/topic/a", "x"));
	}

	@Test
	void aClientThatComesWhileTheBrokerIsAwayIsConnectedAndToldSo() throws IOException {
		this.broker.close();
		serve(Map.of());

		InProcess.Peer peer = client();

		await().until(() -> RelayedTest.events(peer).contains("BROKER_DOWN"));
		assertThat(peer.received().get(0).command()).hasToString("CONNECTED");
		assertThat(this.server.bean(RelayHealth.class).concern()).isEqualTo("broker");
		assertThat(this.server.bean(RelayHealth.class).ready()).isTrue();
	}

	@Test
	void aServerIsNotReadyWhereTheBrokerIsAwayForLong() throws IOException {
		this.broker.close();
		serve(Map.of("sessionlink.relay.grace", "1s"));

		await().until(() -> !this.server.bean(RelayHealth.class).ready());
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 400 Bad Request\r\n\r\n\0", "\0", "ERROR\nmessage:no\n\n\0" })
	void aBrokerThatMakesNoSenseIsConnectedToAgainAfterPausesThatGrow(String nonsense) {
		this.broker.answers((connection, frame) -> {
			connection.say(nonsense);
			connection.reset();
		});
		serve(Map.of());

		await().until(() -> this.broker.connections().size() >= 3);
		List<FakeBroker.Connection> tries = this.broker.connections();
		this.broker.answers(FakeBroker.WELL);

		assertThat(tries.get(2).since() - tries.get(0).since()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(550));
		RelayedTest.awaitBroker(this.server);
	}

	@Test
	void aFrameWithoutEndEndsItsConnection() {
		this.broker.answers((connection, frame) -> {
			FakeBroker.WELL.accept(connection, frame);
			if (connection.isOfClient() && frame.startsWith("SUBSCRIBE\nid:a")) {
				this.broker.answers(FakeBroker.WELL);
				connection.sayForEver("MESSAGE\nsubscription:a\n");
			}
		});
		serve(Map.of("sessionlink.relay.frame-size", "64KB"));
		RelayedTest.awaitBroker(this.server);

		InProcess.Peer peer = client();

		await().until(() -> this.broker.connections()
			.stream()
			.anyMatch((connection) -> connection.isOfClient() && connection.hasEnded()));
		await().until(() -> this.broker.frames("SUBSCRIBE\nid:a").size() == 1);
		assertThat(peer.isOpen()).isTrue();
	}

	@Test
	void aWrongPasswordIsToldInOneLineWithWhatToDo() {
		this.broker.answers((connection, frame) -> connection.say("ERROR\nmessage:Access refused\n\nfor guest\0"));
		try (RecordedLog log = RecordedLog.of("org.sessionlink.broker")) {
			serve(Map.of("sessionlink.relay.login", "me", "sessionlink.relay.passcode", "secret"));

			await().until(() -> this.broker.connections().size() >= 3);

			assertThat(log.lines()).filteredOn((line) -> line.contains("Access refused"))
				.singleElement()
				.asString()
				.contains("sessionlink.relay.login", ".passcode")
				.doesNotContain("secret");
		}
	}

	@Test
	void theNextHostIsTriedWhereOneIsAway() throws IOException {
		FakeBroker dead = new FakeBroker();
		dead.close();

		serve(Map.of("sessionlink.relay.hosts", dead.host() + ", " + this.broker.host()));

		RelayedTest.awaitBroker(this.server);
		RelayedTest.clientAt(this.broker, this.server);
	}

	@Test
	@OnPurpose("an ERROR frame of a broker elsewhere goes to the client")
	void whatABrokerRefusesEndsTheSocketOfWhoHasSentIt() {
		serveConnected();
		InProcess.Peer peer = RelayedTest.clientAt(this.broker, this.server);
		this.broker.answers((connection, frame) -> connection
			.say("ERROR\nmessage:java.lang.IllegalStateException: secret of the broker\nreceipt-id:1\n\nat x\0"));

		RelayedTest.frame(this.server, peer, "SEND\ndestination:/topic/a\nreceipt:1", "x");

		await().until(() -> peer.received().stream().anyMatch((frame) -> "ERROR".equals(frame.command().toString())));
		InProcess.Received error = peer.received().get(peer.received().size() - 1);
		assertThat(error.headers().get("message")).containsExactly("refused-by-broker");
		assertThat(error.toString()).doesNotContain("secret", "java");
		await().until(() -> !peer.isOpen());
	}

	@Test
	void aMessageOfASubscriptionThatHasEndedDoesNotComeUnderTheNextWithItsId() {
		serveConnected();
		InProcess.Peer peer = RelayedTest.clientAt(this.broker, this.server);
		this.broker.answers((connection, frame) -> {
			if (frame.startsWith("UNSUBSCRIBE")) {
				connection.say("MESSAGE\nsubscription:a\ndestination:/topic/a\nmessage-id:1\n\nlate\0");
			}
			FakeBroker.WELL.accept(connection, frame);
			if (frame.startsWith("SUBSCRIBE\nid:a")) {
				connection.say("MESSAGE\nsubscription:a\ndestination:/topic/b\nmessage-id:2\n\nnew\0");
			}
		});

		RelayedTest.frame(this.server, peer, "UNSUBSCRIBE\nid:a", "");
		RelayedTest.frame(this.server, peer, "SUBSCRIBE\nid:a\ndestination:/topic/b", "");

		await().until(() -> peer.bodies().contains("new"));
		assertThat(peer.bodies()).doesNotContain("late");
	}

	@Test
	void anEndOfNothingChangesNothingForASubscriptionThatIsEnding() {
		serveConnected();
		InProcess.Peer peer = RelayedTest.clientAt(this.broker, this.server);
		this.broker.answers((connection, frame) -> {
			if (frame.startsWith("UNSUBSCRIBE")) {
				return;
			}
			connection.say("MESSAGE\nsubscription:a\ndestination:/topic/a\nmessage-id:1\n\nlate\0");
			connection.frames()
				.stream()
				.filter((each) -> each.startsWith("UNSUBSCRIBE"))
				.forEach((each) -> FakeBroker.WELL.accept(connection, each));
			connection.say("MESSAGE\nsubscription:a\ndestination:/topic/b\nmessage-id:2\n\nnew\0");
		});

		RelayedTest.frame(this.server, peer, "UNSUBSCRIBE\nid:a", "");
		RelayedTest.frame(this.server, peer, "UNSUBSCRIBE\nid:none", "");
		RelayedTest.frame(this.server, peer, "SUBSCRIBE\nid:a\ndestination:/topic/b", "");

		await().until(() -> peer.bodies().contains("new"));
		assertThat(peer.bodies()).doesNotContain("late");
	}

	@Test
	void whatCameOverAnEarlierConnectionIsAcknowledgedOverNoOther() {
		serveConnected();
		InProcess.Peer peer = this.server.connect("1.2");
		RelayedTest.frame(this.server, peer, "SUBSCRIBE\nid:w\ndestination:/queue/w\nack:client-individual", "");
		await().until(() -> this.broker.frames("SUBSCRIBE\nid:w").size() == 1);
		this.broker.open().stream().filter(FakeBroker.Connection::isOfClient).forEach(FakeBroker.Connection::reset);
		await().until(() -> this.broker.frames("SUBSCRIBE\nid:w").size() == 1);
		this.broker.say("SUBSCRIBE\nid:w", "MESSAGE\nsubscription:w\ndestination:/queue/w\nmessage-id:1\nack:7\n\nx\0");
		await().until(() -> peer.bodies().contains("x"));

		RelayedTest.frame(this.server, peer, "ACK\nid:6", "");
		RelayedTest.frame(this.server, peer, "ACK\nid:2@7", "");

		await().until(() -> this.broker.frames("ACK").size() == 1);
		assertThat(this.broker.frames("ACK").get(0)).contains("id:7");
	}

	@Test
	void clientsHaveHeartbeatsOfTheServerWhateverTheBrokerHas() throws IOException {
		this.broker.close();
		serve(Map.of("sessionlink.heartbeat", "1s"));

		InProcess.Peer peer = this.server.connect("1.2", this.server.link(), "heart-beat:0,1000\n");

		await().until(() -> peer.received().stream().filter((frame) -> frame.command() == null).count() >= 1);
	}

	@Test
	void aClientWhoseHeartbeatsDoNotComeIsClosed() {
		serve(Map.of("sessionlink.heartbeat", "1s"));
		RelayedTest.awaitBroker(this.server);

		InProcess.Peer peer = this.server.connect("1.2", this.server.link(), "heart-beat:1000,0\n");

		await().until(() -> !peer.isOpen());
	}

	@Test
	void aClientThatLeavesLeavesNoConnectionBehind() {
		serveConnected();
		InProcess.Peer peer = client();
		await().until(() -> this.broker.open().size() == 2);

		this.server.leave(peer);

		await().until(() -> this.broker.open().size() == 1);
	}

	@Test
	void aStopLeavesNeitherConnectionsNorThreadsBehind() {
		serveConnected();
		client();
		await().until(() -> this.broker.open().size() == 2);

		this.server.close();
		this.server = null;

		await().until(() -> this.broker.open().isEmpty());
		await().until(() -> Thread.getAllStackTraces()
			.keySet()
			.stream()
			.noneMatch((thread) -> thread.getName().startsWith("sessionlink-relay-")));
	}

	@Configuration
	@EnableSessionLink
	static class Listening extends OneEndpoint {

		private static final List<Boolean> heard = new CopyOnWriteArrayList<>();

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic/", "/queue/");
			registry.setApplicationDestinationPrefixes("/app");
		}

		@Bean
		ApplicationListener<BrokerAvailabilityEvent> listener() {
			return new Failing();
		}

	}

	static class Failing implements ApplicationListener<BrokerAvailabilityEvent> {

		@Override
		public void onApplicationEvent(BrokerAvailabilityEvent event) {
			Listening.heard.add(event.isBrokerAvailable());
			throw new IllegalStateException("It fails on purpose");
		}

	}

}
