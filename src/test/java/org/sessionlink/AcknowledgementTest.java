package org.sessionlink;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.InProcess.Peer;
import org.sessionlink.InProcess.Received;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;

import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** B35: what clients acknowledge, what they do not, and what they share. */
class AcknowledgementTest {

	private InProcess server;

	@AfterEach
	void stop() {
		this.server.close();
	}

	private void start(String... settings) {
		start(Queues.class, settings);
	}

	private void start(Class<?> application, String... settings) {
		this.server = InProcess.onSessionLink(application,
				(settings.length > 0) ? Map.of(settings[0], settings[1]) : Map.of());
	}

	@Test
	@OnPurpose("the simple broker takes no notice of ACK, NACK and transactions")
	void springTakesNoNoticeOfIt() {
		this.server = InProcess.onSpring(OnSpring.class);
		List<Received> onSpring = refuseAndAbort();
		stop();
		start();
		List<Received> onSessionLink = refuseAndAbort();

		assertThat(onSpring).extracting(Received::text).containsExactlyInAnyOrder("one", "aborted", "last");
		assertThat(onSessionLink).extracting(Received::text).containsExactly("one", "one", "last");
	}

	private List<Received> refuseAndAbort() {
		Peer peer = subscriber("/queue/a", "client");
		send(peer, "/queue/a", "one");
		String id = messages(peer, 1).get(0).headers().getOrDefault("ack", peer.messageIds()).get(0);
		frame(peer, "NACK\nid:" + id);
		frame(peer, "BEGIN\ntransaction:t");
		this.server.handle(peer, new TextMessage("SEND\ndestination:/queue/a\ntransaction:t\n\naborted\0"));
		frame(peer, "ABORT\ntransaction:t");
		send(peer, "/queue/a", "last");
		return messages(peer, 3);
	}

	@ParameterizedTest
	@ValueSource(classes = { Queues.class, Watched.class })
	void whoNeedNotAcknowledgeGetsWhatTheyEverGot(Class<?> application) {
		start(application);
		Peer plain = subscriber("/queue/a", "auto");
		subscriber("/queue/a", "client");

		send(plain, "/queue/a", "one");

		assertThat(messages(plain, 1)).singleElement()
			.satisfies((message) -> assertThat(message.headers()).doesNotContainKeys("ack", "redelivered"));
	}

	@ParameterizedTest
	@ValueSource(classes = { Queues.class, Watched.class })
	void whatIsRefusedComesBackWithACountUntilItIsDropped(Class<?> application) {
		start(application, "sessionlink.redelivery", "2");
		Peer peer = subscriber("/topic/a", "client-individual");
		send(peer, "/topic/a", "one");

		IntStream.of(1, 2, 3).forEach((i) -> answer("NACK", peer, messages(peer, i).get(i - 1)));
		send(peer, "/topic/a", "two");

		assertThat(messages(peer, 4)).extracting((message) -> message.headers().get("redelivered"))
			.containsExactly(null, List.of("1"), List.of("2"), null);
		assertThat(peer.bodies()).containsExactly("one", "one", "one", "two");
		assertThat(refusals(Refused.NOT_ACKNOWLEDGED)).isEqualTo(1);
	}

	@Test
	void nothingComesBackWhereTheSettingSaysSo() {
		start("sessionlink.redelivery", "0");
		Peer peer = subscriber("/queue/a", "client");
		send(peer, "/queue/a", "one");

		answer("NACK", peer, messages(peer, 1).get(0));
		send(peer, "/queue/a", "two");

		assertThat(messages(peer, 2)).extracting(Received::text).containsExactly("one", "two");
		assertThat(refusals(Refused.NOT_ACKNOWLEDGED)).isEqualTo(1);
	}

	@ParameterizedTest
	@CsvSource({ "client, 4", "client-individual, 1 2 4" })
	void anAckStandsForAllBeforeItOrForOneMessage(String mode, String comeBack) {
		start();
		Peer peer = subscriber("/queue/a", mode);
		Peer other = this.server.connect("1.2");
		List.of("1", "2", "3", "4").forEach((body) -> send(other, "/queue/a", body));

		answer("ACK", peer, messages(peer, 4).get(2));
		this.server.leave(peer);
		Peer next = subscriber("/queue/a", mode);

		List<String> expected = List.of(comeBack.split(" "));
		assertThat(messages(next, expected.size())).extracting(Received::text).isEqualTo(expected);
		assertThat(messages(next, 1))
			.allSatisfy((message) -> assertThat(message.headers()).containsEntry("redelivered", List.of("1")));
	}

