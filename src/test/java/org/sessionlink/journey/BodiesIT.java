package org.sessionlink.journey;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * B34: what one client sends as a body another gets, byte for byte, however the frame
 * lies in WebSocket messages, and up to the limit.
 */
@OnEveryContainer
class BodiesIT {

	private static final int DEFAULT_LIMIT = 64 * 1024;

	private static final int LARGE_LIMIT = 1024 * 1024;

	private static final String DESTINATION = "destination:/topic/bodies\n";

	private final Container container;

	BodiesIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		String settings = """
				sessionlink.destinations.send=/app/**, /topic/**
				sessionlink.limits.frames-per-second=0
				""";
		SharedContainers.deploy(BodiesIT.class,
				Map.of("bodies", War.withSettings(settings), "large", War.withSettings(settings + """
						sessionlink.limits.message-size=1MB
						sessionlink.limits.send-buffer=4MB
						""")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "content-type:application/json\n", "content-type:text/plain\n",
			"content-type:text/plain;charset=utf-8\n" })
	void textOfEveryPlaneArrivesAsItWasSentAndSoDoesItsType(String contentType) {
		Socket receiver = subscriber("bodies");
		Socket sender = connected("bodies");
		byte[] body = utf8("{\"text\":\"" + everyPlane() + "\"}");

		sender.send(text(frame(contentType, body)));
		sender.sendBinary(frame(contentType, body));

		for (int i = 0; i < 2; i++) {
			Frame message = receiver.awaitMessage("1");
			assertThat(message.bytes()).isEqualTo(body);
			assertThat(message.binary()).isFalse();
			assertThat(message.header("content-length")).isEqualTo(String.valueOf(body.length));
			assertThat((message.header("content-type") != null)
					? "content-type:" + message.header("content-type") + "\n" : "")
				.isEqualTo(contentType);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "content-type:application/octet-stream\n", "content-type:text/plain\n", "" })
	void bytesThatAreNoTextArriveAsTheyWereSentInABinaryMessage(String contentType) {
		Socket receiver = subscriber("bodies");
		byte[] body = everyByte(1024);

		connected("bodies").sendBinary(frame(contentType, body));

		Frame message = receiver.awaitMessage("1");
		assertThat(message.bytes()).isEqualTo(body);
		assertThat(message.binary()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "content-type:text/plain\n", "content-type:application/octet-stream\n", "" })
	void anEmptyBodyIsOneToo(String contentType) {
		Socket receiver = subscriber("bodies");

		connected("bodies").send("SEND\n" + DESTINATION + contentType + "\n\0");

		assertThat(receiver.awaitMessage("1").bytes()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 7, 64, 1000 })
	void framesInPiecesOfBytesArriveInOrder(int length) {
		Socket receiver = subscriber("bodies");
		Socket sender = connected("bodies");
		byte[] frames = tenFrames();

		for (int i = 0; i < frames.length; i += length) {
			sender.sendBinary(Arrays.copyOfRange(frames, i, Math.min(i + length, frames.length)));
		}

		assertThatTenArrive(receiver);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 7, 64, 1000 })
	void framesInPiecesOfCharactersArriveInOrder(int length) {
		Socket receiver = subscriber("bodies");
		Socket sender = connected("bodies");
		int[] characters = text(tenFrames()).codePoints().toArray();

		for (int i = 0; i < characters.length; i += length) {
			sender.send(new String(characters, i, Math.min(length, characters.length - i)));
		}

		assertThatTenArrive(receiver);
	}

	@Test
	void framesInOneMessageArriveInOrder() {
		Socket receiver = subscriber("bodies");
		Socket sender = connected("bodies");

		sender.send(text(tenFrames()));
		assertThatTenArrive(receiver);
		sender.sendBinary(tenFrames());
		assertThatTenArrive(receiver);
	}

	@ParameterizedTest
	@CsvSource({ "bodies, true", "bodies, false", "large, true", "large, false" })
	void aFrameOfTheLimitArrives(String context, boolean binary) {
		Socket receiver = subscriber(context);
		Socket sender = connected(context);
		byte[] frame = frameOf(limit(context), binary);

		send(sender, frame, frame.length, binary);
		Frame whole = receiver.awaitMessage("1");
		send(sender, frame, 8000, binary);
		Frame inPieces = receiver.awaitMessage("1");

		assertThat(whole.bytes()).hasSizeBetween(limit(context) - 200, limit(context)).isEqualTo(inPieces.bytes());
		assertThat(frame(contentType(binary), whole.bytes())).isEqualTo(frame);
		assertThat(whole.binary()).isEqualTo(binary);
	}

	@ParameterizedTest
	@CsvSource({ "bodies, true", "bodies, false", "large, true", "large, false" })
	void aByteMoreGetsOneClearError(String context, boolean binary) {
		byte[] frame = frameOf(limit(context) + 1, binary);

		for (int length : List.of(frame.length, 8000)) {
			Socket receiver = subscriber(context);
			Socket sender = connected(context);
			int start = this.container.log().length();

			send(sender, frame, length, binary);

			Frame error = sender.await("ERROR");
			Socket.Close close = sender.awaitClose();
			assertThat(error.header("message")).isEqualTo("frame-too-large");
			assertThat(error.body()).isEqualTo("The frame is too large: send at most " + limit(context) + " bytes.");
			assertThat(close.status()).isEqualTo(1008);
			assertThat(close.reason()).isEqualTo("frame-too-large");
			assertThat(sender.rest()).isEmpty();
			assertThat(receiver.rest()).isEmpty();
			assertThat(this.container.log().substring(start)).contains("its socket closed: frame-too-large")
				.doesNotContain("\tat ");
		}
	}

	private Socket connected(String context) {
		return new Visitor(this.container, context).connect();
	}

	// Frames are handled in order: once this is answered, the subscription is in force.
	private Socket subscriber(String context) {
		Socket socket = connected(context).subscribe("errors", "/user/queue/errors").subscribe("1", "/topic/bodies");
		socket.send("/app/message", "").awaitMessage("errors");
		return socket;
	}

	private static int limit(String context) {
		return context.equals("large") ? LARGE_LIMIT : DEFAULT_LIMIT;
	}

	private static void send(Socket socket, byte[] frame, int length, boolean binary) {
		try {
			for (int i = 0; i < frame.length; i += length) {
				byte[] piece = Arrays.copyOfRange(frame, i, Math.min(i + length, frame.length));
				if (binary) {
					socket.sendBinary(piece);
				}
				else {
					socket.send(new String(piece, StandardCharsets.US_ASCII));
				}
			}
		}
		catch (CompletionException ex) {
			// The server has closed it, and says why.
		}
	}

	private static String contentType(boolean binary) {
		return "content-type:" + (binary ? "application/octet-stream" : "text/plain") + "\n";
	}

	private static byte[] frameOf(int size, boolean binary) {
		byte[] body = everyByte(size);
		if (!binary) {
			Arrays.fill(body, (byte) 'x');
		}
		int head = frame(contentType(binary), body).length - body.length;
		return frame(contentType(binary), Arrays.copyOf(body, size - head));
	}

	private static byte[] frame(String headers, byte[] body) {
		ByteArrayOutputStream frame = new ByteArrayOutputStream();
		frame.writeBytes(utf8("SEND\n" + DESTINATION + headers + "content-length:" + body.length + "\n\n"));
		frame.writeBytes(body);
		frame.write(0);
		return frame.toByteArray();
	}

	// Each with a line end, a length, and something behind it of its own.
	private static byte[] tenFrames() {
		StringBuilder frames = new StringBuilder();
		for (int i = 0; i < 10; i++) {
			String end = (i % 2 == 0) ? "\r\n" : "\n";
			String body = body(i);
			String length = (i % 3 == 0) ? "content-length:" + utf8(body).length + end : "";
			frames.append("SEND").append(end).append(DESTINATION.strip()).append(end).append("content-type:text/plain");
			frames.append(end).append(length).append(end).append(body).append('\0').append(end.repeat(i % 4));
		}
		return utf8(frames.toString());
	}

	private static String body(int i) {
		return i + " Zoë 🦊\r\n" + ((i % 3 == 0) ? "\0SEND\n\n\0" : "") + "\r";
	}

	private static void assertThatTenArrive(Socket receiver) {
		for (int i = 0; i < 10; i++) {
			assertThat(receiver.awaitMessage("1").body()).isEqualTo(body(i));
		}
	}

	private static String everyPlane() {
		StringBuilder text = new StringBuilder();
		IntStream.rangeClosed(0, 16)
			.flatMap((plane) -> IntStream.of(0, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFD, 0xFFFF)
				.map((character) -> plane * 0x10000 + character))
			.forEach(text::appendCodePoint);
		return text + "🦊👩‍🚀e\u0301\u202E\uFEFF";
	}

	private static byte[] everyByte(int length) {
		byte[] bytes = new byte[length];
		for (int i = 0; i < length; i++) {
			bytes[i] = (byte) i;
		}
		return bytes;
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

}
