package org.sessionlink.inbound;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.link.CloseCause;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.FrameKind;
import org.sessionlink.link.Home;
import org.sessionlink.link.LinkLimits;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;
import org.sessionlink.link.TrafficSum;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

import static org.assertj.core.api.Assertions.assertThat;

class ArrivalsTest {

	private static final String HEAD = "SEND\ndestination:/app/a\n\n";

	private final FakeClock clock = new FakeClock();

	private final Links links = new Links(this.clock,
			new LinkPolicy(null, LinkPolicy.DEFAULT.expiryWarning(), new LinkLimits(0, 0, 1, 20)));

	private final SocketLink socket = new SocketLink(this.links.open("key", "id", Home.GONE));

	private final FrameLimits limits = new FrameLimits(Frames.settings());

	private final Pulse pulse = new Pulse();

	private final Arrivals arrivals = new Arrivals(this.socket, this.limits, this.pulse);

	private final List<String> bodies = new ArrayList<>();

	private Refused refused;

	@Test
	void partsBecomeOneMessageThoughACharacterIsSplitBetweenThem() {
		String fox = "🦊";

		receive(new TextMessage(HEAD + "a" + fox.charAt(0), false));
		receive(new TextMessage(fox.charAt(1) + "b\0", false));
		receive(new TextMessage("", true));
		receive(new TextMessage(HEAD + "next\0"));

		assertThat(this.bodies).containsExactly("a🦊b", "next");
	}

	@Test
	void partsOfBytesAreCopiedBeforeTheContainerUsesItsBufferAgain() {
		byte[] buffer = (HEAD + "one").getBytes(StandardCharsets.UTF_8);

		receive(new BinaryMessage(ByteBuffer.wrap(buffer), false));
		buffer[0] = 'X';
		receive(new BinaryMessage(ByteBuffer.wrap("two\0".getBytes(StandardCharsets.UTF_8)), true));

		assertThat(this.bodies).containsExactly("onetwo");
	}

