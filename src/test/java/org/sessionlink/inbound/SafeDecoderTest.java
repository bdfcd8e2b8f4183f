package org.sessionlink.inbound;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.link.Refused;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.BufferingStompDecoder;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompDecoder;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.util.LinkedMultiValueMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

class SafeDecoderTest {

	// A thousand bytes.
	private static final FrameLimits LIMITS = new FrameLimits(Frames.settings());

	private final BufferingStompDecoder pieces = new BufferingStompDecoder(new SafeDecoder(LIMITS, (heartbeat) -> {
	}), Integer.MAX_VALUE);

	@Test
	void framesAreDecodedAsEver() {
		List<Message<byte[]>> messages = decode("SEND\ndestination:/app/a\n\nbody\0\nDISCONNECT\n\n\0");

		assertThatNoException().isThrownBy(() -> messages.forEach(SafeDecoder::refuseFlawed));
		assertThat(messages).extracting((message) -> StompHeaderAccessor.wrap(message).getCommand())
			.containsExactly(StompCommand.SEND, StompCommand.DISCONNECT);
	}

	@ParameterizedTest
	@ValueSource(strings = { "ABORT\n\n\0", "ABORT\r\ntransaction:1\r\n\r\n\0", "SEND\n\n\0", "\n\r\n\n",
			"SEND\nto:\n\n\0", "SEND\ncontent-length:-1\n\nall of it\0", "SEND\ncontent-length:0\n\n\0",
			"SEND\ncontent-length:5\n\na\0b\0c\0", "SEND\nk\\c\\r\\n\\\\:v\\c\\r\\n\\\\\n\na\0",
			"CONNECT\nlogin:CORP\\eve\naccept-version:1.1\n\n\0", "CONNECT\nheart-beat:10,20\n\n\0\n\nSEND\n\na\0\n",
			"SEND\na:1\na:2\n\n\u00fc\u20ac\0BEGIN\ntransaction:1\n\n\0", "A", "SEN", "SEND", "SEND\n", "SEND\na",
			"SEND\na:", "SEND\na:1", "SEND\na:1\n", "SEND\na:1\n\n", "SEND\n\nhalf", "SEND\ncontent-length:9\n\nhalf",
			"SEND\ncontent-type:text/plain;charset=U" })
	void framesAreWhatTheyAreToSpring(String text) {
		BufferingStompDecoder spring = new BufferingStompDecoder(new StompDecoder(), 1000);

		List<Message<byte[]>> messages = this.pieces.decode(ByteBuffer.wrap(bytes(text)));

		assertThat(messages).extracting(SafeDecoderTest::described)
			.isEqualTo(spring.decode(ByteBuffer.wrap(bytes(text))).stream().map(SafeDecoderTest::described).toList());
		assertThat(this.pieces.getBufferSize()).isEqualTo(spring.getBufferSize());
		assertThat(this.pieces.getExpectedContentLength()).isEqualTo(spring.getExpectedContentLength());
	}

	private static String described(Message<byte[]> frame) {
		StompHeaderAccessor headers = StompHeaderAccessor.wrap(frame);
		return headers.getCommand() + " " + headers.getMessageType() + " " + headers.toNativeHeaderMap() + " "
				+ HexFormat.of().formatHex(frame.getPayload());
	}

	@ParameterizedTest
	@ValueSource(strings = { "FOO\n\n\0", "SEND\nx:\\t\n\n\0", "SEND\nx:a\\\n\n\0", "SEND\r\r\n\n\0",
			"SEND\ncontent-type:a b/;\n\n\0", "SEND\ncontent-length:4\n\nbody*", "CONNECT\nhost:a\n\nbody\0",
			"SUBSCRIBE\nid:a\n\nbody\0", "SEND\nheart-beat:a,b\n\n\0" })
	void whatIsNoFrameIsOneMessageThatSaysSo(String text) {
		List<Message<byte[]>> messages = decode(text);

		assertThat(messages).hasSize(1);
		assertThatExceptionOfType(FrameRefusedException.class)
			.isThrownBy(() -> SafeDecoder.refuseFlawed(messages.get(0)));
	}

