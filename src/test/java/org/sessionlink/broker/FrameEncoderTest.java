package org.sessionlink.broker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

import static org.assertj.core.api.Assertions.assertThat;

/** B34, and the section "Value Encoding" of STOMP 1.0, 1.1 and 1.2. */
class FrameEncoderTest {

	@ParameterizedTest
	@CsvSource({ "1.2, a\\\\b\\cc\\nd\\re", "1.1, a\\\\b\\cc\\nde", "1.0, a\\b:cde" })
	void headersAreEscapedAsTheVersionAsksForAndNeverBreakTheirLine(String version, String escaped) {
		Object frame = new FrameEncoder("RECEIPT", version).header("receipt-id", "a\\b:c\nd\re")
			.frame()
			.message()
			.getPayload();

		assertThat(frame).isEqualTo("RECEIPT\nreceipt-id:" + escaped + "\n\n\0");
	}

	@ParameterizedTest
	@CsvSource({ "1.2, na\\cme", "1.1, na\\cme", "1.0, na:me" })
	void namesAreEscapedToo(String version, String escaped) {
		Object frame = new FrameEncoder("RECEIPT", version).header("na:me", "value").frame().message().getPayload();

		assertThat(frame).isEqualTo("RECEIPT\n" + escaped + ":value\n\n\0");
	}

	@Test
	void aBodyComesWithItsLengthInBytes() {
		TextMessage frame = (TextMessage) message(bytes("🦊\0é"), false);

		assertThat(frame.getPayload()).isEqualTo("MESSAGE\ncontent-length:7\n\n🦊\0é\0");
	}

	@Test
	void whatIsNoUtf8GoesInBinaryWhateverItIsCalled() {
		byte[] broken = { 'a', (byte) 0xff, 'b' };

		BinaryMessage frame = (BinaryMessage) message(broken, false);

		assertThat(frame.getPayload())
			.isEqualTo(ByteBuffer.wrap(new byte[] { 'M', 'E', 'S', 'S', 'A', 'G', 'E', '\n', 'c', 'o', 'n', 't', 'e',
					'n', 't', '-', 'l', 'e', 'n', 'g', 't', 'h', ':', '3', '\n', '\n', 'a', (byte) 0xff, 'b', 0 }));
	}

	@Test
	void theReplacementCharacterItselfIsText() {
		assertThat(message(bytes("\uFFFD"), false)).isInstanceOf(TextMessage.class);
	}

	@Test
	void binaryGoesInBinaryUnlessThereIsNothing() {
		assertThat(message(bytes("text"), true)).isInstanceOf(BinaryMessage.class);
		assertThat(message(new byte[0], true)).isInstanceOf(TextMessage.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "plain", "🦊 é", "half a pair \uD83E" })
	void aFrameSaysHowManyBytesItTakesAndIsKeptOnlyWhereManyGetIt(String header) {
		for (boolean shared : new boolean[] { true, false }) {
			Frame frame = new FrameEncoder("MESSAGE", "1.2").header("text", header)
				.frame(new Body(bytes("🦊"), false), shared);

			assertThat(frame.message().getPayloadLength()).isEqualTo(frame.bytes());
			assertThat(frame.message() == frame.message()).isEqualTo(shared);
		}
	}

	@Test
	void whatIsNoCharacterGoesOutAsAQuestionMark() {
		Object frame = new FrameEncoder("MESSAGE", "1.2").header("text", "half \uD83E and 🦊")
			.frame()
			.message()
			.getPayload();

		assertThat(frame).isEqualTo("MESSAGE\ntext:half ? and 🦊\n\n\0");
	}

	private static WebSocketMessage<?> message(byte[] body, boolean binary) {
		return new FrameEncoder("MESSAGE", "1.2").frame(new Body(body, binary), false).message();
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