	@ParameterizedTest
	@CsvSource({ "1.0, message-id", "1.1, message-id", "1.2, id" })
	void everyVersionAcknowledgesByItsOwnHeader(String version, String header) {
		start();
		Peer peer = this.server.connect(version);
		subscribe(peer, "1", "/queue/a", "client");
		send(peer, "/queue/a", "one");
		Received message = messages(peer, 1).get(0);
		String id = "1.2".equals(version) ? message.headers().get("ack").get(0) : peer.messageIds().get(0);

		frame(peer, "ACK\nsubscription:1\n" + header + ":" + id + "\nreceipt:r");
		await().until(() -> commands(peer).contains("RECEIPT"));
		this.server.leave(peer);
		Peer next = subscriber("/queue/a", "client");
		send(next, "/queue/a", "two");

		assertThat(messages(next, 1)).extracting(Received::text).containsExactly("two");
	}

	@ParameterizedTest
	@ValueSource(strings = { "NACK", "UNSUBSCRIBE", "cut" })
	void whatOneSubscriberOfAQueueDoesNotTakeAnotherGets(String how) {
		start("sessionlink.destinations.work", "/queue/work/**");
		Peer first = subscriber("/queue/work/a", "client");
		send(first, "/queue/work/a", "one");
		messages(first, 1);
		Peer second = subscriber("/queue/work/a", "client");

		switch (how) {
			case "NACK" -> answer("NACK", first, messages(first, 1).get(0));
			case "UNSUBSCRIBE" -> frame(first, "UNSUBSCRIBE\nid:1");
			default -> this.server.leave(first);
		}

		assertThat(messages(second, 1)).extracting(Received::text).containsExactly("one");
		assertThat(first.bodies()).containsExactly("one");
	}

	@Test
	void whoComesBackUnderTheSameSessionGetsWhatWasTheirs() {
		start();
		Link link = this.server.link();
		Peer first = this.server.connect("1.2", link);
		subscribe(first, "1", "/user/queue/a", "client");
		sendToSocket(first, "mine");
		messages(first, 1);

		cut(first);
		Peer stranger = subscriber("/user/queue/a", "client");
		Peer back = this.server.connect("1.2", link);
		subscribe(back, "1", "/user/queue/a", "client");

		assertThat(messages(back, 1).get(0).text()).isEqualTo("mine");
		assertThat(messages(back, 1).get(0).headers()).containsEntry("redelivered", List.of("1"))
			.containsEntry("destination", List.of("/user/queue/a"));
		assertThat(stranger.bodies()).isEmpty();
	}

	@Test
	void whatWentToSomebodyElseOnTheSameSocketIsNotTheirs() {
		start();
		Link link = this.server.link();
		link.identify(new Identity(() -> "ada", Set.of()));
		Peer shared = this.server.connect("1.2", link);
		subscribe(shared, "1", "/user/queue/a", "client");
		sendToSocket(shared, "for ada");
		messages(shared, 1);
		link.identify(Identity.ANONYMOUS);
		sendToSocket(shared, "for nobody");
		messages(shared, 2);

		cut(shared);
		Link other = this.server.link();
		other.identify(new Identity(() -> "ada", Set.of()));
		Peer ada = this.server.connect("1.2", other);
		subscribe(ada, "1", "/user/queue/a", "client");
		sendToSocket(ada, "last");

		assertThat(messages(ada, 2)).extracting(Received::text).containsExactly("for ada", "last");
		assertThat(refusals(Refused.NOT_ACKNOWLEDGED)).isEqualTo(1);
	}

