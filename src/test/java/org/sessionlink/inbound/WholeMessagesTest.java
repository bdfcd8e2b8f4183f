package org.sessionlink.inbound;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Home;
import org.sessionlink.link.LinkLimits;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;

import static org.assertj.core.api.Assertions.assertThat;

class WholeMessagesTest {

	private final Links links = new Links(new FakeClock(),
			new LinkPolicy(null, LinkPolicy.DEFAULT.expiryWarning(), new LinkLimits(0, 0, 1, 20)));

	private final List<String> whole = new ArrayList<>();

	private final List<String> answers = new ArrayList<>();

	private int room = 8192;

	private final WebSocketSession session = new WebSocketSessionDecorator(
			new StandardWebSocketSession(null, Map.of(), null, null)) {

		@Override
		public void sendMessage(WebSocketMessage<?> message) {
			WholeMessagesTest.this.answers.add((String) message.getPayload());
		}

		@Override
		public void close(CloseStatus status) {
			WholeMessagesTest.this.answers.add(status.getCode() + " " + status.getReason());
		}

		@Override
		public boolean isOpen() {
			return true;
		}

		@Override
		public int getTextMessageSizeLimit() {
			return WholeMessagesTest.this.room;
		}

		@Override
		public void setTextMessageSizeLimit(int limit) {
			WholeMessagesTest.this.room = limit;
		}

	};

	private int framesInEach = 1;

	private RuntimeException failure;

	private final FrameLimits limits = new FrameLimits(Frames.settings());

	private final SafeErrorHandler errors = new SafeErrorHandler(this.links);

	private final WholeMessages messages = new WholeMessages(new AbstractWebSocketHandler() {

		@Override
		public void afterConnectionEstablished(WebSocketSession opened) {
			// As Spring does it.
			opened.setTextMessageSizeLimit(16_640);
		}

		@Override
		public void handleMessage(WebSocketSession from, WebSocketMessage<?> message) {
			Object payload = message.getPayload();
			WholeMessagesTest.this.whole.add((payload instanceof ByteBuffer bytes)
					? StandardCharsets.UTF_8.decode(bytes).toString() : (String) payload);
			if (WholeMessagesTest.this.failure != null) {
				// As Spring does it: each frame of a message by itself.
				for (int i = 0; i < 3; i++) {
					assertThat(WholeMessagesTest.this.errors.handleClientMessageProcessingError(null,
							WholeMessagesTest.this.failure))
						.isNull();
				}
			}
			for (int i = 0; i < WholeMessagesTest.this.framesInEach; i++) {
				Incoming.in(from.getAttributes()).frameSeen();
			}
		}

	}, this.errors, this.limits);

	WholeMessagesTest() throws Exception {
		new SocketLink(this.links.open("key", "id", Home.GONE)).putInto(this.session.getAttributes());
		this.messages.afterConnectionEstablished(this.session);
	}

	@Test
	void partsAreAskedFor() {
		assertThat(this.messages.supportsPartialMessages()).isTrue();
	}

	@Test
	void theContainerKeepsNoMoreRoomForMessagesThanItWouldByItself() {
		assertThat(this.room).isEqualTo(8192);
	}

	@Test
	void partsBecomeOneMessageThoughACharacterIsSplitBetweenThem() throws Exception {
		String fox = "🦊";

		receive(new TextMessage("a" + fox.charAt(0), false));
		receive(new TextMessage(fox.charAt(1) + "b", false));
		receive(new TextMessage("", true));
		receive(new TextMessage("next"));

		assertThat(this.whole).containsExactly("a🦊b", "next");
	}

	@Test
	void partsOfBytesAreCopiedBeforeTheContainerUsesItsBufferAgain() throws Exception {
		byte[] buffer = "one".getBytes(StandardCharsets.UTF_8);

		receive(new BinaryMessage(ByteBuffer.wrap(buffer), false));
		buffer[0] = 'X';
		receive(new BinaryMessage(ByteBuffer.wrap("two".getBytes(StandardCharsets.UTF_8)), true));

		assertThat(this.whole).containsExactly("onetwo");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 8, 500 })
	void moreThanTheLimitIsRefusedOnceAndNothingFollows(int partLength) throws Exception {
		int parts = 1_100 / partLength;
		for (int i = 0; i < parts && this.answers.isEmpty(); i++) {
			receive(new TextMessage("x".repeat(partLength), false));
		}
		receive(new TextMessage("x".repeat(600), false));
		receive(new TextMessage("more", true));

		assertThat(this.whole).isEmpty();
		assertThat(this.answers).hasSize(2);
		assertThat(this.answers.get(1)).isIn("1008 frame-too-large", "1008 too-many-frames");
	}

	@Test
	void theErrorSaysTheLimit() throws Exception {
		receive(new TextMessage("x".repeat(1_001)));

		assertThat(this.answers).hasSize(2);
		assertThat(this.answers.get(0)).startsWith("ERROR\n")
			.contains("\nmessage:frame-too-large\n")
			.endsWith("The frame is too large: send at most 1000 bytes.\0");
		assertThat(this.answers.get(1)).isEqualTo("1008 frame-too-large");
		assertThat(this.links.refusals().get(Refused.FRAME_TOO_LARGE)).isEqualTo(1);
	}

	@Test
	void whatSpringRefusesIsSaidOnceAndClosesWithItsCode() throws Exception {
		this.failure = new IllegalArgumentException("org.example.Innards");

		receive(new TextMessage("HELLO"));
		receive(new TextMessage("HELLO"));

		assertThat(this.answers).hasSize(2);
		assertThat(this.answers.get(0)).startsWith("ERROR\n").contains("\nmessage:malformed-frame\n");
		assertThat(this.answers.get(1)).isEqualTo("1008 malformed-frame");
		assertThat(this.links.refusals().get(Refused.MALFORMED)).isEqualTo(1);
	}

	@Test
	void aMessageOfTheLimitPasses() throws Exception {
		receive(new TextMessage("x".repeat(500), false));
		receive(new TextMessage("x".repeat(500), true));

		assertThat(this.whole).containsExactly("x".repeat(1_000));
	}

	@Test
	void theLimitIsOneOfBytesAndNotOfCharacters() throws Exception {
		receive(new TextMessage("é".repeat(250), false));
		receive(new TextMessage("é".repeat(250), true));
		receive(new TextMessage("é".repeat(500) + "x"));

		assertThat(this.whole).containsExactly("é".repeat(500));
		assertThat(this.answers).hasSize(2).last().isEqualTo("1008 frame-too-large");
	}

	@Test
	void messagesThatCompleteNoFrameCostAsMuchAsOne() throws Exception {
		this.framesInEach = 0;

		for (int i = 0; i < 21; i++) {
			receive(new TextMessage("x"));
		}

		assertThat(this.answers).hasSize(2).last().isEqualTo("1008 too-many-frames");
	}

	@Test
	void framesThemselvesArePaidForElsewhere() throws Exception {
		for (int i = 0; i < 100; i++) {
			receive(new TextMessage("x"));
		}

		assertThat(this.answers).isEmpty();
	}

	@Test
	void emptyPartsAreNotForNothing() throws Exception {
		for (int i = 0; i < 16 * 21; i++) {
			receive(new TextMessage("", false));
		}

		assertThat(this.answers).hasSize(2).last().isEqualTo("1008 too-many-frames");
	}

	private void receive(WebSocketMessage<?> message) throws Exception {
		this.messages.handleMessage(this.session, message);
	}

}
