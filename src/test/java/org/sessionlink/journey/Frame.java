package org.sessionlink.journey;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A STOMP frame as it goes over the wire, written and read by hand.
 *
 * @param bytes its body
 * @param binary whether it came in a binary WebSocket message
 */
record Frame(String command, Map<String, String> headers, byte[] bytes, boolean binary) {

	/**
	 * Reads the frames in one WebSocket message; heart-beats, single line feeds, are
	 * none.
	 */
	static List<Frame> parseAll(byte[] message, boolean binary) {
		List<Frame> frames = new ArrayList<>();
		ByteBuffer in = ByteBuffer.wrap(message);
		while (in.hasRemaining()) {
			if (in.get(in.position()) == '\n') {
				in.get();
			}
			else {
				frames.add(parse(in, binary));
			}
		}
		return frames;
	}

	private static Frame parse(ByteBuffer in, boolean binary) {
		String command = text(readUntil('\n', in));
		Map<String, String> headers = new LinkedHashMap<>();
		for (String line = text(readUntil('\n', in)); !line.isEmpty(); line = text(readUntil('\n', in))) {
			int colon = line.indexOf(':');
			headers.putIfAbsent(line.substring(0, colon), line.substring(colon + 1));
		}
		String length = headers.get("content-length");
		if (length == null) {
			return new Frame(command, headers, readUntil('\0', in), binary);
		}
		byte[] body = new byte[Integer.parseInt(length)];
		in.get(body);
		if (in.get() != '\0') {
			throw new IllegalStateException("The content-length " + length + " is not that of " + text(in.array()));
		}
		return new Frame(command, headers, body, binary);
	}

	private static byte[] readUntil(char end, ByteBuffer in) {
		int length = 0;
		while (in.get(in.position() + length) != end) {
			length++;
		}
		byte[] read = new byte[length];
		in.get(read).get();
		return read;
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

	String header(String name) {
		return this.headers.get(name);
	}

	/** Returns the body as text. */
	String body() {
		return text(this.bytes);
	}

	/** Returns all of it but what each server and each message has of its own. */
	String described() {
		Map<String, String> same = new TreeMap<>(this.headers);
		same.keySet().removeAll(List.of("message-id", "content-length", "heart-beat"));
		if (this.command.equals("CONNECTED")) {
			same.remove("session");
		}
		return this.command + same + body();
	}

	@Override
	public String toString() {
		return this.command + this.headers + body();
	}

}