	@Test
	void theLengthOfWhatIsStillToComeIsANumberToo() {
		ByteBuffer half = ByteBuffer.wrap(bytes("SEND\ncontent-length:99999999999\n\nbo"));

		List<Message<byte[]>> messages = new SafeDecoder(LIMITS, (heartbeat) -> {
		}).decode(half, new LinkedMultiValueMap<>());

		assertThat(messages).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 5, 7, 11, 40, 1000 })
	void framesAreTheSameWhereverTheyAreCut(int length) {
		byte[] frames = bytes("SEND\r\nx:\u00e9\r\n\r\none\u00e9\0\r\n\r\nSEND\ncontent-length:3\n\na\0\r\0\n"
				+ "SEND\r\ncontent-length:2\r\n\r\n\r\n\0DISCONNECT\n\n\0");

		List<Message<byte[]>> messages = new ArrayList<>();
		for (int i = 0; i < frames.length; i += length) {
			messages
				.addAll(this.pieces.decode(ByteBuffer.wrap(frames, i, Math.min(length, frames.length - i)).slice()));
		}

		assertThat(messages).allSatisfy(SafeDecoder::refuseFlawed)
			.filteredOn((message) -> StompHeaderAccessor.wrap(message).getCommand() != null)
			.extracting((message) -> new String(message.getPayload(), StandardCharsets.UTF_8))
			.containsExactly("one\u00e9", "a\0\r", "\r\n", "");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 400, 999 })
	void aFrameInPiecesMayHaveAsManyBytesAsTheLimit(int first) {
		String frame = frameOf(1000);

		assertThat(receive(frame.substring(0, first))).isEmpty();
		assertThat(receive(frame.substring(first))).singleElement().satisfies(SafeDecoder::refuseFlawed);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 400, 1000 })
	void andNotOneMore(int first) {
		String frame = frameOf(1001);

		assertThat(receive(frame.substring(0, first))).isEmpty();
		assertThat(receive(frame.substring(first))).singleElement().satisfies(SafeDecoderTest::isTooLarge);
	}

	@Test
	void aLengthOverTheLimitIsNotWaitedFor() {
		assertThat(receive("SEND\ncontent-length:1001\n\nbo")).singleElement().satisfies(SafeDecoderTest::isTooLarge);
	}

	@Test
	void framesThatAreWithinTheLimitMayShareMessagesAsTheyLike() {
		String frames = frameOf(900).repeat(3);

		assertThat(receive(frames.substring(0, 800))).isEmpty();
		assertThat(receive(frames.substring(800, 1700))).singleElement().satisfies(SafeDecoder::refuseFlawed);
		assertThat(receive(frames.substring(1700))).hasSize(2).allSatisfy(SafeDecoder::refuseFlawed);
	}

	@Test
	void whatCannotBePaidForIsTheLastThatIsRead() {
		AtomicInteger asked = new AtomicInteger();
		BufferingStompDecoder poor = new BufferingStompDecoder(new SafeDecoder(LIMITS, (heartbeat) -> {
			if (asked.incrementAndGet() == 2) {
				throw new FrameRefusedException(Refused.TOO_MANY_FRAMES, "Fewer.");
			}
		}), Integer.MAX_VALUE);
		poor.decode(ByteBuffer.wrap(bytes("SEND\n\n" + "x".repeat(700))));

		List<Message<byte[]>> messages = poor.decode(ByteBuffer.wrap(bytes("\0" + frameOf(100).repeat(6))));

		assertThat(messages).hasSize(2);
		SafeDecoder.refuseFlawed(messages.get(0));
		assertThat(SafeDecoder.flawOf(messages.get(1).getHeaders()).reason()).isEqualTo(Refused.TOO_MANY_FRAMES);
		assertThat(asked).hasValue(2);
		assertThat(poor.getBufferSize()).isZero();
	}

	@Test
	void whatWasReadIsNotKept() {
		SafeDecoder decoder = new SafeDecoder(LIMITS, (heartbeat) -> {
		});
		ByteBuffer buffer = ByteBuffer.wrap(bytes(frameOf(900)));
		assertThat(decoder.decode(buffer)).hasSize(1);

		WeakReference<ByteBuffer> read = new WeakReference<>(buffer);
		buffer = null;

		await().untilAsserted(() -> {
			System.gc();
			assertThat(read.get()).as("of %s", decoder).isNull();
		});
	}

	@Test
	void afterARefusalNothingIsKept() {
		receive("x".repeat(1000));
		receive("x");

		assertThat(this.pieces.getBufferSize()).isZero();
	}

	@Test
	void aClientCannotPretend() {
		List<Message<byte[]>> messages = decode("SEND\n" + SafeDecoder.class.getName() + ".flaw:x\n\n\0");

		assertThatNoException().isThrownBy(() -> SafeDecoder.refuseFlawed(messages.get(0)));
	}

	private static String frameOf(int length) {
		String head = "SEND\ndestination:/app/a\n\n";
		return head + "x".repeat(length - head.length() - 1) + "\0";
	}

	private static void isTooLarge(Message<byte[]> message) {
		assertThatExceptionOfType(FrameRefusedException.class).isThrownBy(() -> SafeDecoder.refuseFlawed(message))
			.satisfies((refusal) -> assertThat(refusal.reason()).isEqualTo(Refused.FRAME_TOO_LARGE));
	}

	private List<Message<byte[]>> receive(String text) {
		return this.pieces.decode(ByteBuffer.wrap(bytes(text)));
	}

	private static List<Message<byte[]>> decode(String text) {
		return new SafeDecoder(LIMITS, (heartbeat) -> {
		}).decode(ByteBuffer.wrap(bytes(text)));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
