package org.sessionlink.inbound;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.util.LinkedMultiValueMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class SafeDecoderTest {

	@Test
	void framesAreDecodedAsEver() {
		List<Message<byte[]>> messages = decode("SEND\ndestination:/app/a\n\nbody\0\nDISCONNECT\n\n\0");

		assertThatNoException().isThrownBy(() -> messages.forEach(SafeDecoder::refuseMalformed));
		assertThat(messages).extracting((message) -> StompHeaderAccessor.wrap(message).getCommand())
			.containsExactly(StompCommand.SEND, StompCommand.DISCONNECT);
	}

	@ParameterizedTest
	@ValueSource(strings = { "FOO\n\n\0", "SEND\nx:\\t\n\n\0", "SEND\r\r\n\n\0", "SEND\ncontent-type:a b/;\n\n\0",
			"SUBSCRIBE\nid:a\n\nbody\0" })
	void whatIsNoFrameIsOneMessageThatSaysSo(String text) {
		List<Message<byte[]>> messages = decode(text);

		assertThat(messages).hasSize(1);
		assertThatExceptionOfType(FrameRefusedException.class)
			.isThrownBy(() -> SafeDecoder.refuseMalformed(messages.get(0)));
	}

	@Test
	void theLengthOfWhatIsStillToComeIsANumberToo() {
		ByteBuffer half = ByteBuffer.wrap("SEND\ncontent-length:99999999999\n\nbo".getBytes(StandardCharsets.UTF_8));

		List<Message<byte[]>> messages = new SafeDecoder().decode(half, new LinkedMultiValueMap<>());

		assertThat(messages).hasSize(1);
	}

	@Test
	void aClientCannotPretend() {
		List<Message<byte[]>> messages = decode("SEND\n" + SafeDecoder.class.getName() + ".flaw:x\n\n\0");

		assertThatNoException().isThrownBy(() -> SafeDecoder.refuseMalformed(messages.get(0)));
	}

	private static List<Message<byte[]>> decode(String text) {
		return new SafeDecoder().decode(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
	}

}
