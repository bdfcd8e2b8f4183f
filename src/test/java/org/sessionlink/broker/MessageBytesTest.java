package org.sessionlink.broker;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;
import org.springframework.util.MimeTypeUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What of a message reaches another server. */
class MessageBytesTest {

	private static final byte[] BODY = "Gruß \0 €".getBytes(StandardCharsets.UTF_8);

	private static byte[] some() {
		Map<String, List<String>> headers = new LinkedHashMap<>();
		headers.put("colour", List.of("grün\n", ""));
		headers.put("empty", List.of());
		Message<byte[]> message = MessageBuilder.withPayload(BODY)
			.setHeader(NativeMessageHeaderAccessor.NATIVE_HEADERS, headers)
			.setHeader(MessageHeaders.CONTENT_TYPE, MimeTypeUtils.TEXT_HTML)
			.setHeader("object", new Object())
			.build();
		return MessageBytes.of("/topic/ä", message, BODY);
	}

	@Test
	void allThatIsTextIsThereAgain() {
		Message<byte[]> read = MessageBytes.read(some());

		assertThat(read.getPayload()).isEqualTo(BODY);
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.wrap(read);
		assertThat(headers.getMessageType()).isEqualTo(SimpMessageType.MESSAGE);
		assertThat(headers.getDestination()).isEqualTo("/topic/ä");
		assertThat(headers.getContentType()).isEqualTo(MimeTypeUtils.TEXT_HTML);
		assertThat(headers.getNativeHeader("colour")).containsExactly("grün\n", "");
		assertThat(headers.getNativeHeader("empty")).isEmpty();
		assertThat(read.getHeaders()).doesNotContainKey("object");
	}

	@Test
	void whatHasNoHeadersHasNoneThere() {
		Message<byte[]> read = MessageBytes
			.read(MessageBytes.of("/topic/a", MessageBuilder.withPayload(BODY).build(), BODY));

		assertThat(read.getPayload()).isEqualTo(BODY);
		assertThat(read.getHeaders()).doesNotContainKeys(NativeMessageHeaderAccessor.NATIVE_HEADERS,
				MessageHeaders.CONTENT_TYPE);
	}

	@Test
	void whatIsOfAnotherVersionIsNotRead() {
		byte[] other = some();
		other[0]++;

		assertThatThrownBy(() -> MessageBytes.read(other)).isInstanceOf(IllegalArgumentException.class);
	}

	@Test
	void whatIsBrokenIsReadOrRefusedAndCostsNoMemory() {
		byte[] whole = some();
		Random random = new Random(31);
		for (int i = 0; i < 20_000; i++) {
			byte[] broken = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
			for (int j = random.nextInt(4); j > 0 && broken.length > 0; j--) {
				broken[random.nextInt(broken.length)] = (byte) random.nextInt();
			}
			try {
				assertThat(MessageBytes.read(broken).getPayload().length).isLessThanOrEqualTo(broken.length);
			}
			catch (IllegalArgumentException ex) {
				assertThat(ex).isNotNull();
			}
		}
	}

}
