package org.sessionlink.broker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sessionlink.wire.Payload;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.WebSocketMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** B33, B34 and B45: a message as frames for its subscribers. */
class EncodedMessageTest {

	private static final byte[] BODY = "news".getBytes(StandardCharsets.UTF_8);

	@Test
	void oneBroadcastToManyIdsOfStrangersKeepsItsBodyOnce() {
		EncodedMessage message = new EncodedMessage(message(Map.of()), new byte[60 * 1024], "/topic/a", "1", 0);

		List<Payload> frames = IntStream.range(0, 6_400).mapToObj((i) -> message.frame("id-" + i, "1.2")).toList();
		frames.forEach(Payload::message);

		assertThat(frames).extracting((frame) -> ReflectionTestUtils.getField(frame, "body"))
			.allMatch((body) -> body == field(message, "body"));
		assertThat(frames).extracting((frame) -> ReflectionTestUtils.getField(frame, "head").toString().length())
			.allMatch((length) -> length < 200);
		assertThat(frames).filteredOn((frame) -> ReflectionTestUtils.getField(frame, "kept") != null).hasSize(16);
		assertThat((Map<?, ?>) field(message, "shared")).hasSize(16);
	}

	private static Object field(Object of, String name) {
		return ReflectionTestUtils.getField(of, name);
	}

	@Test
	void whatBrowsersAllSubscribeByIsEncodedOnceForEachVersion() {
		EncodedMessage message = encoded(Map.of());

		Payload frame = message.frame("sub-0", "1.2");

		assertThat(message.frame("sub-0", "1.2")).isSameAs(frame);
		assertThat(frame.message()).isSameAs(frame.message());
		assertThat(message.frame("sub-0", "1.1")).isNotSameAs(frame);
		assertThat(message.frame("sub-1", "1.2")).isNotSameAs(frame);
	}

	@Test
	void aFrameOfOneClientIsMadeWhenItIsWrittenAndNotKept() {
		EncodedMessage message = encoded(Map.of());
		IntStream.range(0, 16).forEach((i) -> message.frame("id-" + i, "1.2"));

		Payload frame = message.frame("own", "1.2");

		assertThat(message.frame("own", "1.2")).isNotSameAs(frame);
		assertThat(frame.message()).isNotSameAs(frame.message());
		assertThat(frame.message().getPayload()).isEqualTo(frame.message().getPayload());
	}

	@Test
	void aFrameSaysWhatItIsAndForWhom() {
		EncodedMessage message = encoded(Map.of("extra", List.of("one", "two")));

		String frame = (String) message.frame("7", "1.2").message().getPayload();

		assertThat(frame).isEqualTo("MESSAGE\ndestination:/topic/a\ncontent-type:text/plain;charset=UTF-8\n"
				+ "subscription:7\nmessage-id:1\nextra:one\nextra:two\ncontent-length:4\n\nnews\0");
		assertThat(message.destination()).isEqualTo("/topic/a");
		assertThat(message.begun()).isEqualTo(5);
	}

	@Test
	void aFrameKnowsItsBytesBeforeItIsMade() {
		EncodedMessage message = new EncodedMessage(message(Map.of()), "é🦊".getBytes(StandardCharsets.UTF_8),
				"/topic/é", "1", 0);

		Payload frame = message.frame("7", "1.2");

		String text = (String) frame.message().getPayload();
		assertThat(frame.bytes()).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
	}

	@Test
	void whoeverSubscribedToAUserDestinationReadsThatNameAndItsOwnMessageId() {
		EncodedMessage message = encoded(
				Map.of(SimpMessageHeaderAccessor.ORIGINAL_DESTINATION, List.of("/user/queue/a"), "message-id",
						List.of("own"), "destination", List.of("/other"), "subscription", List.of("other"),
						"content-length", List.of("99"), "content-type", List.of("other/type")));

		String frame = (String) message.frame("7", "1.2").message().getPayload();

		assertThat(frame).isEqualTo("MESSAGE\ndestination:/user/queue/a\ncontent-type:text/plain;charset=UTF-8\n"
				+ "subscription:7\nmessage-id:own\ncontent-length:4\n\nnews\0");
	}

