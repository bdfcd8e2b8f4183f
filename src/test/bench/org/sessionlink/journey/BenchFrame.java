package org.sessionlink.journey;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A WebSocket frame as clients send it (RFC 6455, section 5.2), final, and masked with
 * zeros: made once, and sent many times with another {@link Body}.
 */
record BenchFrame(ByteBuffer bytes, int body) {

	static final int TEXT = 1;

	static final int CLOSE = 8;

	static final int PING = 9;

	static final int PONG = 10;

	static BenchFrame connect() {
		return text("CONNECT\naccept-version:1.2\nheart-beat:0,0\n\n\0");
	}

	/** Subscribes, with further headers, a line each. */
	static BenchFrame subscribe(String destination, String headers) {
		return text("SUBSCRIBE\nid:sub-0\ndestination:" + destination + "\n" + headers + "\n\0");
	}

	static BenchFrame send(String destination) {
		return text("SEND\ndestination:" + destination + "\n\n" + Body.empty() + "\0");
	}

	static BenchFrame text(String content) {
		return of(TEXT, content.getBytes(StandardCharsets.UTF_8), content.indexOf(Body.empty()));
	}

	static BenchFrame of(int opcode, byte[] payload) {
		return of(opcode, payload, 0);
	}

	private static BenchFrame of(int opcode, byte[] payload, int body) {
		if (payload.length > 125) {
			throw new IllegalArgumentException("A frame of " + payload.length + " bytes: the most is 125");
		}
		ByteBuffer bytes = ByteBuffer.allocateDirect(6 + payload.length);
		bytes.put((byte) (0x80 | opcode)).put((byte) (0x80 | payload.length)).putInt(0).put(payload).flip();
		return new BenchFrame(bytes, 6 + body);
	}

	/** Returns the bytes to send, with a body that says so. */
	ByteBuffer with(long stamp, int number) {
		Body.write(this.bytes, this.body, stamp, number);
		return again();
	}

	/** Returns the bytes to send, as they were. */
	ByteBuffer again() {
		return this.bytes.rewind();
	}

}
