package org.sessionlink.broker;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;
import org.springframework.util.MimeType;

/**
 * A message as bytes that another server makes the same of: its destination, its content
 * type, its native headers and its body. Headers that are objects stay where they are, as
 * with a broker elsewhere.
 */
final class MessageBytes {

	private static final int VERSION = 2;

	private MessageBytes() {
	}

	/**
	 * Returns the bytes.
	 * @throws IllegalArgumentException if its content type is none
	 */
	static byte[] of(String destination, Message<?> message, byte[] body) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length + 256);
		try (DataOutputStream out = new DataOutputStream(bytes)) {
			out.writeByte(VERSION);
			write(out, destination);
			// Who publishes hears of what nobody could read.
			MimeType contentType = EncodedMessage.contentType(message.getHeaders().get(MessageHeaders.CONTENT_TYPE));
			write(out, (contentType != null) ? contentType.toString() : "");
			Map<String, List<String>> headers = EncodedMessage.nativeHeaders(message.getHeaders());
			out.writeInt(headers.size());
			for (Map.Entry<String, List<String>> header : headers.entrySet()) {
				write(out, header.getKey());
				out.writeInt(header.getValue().size());
				for (String value : header.getValue()) {
					write(out, value);
				}
			}
			out.write(body);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes.toByteArray();
	}

	private static void write(DataOutputStream out, @Nullable String text) throws IOException {
		// As it is: who is named by half a surrogate pair has no name in UTF-8.
		String written = (text != null) ? text : "";
		out.writeInt(written.length() * Character.BYTES);
		out.writeChars(written);
	}

	/**
	 * Returns the message again.
	 * @throws IllegalArgumentException if it is none that is known here
	 */
	static Message<byte[]> read(byte[] content) {
		try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(content))) {
			if (in.readByte() != VERSION) {
				throw new IllegalArgumentException("A message of another version of this program");
			}
			SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(SimpMessageType.MESSAGE);
			headers.setDestination(text(in));
			String contentType = text(in);
			if (!contentType.isEmpty()) {
				headers.setContentType(MimeType.valueOf(contentType));
			}
			Map<String, List<String>> named = new LinkedHashMap<>();
			for (int i = count(in); i > 0; i--) {
				String name = text(in);
				List<String> values = new ArrayList<>(1);
				for (int j = count(in); j > 0; j--) {
					values.add(text(in));
				}
				named.put(name, values);
			}
			if (!named.isEmpty()) {
				headers.setHeader(NativeMessageHeaderAccessor.NATIVE_HEADERS, named);
			}
			headers.setLeaveMutable(true);
			return MessageBuilder.createMessage(in.readAllBytes(), headers.getMessageHeaders());
		}
		catch (IOException ex) {
			throw new IllegalArgumentException("No message", ex);
		}
	}

	private static String text(DataInputStream in) throws IOException {
		return ByteBuffer.wrap(in.readNBytes(count(in))).asCharBuffer().toString();
	}

	private static int count(DataInputStream in) throws IOException {
		int count = in.readInt();
		if (count < 0 || count > in.available()) {
			throw new IllegalArgumentException("No message");
		}
		return count;
	}

}