	@Test
	void aFrameIsSplitOverMessagesAndAMessageHasSeveral() {
		receive(new TextMessage(HEAD + "o"));
		receive(new TextMessage("ne\0" + HEAD + "two\0" + HEAD + "thr"));
		receive(new TextMessage("ee\0"));

		assertThat(this.bodies).containsExactly("one", "two", "three");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 8, 500 })
	void moreThanTheLimitIsRefusedOnceAndNothingFollows(int partLength) {
		for (int i = 0; i < 1_100 / partLength; i++) {
			receive(new TextMessage("x".repeat(partLength), false));
		}
		receive(new TextMessage("x".repeat(600), false));
		receive(new TextMessage("more", true));
		receive(new TextMessage(HEAD + "more\0"));

		assertThat(this.bodies).isEmpty();
		assertThat(this.refused).isIn(Refused.FRAME_TOO_LARGE, Refused.TOO_MANY_FRAMES);
	}

	@Test
	void whatIsRefusedHasComeAllTheSame() {
		this.clock.pass(Duration.ofSeconds(5));

		receive(new TextMessage("é".repeat(600)));

		assertThat(this.refused).isEqualTo(Refused.FRAME_TOO_LARGE);
		assertThat(this.socket.traffic().sum()).isEqualTo(new TrafficSum(0, 1_200, 0, 0));
		assertThat(this.socket.traffic().silentFor()).isZero();
	}

	@Test
	void whatIsRefusedAsItIsTooMuchHasComeOnce() {
		TextMessage many = new TextMessage("SEND\n\n\0".repeat(25));

		receive(many);
		receive(many);

		assertThat(this.refused).isEqualTo(Refused.TOO_MANY_FRAMES);
		assertThat(this.socket.traffic().sum().bytesIn()).isEqualTo(7 * 25);
	}

	@Test
	void aMessageOfTheLimitPasses() {
		receive(new TextMessage(HEAD + "x".repeat(500), false));
		receive(new TextMessage("x".repeat(1_000 - 500 - HEAD.length() - 1) + "\0", true));

		assertThat(this.bodies).hasSize(1);
	}

	@Test
	void theLimitIsOneOfBytesAndNotOfCharacters() {
		int room = (1_000 - HEAD.length() - 2) / 2;
		receive(new TextMessage(HEAD + "é".repeat(room - 100), false));
		receive(new TextMessage("é".repeat(100) + "\0", true));
		assertThat(this.bodies).hasSize(1);
		receive(new TextMessage(HEAD + "é".repeat(room), false));
		receive(new TextMessage("xxx\0", true));

		assertThat(this.bodies).hasSize(1);
		assertThat(this.refused).isEqualTo(Refused.FRAME_TOO_LARGE);
	}

	@Test
	void bytesAreHeldAgainstTheLimitToo() {
		receive(new BinaryMessage(ByteBuffer.wrap(new byte[600]), false));
		receive(new BinaryMessage(ByteBuffer.wrap(new byte[401]), true));

		assertThat(this.refused).isEqualTo(Refused.FRAME_TOO_LARGE);
	}

	@Test
	void eachFrameIsPaidForBeforeItIsKept() {
		receive(new TextMessage((HEAD + "\0").repeat(25)));

		assertThat(this.bodies).hasSize(20);
		assertThat(this.refused).isEqualTo(Refused.TOO_MANY_FRAMES);
		this.clock.pass(Duration.ofSeconds(5));
		receive(new TextMessage(HEAD + "\0"));
		assertThat(this.bodies).as("after the refusal").hasSize(20);
	}

	@ParameterizedTest
	@ValueSource(strings = { "SEND\n\n\0", "ACK\n\n\0", "SEND\ncontent-length:1\n\n\0\0\n" })
	void whatIsNotPaidForIsNotDecoded(String frame) {
		int whole = 65_536;
		Arrivals large = new Arrivals(this.socket, new FrameLimits(settings(whole)), this.pulse);
		TextMessage message = new TextMessage(frame.repeat(whole / frame.length()));
		allocatedBy(() -> large.of(new TextMessage("\n")).size());

		long allocated = allocatedBy(() -> large.of(message).size());

		assertThat(allocated).isLessThan(6L * whole);
	}

	private static InboundSettings settings(int messageSize) {
		return new InboundSettings(Activity.MESSAGES, Frames.destinations("/**"), false, false, 0, messageSize, 0, 0, 0,
				0, ConnectLogin.IGNORED, PassedHeaders.NONE);
	}

	// Of this thread, whatever others do.
	private static long allocatedBy(IntSupplier step) {
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		long before = threads.getCurrentThreadAllocatedBytes();
		assertThat(step.getAsInt()).isPositive();
		return threads.getCurrentThreadAllocatedBytes() - before;
	}

	@Test
	void aFrameIsPaidForOnceHoweverOftenItIsBegun() {
		int small = 18;
		for (int i = 0; i < small; i++) {
			receive(new TextMessage(((i > 0) ? "\0" : "") + HEAD));
		}

		assertThat(this.refused).isNull();
		assertThat(this.bodies).hasSize(small - 1);
	}

	@Test
	void aMessageThatBeginsNoFrameCostsAsMuchAsOne() {
		receive(new TextMessage(HEAD));
		for (int i = 0; i < 19; i++) {
			receive(new TextMessage("more"));
		}
		assertThat(this.refused).isNull();

		receive(new TextMessage("\0"));

		assertThat(this.refused).isEqualTo(Refused.TOO_MANY_FRAMES);
	}

	@Test
	void aHeartbeatThatIsNotPaidForIsNotHandedOnEither() {
		receive(new TextMessage((HEAD + "\0").repeat(20)));

		receive(new TextMessage("\n"));

		assertThat(this.bodies).hasSize(20);
		assertThat(this.refused).isEqualTo(Refused.TOO_MANY_FRAMES);
	}

	@ParameterizedTest
	@ValueSource(strings = { "x", "" })
	void messagesThatCompleteNoFrameCostAsMuchAsOne(String text) {
		for (int i = 0; i < 20; i++) {
			receive(new TextMessage(text));
		}
		assertThat(this.refused).isNull();

		receive(new TextMessage(text));

		assertThat(this.refused).isEqualTo(Refused.TOO_MANY_FRAMES);
	}

	@Test
	void emptyPartsAreNotForNothing() {
		for (int i = 0; i < 16 * 21 - 1; i++) {
			receive(new TextMessage("", false));
		}
		assertThat(this.refused).isNull();

		receive(new TextMessage("", false));

		assertThat(this.refused).isEqualTo(Refused.TOO_MANY_FRAMES);
	}

	@Test
	void anAnswerToAPingOfTheServersIsForNothingAndOthersAreNot() {
		for (int i = 0; i < 100; i++) {
			this.socket.pinged();
			receive(new PongMessage());
		}
		assertThat(this.refused).isNull();

		for (int i = 0; i < 20; i++) {
			receive(new PongMessage());
		}
		assertThat(this.refused).isNull();
		receive(new PongMessage());

		assertThat(this.refused).isEqualTo(Refused.TOO_MANY_FRAMES);
	}

	@Test
	void pingsThatAreNeverAnsweredDoNotAddUp() {
		for (int i = 0; i < 1_000; i++) {
			this.socket.pinged();
		}

		for (int i = 0; i < 16 + 21; i++) {
			assertThat(this.refused).as("pong " + i).isNull();
			receive(new PongMessage());
		}

		assertThat(this.refused).isEqualTo(Refused.TOO_MANY_FRAMES);
	}

	@Test
	void heartbeatsAtThePaceAgreedOnAreForNothingThoughManySocketsSendThem() {
		for (int i = 0; i < 64; i++) {
			Pulse agreed = new Pulse();
			agreed.agree(1_000, 1_000);
			Arrivals tab = new Arrivals(this.socket, this.limits, agreed);
			for (int k = 0; k < 3; k++) {
				tab.of(new TextMessage("\n")).forEach(this::take);
			}
		}

		assertThat(this.refused).isNull();
	}

	@Test
	void heartbeatsBeyondThePaceArePaidFor() {
		this.pulse.agree(1_000, 1_000);

		for (int i = 0; i < 3 + 20; i++) {
			receive(new TextMessage("\n"));
		}
		assertThat(this.refused).isNull();
		receive(new TextMessage("\n"));

		assertThat(this.refused).isEqualTo(Refused.TOO_MANY_FRAMES);
	}

	@Test
	void heartbeatsThatNobodyAgreedOnArePaidFor() {
		for (int i = 0; i < 21; i++) {
			receive(new TextMessage("\n"));
		}

		assertThat(this.refused).isEqualTo(Refused.TOO_MANY_FRAMES);
	}

	@Test
	void aSocketWithoutALinkPaysNobody() {
		Arrivals unlinked = new Arrivals(null, this.limits, this.pulse);

		for (int i = 0; i < 100; i++) {
			unlinked.of(new TextMessage("\n")).forEach(this::take);
			unlinked.of(new PongMessage()).forEach(this::take);
		}

		assertThat(this.refused).isNull();
	}

	@Test
	void framesAreCountedByKindAndBytesAsTheyCome() {
		this.pulse.agree(1_000, 1_000);
		receive(new TextMessage("CONNECT\naccept-version:1.2\n\n\0"));
		receive(new TextMessage(HEAD + "é\0\n" + HEAD + "two\0"));
		receive(new BinaryMessage((HEAD + "three\0").getBytes(StandardCharsets.UTF_8)));
		receive(new TextMessage(HEAD + "fo", false));
		receive(new TextMessage("ur", false));
		receive(new TextMessage("\0", true));
		receive(new TextMessage("\n"));
		receive(new TextMessage("nonsense\n\n\0"));

		TrafficSum sum = this.socket.traffic().sum();
		assertThat(count(FrameKind.CONNECT)).isOne();
		assertThat(count(FrameKind.SEND)).isEqualTo(4);
		assertThat(count(FrameKind.HEARTBEAT)).isOne();
		assertThat(count(FrameKind.OTHER)).isOne();
		assertThat(sum.framesIn()).isEqualTo(6);
		assertThat(sum.bytesIn()).isEqualTo(29 + 4 * HEAD.length() + 8 + 6 + 5 + 1 + 11);
		assertThat(sum.framesOut()).isZero();
	}

	@Test
	void whateverComesIsASignOfLifeThoughItIsNoFrame() {
		this.clock.pass(Duration.ofSeconds(10));
		this.socket.pinged();
		receive(new PongMessage());
		assertThat(this.socket.traffic().silentFor()).isZero();
		this.clock.pass(Duration.ofSeconds(10));

		receive(new TextMessage("SEND\n", false));

		assertThat(this.socket.traffic().silentFor()).isZero();
		assertThat(this.socket.traffic().lastFrameAgo()).isEqualTo(Duration.ofSeconds(20).toNanos());
	}

	@Test
	void aClientThatSaysDisconnectDecidesThatItsSocketCloses() {
		receive(new TextMessage(HEAD + "one\0"));
		assertThat(this.socket.closesFor()).isNull();

		receive(new TextMessage("DISCONNECT\n\n\0"));

		assertThat(this.socket.closesFor()).isSameAs(CloseCause.CLIENT_DISCONNECTED);
	}

	private long count(FrameKind kind) {
		return this.links.counts().frames(FrameKind.Direction.IN, kind);
	}

	private void receive(WebSocketMessage<?> message) {
		this.arrivals.of(message).forEach(this::take);
	}

	private void take(Frame frame) {
		FrameRefusedException flaw = SafeDecoder.flawOf(frame.message().getHeaders());
		if (flaw != null) {
			assertThat(this.refused).isNull();
			this.refused = flaw.reason();
		}
		else {
			this.bodies.add(new String(frame.message().getPayload(), StandardCharsets.UTF_8));
		}
	}

}
