package org.sessionlink.inbound;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.RecordedLog;
import org.sessionlink.link.DestinationPolicy;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.FakeSocket;
import org.sessionlink.link.Home;
import org.sessionlink.link.Identity;
import org.sessionlink.link.LinkLimits;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.Notices;
import org.sessionlink.link.OpenSockets;
import org.sessionlink.link.LoginTries;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ExecutorSubscribableChannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class FirewallTest {

	private static final DestinationPrefixes PREFIXES = new DestinationPrefixes(List.of("/app"),
			List.of("/topic/", "/queue/"), "/user/", List.of());

	private final Links links = new Links(new FakeClock(),
			new LinkPolicy(null, LinkPolicy.DEFAULT.expiryWarning(), new LinkLimits(0, 0, 1, 20)));

	private final SocketLink socket = new SocketLink(this.links.open("key", "id", Home.GONE));

	private final Map<String, Object> attributes = new ConcurrentHashMap<>();

	private final List<String> told = new ArrayList<>();

	private final OpenSockets sockets = (id) -> id.equals("b2c1") ? new FakeSocket() : null;

	private final Firewall firewall = firewall(Frames.settings());

	FirewallTest() {
		this.socket.putInto(this.attributes);
	}

	@ParameterizedTest
	@ValueSource(strings = { "CONNECT\naccept-version:1.2\n\n\0", "STOMP\naccept-version:1.1\n\n\0",
			"SEND\ndestination:/app/message\n\n{}\0", "SUBSCRIBE\nid:1\ndestination:/topic/reply\n\n\0",
			"SUBSCRIBE\nid:1\ndestination:/user/queue/errors\n\n\0", "UNSUBSCRIBE\nid:1\n\n\0", "ACK\nid:1\n\n\0",
			"BEGIN\ntransaction:1\n\n\0", "\n", "DISCONNECT\nreceipt:1\n\n\0" })
	void whatAClientMaySendPassesAsItIs(String text) {
		Message<byte[]> frame = frame(text);

		assertThat(pass(frame)).isSameAs(frame);
		assertThat(refused()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/topic/reply", "/queue/a", "/user/bob/queue/a", "app/message", "/application",
			"/app/../topic/a", "/app/*", "/app/a?", "/app/{a}", "/app/a\\nb" })
	void aSendToAnywhereElseHasNoEffectAndIsAnswered(String destination) {
		assertThat(pass("SEND\ndestination:" + destination + "\n\n\0")).isNull();

		assertThat(refused()).containsExactly(Refused.DESTINATION);
		assertThat(answers()).containsExactly("the-socket queue/errors "
				+ "{error=destination-not-allowed, message=You may not send to this destination: the frame had no effect.}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/app/message", "/topic/*", "/topic/**", "/topic/?", "/topic/{a:.*}", "/topic/../queue/a",
			"/topic/a-userb2c1", "/topic/a-user-userb2c1", "/user/bob/queue/errors", "/topic/a\\rb",
			"/topic/staff/plans", "topic" })
	void aSubscriptionToAnywhereElseHasNoEffectAndIsAnswered(String destination) {
		assertThat(pass("SUBSCRIBE\nid:1\ndestination:" + destination + "\n\n\0")).isNull();

		assertThat(refused()).containsExactly(Refused.DESTINATION);
		assertThat(answers()).hasSize(1);
		assertThat(this.socket.subscriptions().all()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "SEND\ndestination:/app/add-user\n\n\0", "SEND\ndestination:/app/kick-userb2c1\n\n\0",
			"SUBSCRIBE\nid:1\ndestination:/topic/super-users\n\n\0", "SUBSCRIBE\nid:1\ndestination:/topic/a-user\n\n\0",
			"SUBSCRIBE\nid:1\ndestination:/topic/a-userb2c1/b\n\n\0" })
	void whatIsOfNoSingleSocketIsNoSecretWhateverItIsCalled(String text) {
		assertThat(pass(text)).isNotNull();
		assertThat(refused()).isEmpty();
	}

	@Test
	void nobodySendsToWhatIsOfASingleSocket() {
		Firewall open = firewall(new InboundSettings(Activity.MESSAGES, Frames.destinations("/**"), false, false, 0, 0,
				0, 0, 0, 0, ConnectLogin.IGNORED, PassedHeaders.NONE));

		assertThat(open.preSend(frame("SEND\ndestination:/queue/a-userb2c1\n\n\0"), new ExecutorSubscribableChannel()))
			.isNull();
		assertThat(refused()).containsExactly(Refused.DESTINATION);
	}

	@Test
	void aMissingDestinationIsNone() {
		assertThat(pass("SEND\n\n\0")).isNull();
		assertThat(pass("SUBSCRIBE\nid:1\n\n\0")).isNull();

		assertThat(refused()).containsExactly(Refused.DESTINATION, Refused.DESTINATION);
	}

	@Test
	void aSelectorIsRefusedWhateverItSays() {
		assertThat(pass("SUBSCRIBE\nid:1\ndestination:/topic/reply\nselector:true\n\n\0")).isNull();

		assertThat(refused()).containsExactly(Refused.HEADER);
		assertThat(this.socket.subscriptions().all()).isEmpty();
	}

	@Test
	void whoHasTheRoleMaySubscribe() {
		this.socket.loggedIn(new Identity(() -> "eve", Set.of("STAFF")));

		assertThat(pass("SUBSCRIBE\nid:1\ndestination:/topic/staff/plans\n\n\0")).isNotNull();
	}

	@Test
	void thePolicyIsAskedWhenTheSubscriptionIsKnownAlready() {
		List<Map<String, String>> seen = new ArrayList<>();
		Firewall asking = firewall(Frames.settings(), new DestinationPolicy() {

			@Override
			public boolean maySend(Identity identity, String destination) {
				return false;
			}

			@Override
			public boolean maySubscribe(Identity identity, String destination) {
				seen.add(FirewallTest.this.socket.subscriptions().all());
				return true;
			}

		});

		asking.preSend(frame("SUBSCRIBE\nid:1\ndestination:/topic/a\n\n\0"), new ExecutorSubscribableChannel());

		assertThat(seen).containsExactly(Map.of("1", "/topic/a"));
	}

	@Test
	void aSubscriptionThatIsRefusedLaterStaysKnownToWhoReviewsIt() {
		this.socket.loggedIn(new Identity(() -> "eve", Set.of("STAFF")));
		pass("SUBSCRIBE\nid:1\ndestination:/topic/staff/plans\n\n\0");
		this.socket.loggedIn(Identity.ANONYMOUS);

		assertThat(pass("SUBSCRIBE\nid:1\ndestination:/topic/staff/plans\n\n\0")).isNull();
		assertThat(this.socket.subscriptions().all()).containsOnlyKeys("1");
	}

	@Test
	void anIdIsForOneDestination() {
		pass("SUBSCRIBE\nid:1\ndestination:/topic/a\n\n\0");

		assertThat(pass("SUBSCRIBE\nid:1\ndestination:/topic/b\n\n\0")).isNull();
		assertThat(pass("SUBSCRIBE\nid:1\ndestination:/topic/a\n\n\0")).isNotNull();
		assertThat(this.socket.subscriptions().all()).containsExactly(Map.entry("1", "/topic/a"));
		assertThat(refused()).containsExactly(Refused.UNEXPECTED);
	}

	@Test
	void thereAreSoManySubscriptionsAndAnEndedOneMakesRoom() {
		for (int i = 1; i <= 3; i++) {
			assertThat(pass("SUBSCRIBE\nid:" + i + "\ndestination:/topic/a\n\n\0")).isNotNull();
		}

		assertThat(pass("SUBSCRIBE\nid:4\ndestination:/topic/a\n\n\0")).isNull();
		assertThat(refused()).containsExactly(Refused.TOO_MANY_SUBSCRIPTIONS);
		pass("UNSUBSCRIBE\nid:2\n\n\0");
		assertThat(pass("SUBSCRIBE\nid:4\ndestination:/topic/a\n\n\0")).isNotNull();
	}

	@Test
	void whatIsLetThroughAndNotSentHasNotBeen() {
		for (int i = 1; i <= 20; i++) {
			assertThat(pass(frame("SUBSCRIBE\nid:" + i + "\ndestination:/topic/a\n\n\0"), false)).isNotNull();
		}
		pass("SUBSCRIBE\nid:1\ndestination:/topic/a\n\n\0");
		pass(frame("SUBSCRIBE\nid:1\ndestination:/topic/a\n\n\0"), false);
		pass(frame("UNSUBSCRIBE\nid:1\n\n\0"), false);

		assertThat(this.socket.subscriptions().all()).containsExactly(Map.entry("1", "/topic/a"));
		assertThat(refused()).isEmpty();
	}

	@Test
	void whatIsKnownOfOneFrameIsNotTakenForTheNext() {
		pass(frame("SUBSCRIBE\nid:1\ndestination:/topic/a\n\n\0"), false);
		pass("SUBSCRIBE\nid:1\ndestination:/topic/a\n\n\0");
		pass(frame("CONNECT\naccept-version:1.2\n\n\0"), false);
		pass("SUBSCRIBE\nid:2\ndestination:/topic/a\n\n\0");

		assertThat(this.socket.subscriptions().all()).containsOnlyKeys("1", "2");
		assertThat(this.socket.isConnected()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "64, true", "65, false" })
	void anIdIsNoBurden(int length, boolean passes) {
		assertThat(pass("SUBSCRIBE\nid:" + "x".repeat(length) + "\ndestination:/topic/a\n\n\0") != null)
			.isEqualTo(passes);

		assertThat(this.socket.subscriptions().all()).hasSize(passes ? 1 : 0);
		assertThat(refused()).isEqualTo(passes ? List.of() : List.of(Refused.HEADER_TOO_LONG));
	}

	@ParameterizedTest
	@CsvSource({ "1024, true", "1025, false" })
	void aDestinationIsNoBurden(int length, boolean passes) {
		Firewall patient = firewall(new InboundSettings(Activity.MESSAGES, Frames.destinations("/app/**", "/topic/**"),
				false, false, 0, 0, 0, 0, 0, 0, ConnectLogin.IGNORED, PassedHeaders.NONE));

		Message<?> passed = patient.preSend(
				frame("SUBSCRIBE\nid:1\ndestination:/topic/" + "x".repeat(length - 7) + "\n\n\0"),
				new ExecutorSubscribableChannel());

		assertThat(passed != null).isEqualTo(passes);
		assertThat(refused()).isEqualTo(passes ? List.of() : List.of(Refused.DESTINATION));
	}

	@Test
	void aFewSubscriptionsToOneDestinationAreEnough() {
		Firewall many = firewall(new InboundSettings(Activity.MESSAGES, Frames.destinations("/app/**", "/topic/**"),
				false, false, 0, 0, 0, 0, 0, 0, ConnectLogin.IGNORED, PassedHeaders.NONE));
		for (int i = 1; i <= 5; i++) {
			many.preSend(frame("SUBSCRIBE\nid:" + i + "\ndestination:/topic/a\n\n\0"),
					new ExecutorSubscribableChannel());
		}
		many.preSend(frame("SUBSCRIBE\nid:4\ndestination:/topic/a\n\n\0"), new ExecutorSubscribableChannel());
		many.preSend(frame("SUBSCRIBE\nid:b\ndestination:/topic/b\n\n\0"), new ExecutorSubscribableChannel());

		assertThat(this.socket.subscriptions().all()).containsOnlyKeys("1", "2", "3", "4", "b");
		assertThat(refused()).containsExactly(Refused.TOO_MANY_SUBSCRIPTIONS);
		assertThat(answers()).singleElement().asString().contains("4 subscriptions to one destination");
	}

	@Test
	void aPolicyThatFailsLeavesNoSubscriptionBehind() {
		Firewall failing = firewall(Frames.settings(), new DestinationPolicy() {

			@Override
			public boolean maySend(Identity identity, String destination) {
				throw new IllegalStateException("as of the application");
			}

			@Override
			public boolean maySubscribe(Identity identity, String destination) {
				throw new StackOverflowError("as of the application");
			}

		});

		assertThatThrownBy(() -> failing.preSend(frame("SUBSCRIBE\nid:1\ndestination:/topic/a\n\n\0"),
				new ExecutorSubscribableChannel()))
			.isInstanceOf(StackOverflowError.class);

		assertThat(this.socket.subscriptions().all()).isEmpty();
	}

	@Test
	void aRefusalClosesTheSocketWhereTheSettingSaysSo() {
		Firewall strict = firewall(Frames.settings(true));

		FrameRefusedException refusal = catchThrowableOfType(FrameRefusedException.class,
				() -> strict.preSend(frame("SEND\ndestination:/topic/a\n\n\0"), new ExecutorSubscribableChannel()));

		assertThat(refusal.reason()).isEqualTo(Refused.DESTINATION);
		assertThat(this.told).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			UNEXPECTED       | MESSAGE\\ndestination:/app/message\\n\\n\\0
			UNEXPECTED       | CONNECTED\\nversion:1.2\\n\\n\\0
			UNEXPECTED       | RECEIPT\\nreceipt-id:1\\n\\n\\0
			UNEXPECTED       | ERROR\\nmessage:a\\n\\n\\0
			MALFORMED        | SUBSCRIBE\\ndestination:/topic/a\\n\\n\\0
			MALFORMED        | UNSUBSCRIBE\\ndestination:/topic/a\\n\\n\\0
			TOO_MANY_HEADERS | SEND\\ndestination:/app/a\\na:1\\nb:1\\nc:1\\nd:1\\ne:1\\n\\n\\0
			TOO_MANY_HEADERS | SEND\\ndestination:/app/a\\na:1\\na:2\\na:3\\na:4\\na:5\\n\\n\\0
			VERSION          | CONNECT\\naccept-version:2.0\\n\\n\\0
			""")
	void aFrameThatCannotComeOfAMistakeClosesTheSocket(Refused reason, String text) {
		assertThat(refusal(text.replace("\\n", "\n").replace("\\0", "\0")).reason()).isEqualTo(reason);
	}

	@ParameterizedTest
	@CsvSource({ "94, true", "95, false" })
	void aHeaderHasItsLengthWithItsName(int length, boolean passes) {
		String text = "SEND\ndestination:/app/a\nheader:" + "x".repeat(length) + "\n\n\0";

		FrameRefusedException refusal = refusal(text);

		assertThat(refusal == null).isEqualTo(passes);
		assertThat(passes || refusal.reason() == Refused.HEADER_TOO_LONG).isTrue();
	}

	@Test
	void afterAnyHostileFrameTheRestIsDropped() {
		refusal("MESSAGE\ndestination:/app/message\n\n\0");

		assertThat(pass("SEND\ndestination:/app/message\n\n\0")).isNull();
		assertThat(pass("DISCONNECT\n\n\0")).as("frees the socket").isNotNull();
	}

	@Test
	void nothingFollowsADisconnectButTheOneOfTheClosing() {
		assertThat(pass("DISCONNECT\n\n\0")).isNotNull();

		assertThat(pass("DISCONNECT\n\n\0")).isNotNull();
		assertThat(refusal("SUBSCRIBE\nid:1\ndestination:/topic/a\n\n\0").reason()).isEqualTo(Refused.UNEXPECTED);
	}

	@Test
	void aSendToTheBrokerTakesNothingOfItsSenderAlong() {
		Firewall open = firewall(new InboundSettings(Activity.MESSAGES, Frames.destinations("/**"), false, false, 0, 0,
				0, 0, 0, 0, ConnectLogin.IGNORED, PassedHeaders.NONE));

		Message<?> toBroker = open.preSend(
				frame("SEND\ndestination:/topic/a\ncontent-type:text/plain\ncontent-length:2\n"
						+ "receipt:7\nsession:x\nreply-to:/app/a\nx-secret:y\n\nhi\0"),
				new ExecutorSubscribableChannel());
		Message<?> toApplication = open.preSend(frame("SEND\ndestination:/app/a\nx-mine:y\n\n\0"),
				new ExecutorSubscribableChannel());

		assertThat(StompHeaderAccessor.wrap(toBroker).toNativeHeaderMap()).containsOnlyKeys("destination",
				"content-type", "content-length");
		assertThat(toBroker.getPayload()).isEqualTo("hi".getBytes());
		assertThat(StompHeaderAccessor.wrap(toApplication).toNativeHeaderMap()).containsKey("x-mine");
	}

	@Test
	void aReasonIsLoggedOncePerSocketInOneLine() {
		try (RecordedLog log = RecordedLog.of(Refusals.class)) {
			for (int i = 0; i < 5; i++) {
				pass("SEND\ndestination:/topic/a\\nINFO forged " + "x".repeat(30) + "\n\n\0");
			}

			assertThat(log.lines()).singleElement()
				.asString()
				.startsWith("WARN SEND to \"/topic/a")
				.endsWith("refused under session " + this.socket.link().fingerprint() + ": destination-not-allowed")
				.doesNotContain("\n");
		}
		assertThat(refused()).hasSize(5);
	}

	@Test
	void whatHasNoLinkIsTheGuardsBusiness() {
		this.attributes.clear();
		Message<byte[]> frame = frame("SEND\ndestination:/topic/a\n\n\0");

		assertThat(pass(frame)).isSameAs(frame);
	}

	private Firewall firewall(InboundSettings settings) {
		return firewall(settings, Frames.rules(settings.destinations()));
	}

	private Firewall firewall(InboundSettings settings, DestinationPolicy policy) {
		Notices notices = (socket, queue, notice) -> this.told.add(socket + " " + queue + " " + notice);
		Refusals refusals = new Refusals(settings.closeOnRefusal(), () -> notices);
		return new Firewall(new FrameLimits(settings),
				new ConnectCheck(false, ConnectLogin.IGNORED, () -> null, new LoginTries(new FakeClock(), () -> {
				}), () -> 0),
				new SendCheck(() -> policy, () -> PREFIXES, this.sockets::isOfOne,
						new BrokersShare(() -> false, (destination) -> false, PassedHeaders.NONE), refusals),
				new SubscribeCheck(settings, () -> policy, this.sockets::isOfOne, () -> "selector",
						(destination) -> false, refusals));
	}

	private Message<?> pass(String text) {
		return pass(frame(text));
	}

	private Message<?> pass(Message<?> frame) {
		return pass(frame, true);
	}

	// As a channel does it, whose further interceptors may stop the frame.
	private Message<?> pass(Message<?> frame, boolean sent) {
		Message<?> passed = this.firewall.preSend(frame, new ExecutorSubscribableChannel());
		if (passed != null) {
			this.firewall.afterSendCompletion(passed, new ExecutorSubscribableChannel(), sent, null);
		}
		return passed;
	}

	private FrameRefusedException refusal(String text) {
		return catchThrowableOfType(FrameRefusedException.class, () -> pass(text));
	}

	private Message<byte[]> frame(String text) {
		return Frames.of(text, this.attributes);
	}

	private List<String> answers() {
		return this.told;
	}

	private List<Refused> refused() {
		List<Refused> all = new ArrayList<>();
		this.links.refusals().forEach((reason, count) -> {
			for (int i = 0; i < count; i++) {
				all.add(reason);
			}
		});
		return all;
	}

}