	private void sendToSocket(Peer peer, String body) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(SimpMessageType.MESSAGE);
		headers.setSessionId(peer.getId());
		headers.setLeaveMutable(true);
		this.server.template().convertAndSendToUser(peer.getId(), "/queue/a", body, headers.getMessageHeaders());
	}

	@Test
	void whoMissesATopicGetsNothingOfItLater() {
		start();
		Link link = this.server.link();
		Peer first = this.server.connect("1.2", link);
		subscribe(first, "1", "/topic/a", "client");
		send(first, "/topic/a", "one");

		messages(first, 1);
		cut(first);
		Peer back = this.server.connect("1.2", link);
		subscribe(back, "1", "/topic/a", "client");
		send(back, "/topic/a", "two");

		assertThat(messages(back, 1)).extracting(Received::text).containsExactly("two");
	}

	@Test
	void anAckOfWhatIsNotOpenIsAnsweredAndHasNoReceipt() {
		start();
		Peer peer = subscriber("/queue/a", "client");
		frame(peer, "SUBSCRIBE\nid:errors\ndestination:/user/queue/errors");
		send(peer, "/queue/a", "one");
		Peer thief = this.server.connect("1.2");

		frame(thief, "ACK\nid:" + messages(peer, 1).get(0).headers().get("ack").get(0));
		Stream.of("ACK\nid:1-99", "NACK\nid:nonsense", "ACK").forEach((head) -> frame(peer, head + "\nreceipt:r"));

		assertThat(messages(peer, 4)).filteredOn((message) -> message.text().contains("ack-unknown")).hasSize(3);
		assertThat(refusals(Refused.UNKNOWN_ACK)).isEqualTo(4);
		this.server.leave(peer);
		assertThat(commands(peer)).doesNotContain("RECEIPT");
		assertThat(messages(subscriber("/queue/a", "client"), 1).get(0).text()).isEqualTo("one");
	}

	@Test
	void aSubscriptionHasOneOfThreeModes() {
		start();
		Peer peer = this.server.connect("1.2");
		frame(peer, "SUBSCRIBE\nid:errors\ndestination:/user/queue/errors");

		subscribe(peer, "1", "/queue/a", "later");
		send(peer, "/queue/a", "one");

		assertThat(messages(peer, 1)).singleElement()
			.satisfies((notice) -> assertThat(notice.text()).contains("header-not-allowed"));
	}

	@ParameterizedTest
	@ValueSource(classes = { Queues.class, Watched.class })
	void eachMessageOfAWorkQueueGoesToOneWhoHasTheFewest(Class<?> application) {
		start(application, "sessionlink.destinations.work", "/queue/work/**");
		List<Peer> peers = IntStream.range(0, 3).mapToObj((i) -> subscriber("/queue/work/a", "client")).toList();
		IntStream.range(0, 6).forEach((i) -> send(peers.get(0), "/queue/work/a", "m" + i));
		answer("ACK", peers.get(1), messages(peers.get(1), 2).get(1));

		send(peers.get(0), "/queue/work/a", "next");

		messages(peers.get(1), 3);
		messages(peers.get(2), 2);
		assertThat(peers.get(0).bodies()).containsExactly("m0", "m3");
		assertThat(peers.get(1).bodies()).containsExactly("m1", "m4", "next");
		assertThat(peers.get(2).bodies()).containsExactly("m2", "m5");
	}

	@Test
	void aWorkQueueIsSharedByThoseWhoNeedNotAcknowledgeToo() {
		start("sessionlink.destinations.work", "/queue/work/**");
		Peer first = subscriber("/queue/work/a", "auto");
		Peer second = subscriber("/queue/work/a", "auto");

		IntStream.range(0, 4).forEach((i) -> send(first, "/queue/work/a", "m" + i));

		messages(first, 2);
		messages(second, 2);
		assertThat(first.bodies()).containsExactly("m0", "m2");
		assertThat(second.bodies()).containsExactly("m1", "m3");
		assertThat(messages(first)).allSatisfy((message) -> assertThat(message.headers()).doesNotContainKey("ack"));
	}

	@Test
	void aWorkQueueKeepsWhatNobodyTakesUntilItIsFull() {
		start("sessionlink.destinations.work", "/queue/work/**");
		Peer sender = this.server.connect("1.2");
		frame(sender, "SUBSCRIBE\nid:errors\ndestination:/user/queue/errors");
		IntStream.range(0, 1000).forEach((i) -> send(sender, "/queue/work/a", "m" + i));
		assertThat(sender.bodies()).isEmpty();

		this.server.handle(sender, new TextMessage("SEND\ndestination:/queue/work/a\nreceipt:r\n\ntoo much\0"));

		assertThat(messages(sender, 1).get(0).text()).contains("work-queue-full");
		assertThat(sender.bodies()).hasSize(1);
		assertThat(commands(sender)).doesNotContain("RECEIPT");
		assertThatThrownBy(() -> this.server.template().convertAndSend("/queue/work/a", "of the server"))
			.hasRootCauseMessage("As much as may waits in the work queue /queue/work/a");
		assertThat(messages(subscriber("/queue/work/a", "auto"), 1000)).extracting(Received::text)
			.hasSize(1000)
			.startsWith("m0", "m1")
			.endsWith("m999");
	}

	@Test
	void whoAcknowledgesTooLittleIsToldAndMissesWhatIsBeyond() {
		start("sessionlink.limits.unacknowledged", "2");
		Peer slow = subscriber("/topic/a", "client");
		frame(slow, "SUBSCRIBE\nid:errors\ndestination:/user/queue/errors");
		Peer other = subscriber("/topic/a", "auto");
		List.of("1", "2", "3", "4").forEach((body) -> send(other, "/topic/a", body));
		List<Received> before = messages(slow, 3);

		answer("ACK", slow, before.get(1));
		send(other, "/topic/a", "5");

		assertThat(before).hasSize(3);
		assertThat(before.get(2).text()).contains("too-many-unacknowledged");
		assertThat(refusals(Refused.UNACKNOWLEDGED)).isEqualTo(2);
		assertThat(messages(slow, 4).get(3).text()).isEqualTo("5");
		assertThat(messages(other, 5)).hasSize(5);
	}

	@Test
	void whatIsBeyondWaitsInAWorkQueueUntilThereIsRoom() {
		start(Queues.class, "sessionlink.destinations.work", "/queue/**");
		Peer slow = subscriber("/queue/a", "client");
		Peer other = this.server.connect("1.2");
		IntStream.range(0, 1001).forEach((i) -> send(other, "/queue/a", "m" + i));
		List<Received> most = messages(slow, 1000);

		answer("ACK", slow, most.get(0));

		assertThat(most).hasSize(1000);
		assertThat(messages(slow, 1001)).extracting(Received::text).hasSize(1001).endsWith("m1000");
	}

	private int refusals(Refused reason) {
		return Math.toIntExact(this.server.bean(Links.class).refusals().getOrDefault(reason, 0L));
	}

	private Peer subscriber(String destination, String mode) {
		Peer peer = this.server.connect("1.2");
		subscribe(peer, "1", destination, mode);
		return peer;
	}

	private void subscribe(Peer peer, String id, String destination, String mode) {
		frame(peer, "SUBSCRIBE\nid:" + id + "\nack:" + mode + "\ndestination:" + destination);
	}

	private void send(Peer peer, String destination, String body) {
		this.server.handle(peer, new TextMessage("SEND\ndestination:" + destination + "\n\n" + body + "\0"));
	}

	private void answer(String command, Peer peer, Received message) {
		frame(peer, command + "\nid:" + message.headers().get("ack").get(0));
	}

	private void frame(Peer peer, String head) {
		this.server.handle(peer, new TextMessage(head + "\n\n\0"));
	}

	private void cut(Peer peer) {
		this.server.cut(peer);
	}

	/** Returns the messages of a client once there are so many. */
	private static List<Received> messages(Peer peer, int atLeast) {
		return await().atMost(Deadlines.ANY).until(() -> messages(peer), (all) -> all.size() >= atLeast);
	}

	private static List<Received> messages(Peer peer) {
		return peer.received().stream().filter((frame) -> frame.headers().containsKey("subscription")).toList();
	}

	private static List<String> commands(Peer peer) {
		return peer.received().stream().map((frame) -> frame.command().toString()).toList();
	}

	@Configuration
	@EnableSessionLink
	static class Queues extends OneEndpoint {

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic/", "/queue/");
			registry.setApplicationDestinationPrefixes("/app");
		}

	}

	@Configuration
	@EnableWebSocketMessageBroker
	static class OnSpring extends OneEndpoint {

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic/", "/queue/");
		}

		// Else its SEND may overtake the SUBSCRIBE before it.
		@Override
		public void configureClientInboundChannel(ChannelRegistration registration) {
			registration.taskExecutor().corePoolSize(1);
		}

	}

	/** Sees what goes out. */
	@Configuration
	@EnableSessionLink
	static class Watched extends Queues {

		@Override
		public void configureClientOutboundChannel(ChannelRegistration registration) {
			registration.interceptors(new ChannelInterceptor() {
			});
		}

	}

}