	@Test
	void aHeaderWithoutAValueIsAsGoodAsNone() {
		String frame = (String) encoded(Map.of("message-id", List.of())).frame("7", "1.2").message().getPayload();

		assertThat(frame).contains("\nmessage-id:1\n");
	}

	@Test
	void aContentTypeThatOnlyTheClientHasSentIsPassedOn() {
		EncodedMessage message = new EncodedMessage(plain(Map.of("content-type", List.of("application/x-own"))), BODY,
				"/topic/a", "1", 0);

		assertThat((String) message.frame("7", "1.2").message().getPayload())
			.contains("\ncontent-type:application/x-own\n");
	}

	@Test
	void aContentTypeMayBeAString() {
		Message<byte[]> message = MessageBuilder.withPayload(BODY)
			.setHeader(MessageHeaders.CONTENT_TYPE, "text/x-own")
			.build();

		assertThat(
				(String) new EncodedMessage(message, BODY, "/topic/a", "1", 0).frame("7", "1.2").message().getPayload())
			.contains("\ncontent-type:text/x-own\n");
		assertThatIllegalArgumentException().isThrownBy(() -> new EncodedMessage(
				MessageBuilder.withPayload(BODY).setHeader(MessageHeaders.CONTENT_TYPE, "no type").build(), BODY,
				"/topic/a", "1", 0));
	}

	@ParameterizedTest
	@CsvSource({ "application/octet-stream, news, true", "application/octet-stream, '', false",
			"text/plain, news, false" })
	void whatIsBinaryGoesOutSo(String type, String body, boolean binary) {
		Message<byte[]> message = MessageBuilder.withPayload(BODY)
			.setHeader(MessageHeaders.CONTENT_TYPE, MimeTypeUtils.parseMimeType(type))
			.build();

		WebSocketMessage<?> frame = new EncodedMessage(message, body.getBytes(StandardCharsets.UTF_8), "/topic/a", "1",
				0)
			.frame("7", "1.2")
			.message();

		assertThat(frame instanceof BinaryMessage).isEqualTo(binary);
	}

	@Test
	void aBinaryFrameIsItsHeadItsBytesAndANul() {
		byte[] bytes = { (byte) 0xff, 0, 1 };
		EncodedMessage message = new EncodedMessage(plain(Map.of()), bytes, "/topic/a", "1", 0);

		Payload frame = message.frame("7", "1.2");

		ByteBuffer payload = ((BinaryMessage) frame.message()).getPayload();
		assertThat(payload.isReadOnly()).isTrue();
		byte[] all = new byte[payload.remaining()];
		payload.duplicate().get(all);
		assertThat(all).hasSize(frame.bytes()).endsWith((byte) 0xff, 0, 1, 0);
		assertThat(new String(all, StandardCharsets.UTF_8)).startsWith("MESSAGE\n").contains("\ncontent-length:3\n\n");
	}

	@Test
	void aReplacementCharacterThatWasThereBeforeIsText() {
		byte[] body = "\uFFFD".getBytes(StandardCharsets.UTF_8);

		WebSocketMessage<?> frame = new EncodedMessage(plain(Map.of()), body, "/topic/a", "1", 0).frame("7", "1.2")
			.message();

		assertThat((String) frame.getPayload()).endsWith("\n\n\uFFFD\0");
	}

	private static EncodedMessage encoded(Map<String, List<String>> nativeHeaders) {
		return new EncodedMessage(message(nativeHeaders), BODY, "/topic/a", "1", 5);
	}

	private static Message<byte[]> message(Map<String, List<String>> nativeHeaders) {
		return MessageBuilder.fromMessage(plain(nativeHeaders))
			.setHeader(MessageHeaders.CONTENT_TYPE, MimeTypeUtils.parseMimeType("text/plain;charset=UTF-8"))
			.build();
	}

	private static Message<byte[]> plain(Map<String, List<String>> nativeHeaders) {
		MessageBuilder<byte[]> message = MessageBuilder.withPayload(BODY);
		if (!nativeHeaders.isEmpty()) {
			message.setHeader("nativeHeaders", new TreeMap<>(nativeHeaders));
		}
		return message.build();
	}

}
