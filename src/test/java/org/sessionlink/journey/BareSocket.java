package org.sessionlink.journey;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

import org.sessionlink.Deadlines;

/**
 * One WebSocket on a TCP connection, by hand: it goes as far as it is told, and breaks
 * off in any way there is. It reads only when it is asked to, on the thread that asks.
 */
final class BareSocket {

	private static final int TEXT = 1;

	private static final int CLOSE = 8;

	private static final int PING = 9;

	private static final int PONG = 10;

	/** Of the last frame of a message, or its only one. */
	private static final int LAST = 0x80;

	// Little, so that the server soon finds none; of less than two segments TCP gives
	// some
	// every 200 ms.
	private static final int ROOM = 256 * 1024;

	private final java.net.Socket connection = new java.net.Socket();

	private final ByteArrayOutputStream message = new ByteArrayOutputStream();

	private final Deque<Frame> frames = new ArrayDeque<>();

	private final DataInputStream in;

	/** Connects, and begins the handshake under this session; null for none. */
	BareSocket(URI url, String sessionId) throws IOException {
		this.connection.setTcpNoDelay(true);
		this.connection.setReceiveBufferSize(ROOM);
		this.connection.setSoTimeout((int) Deadlines.ANY.toMillis());
		this.connection.connect(new InetSocketAddress(url.getHost(), url.getPort()));
		this.in = new DataInputStream(new BufferedInputStream(this.connection.getInputStream()));
		String cookie = (sessionId != null) ? "\r\nCookie: JSESSIONID=" + sessionId : "";
		write(String
			.join("\r\n", "GET " + url.getRawPath() + " HTTP/1.1", "Host: " + url.getAuthority(), "Connection: Upgrade",
					"Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Protocol: v12.stomp",
					"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==" + cookie, "", "")
			.getBytes(StandardCharsets.ISO_8859_1));
	}

	/** Waits for the answer to the handshake. */
	BareSocket upgraded() throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			head.append((char) this.in.readUnsignedByte());
		}
		if (!head.toString().startsWith("HTTP/1.1 101")) {
			throw new IOException(head.substring(0, head.indexOf("\r\n")));
		}
		return this;
	}

	/** Sends text. */
	BareSocket send(String text) throws IOException {
		write(frame(TEXT, text.getBytes(StandardCharsets.UTF_8)));
		return this;
	}

	/** Sends the first half of the WebSocket frame of a text. */
	BareSocket sendHalf(String text) throws IOException {
		byte[] whole = frame(TEXT, text.getBytes(StandardCharsets.UTF_8));
		this.connection.getOutputStream().write(whole, 0, whole.length / 2);
		return this;
	}

	private void write(byte[] bytes) throws IOException {
		this.connection.getOutputStream().write(bytes);
	}

	// RFC 6455, section 5.2: final, and masked with zeros.
	private static byte[] frame(int opcode, byte[] payload) {
		ByteArrayOutputStream frame = new ByteArrayOutputStream();
		frame.write(LAST | opcode);
		if (payload.length < 126) {
			frame.write(0x80 | payload.length);
		}
		else {
			frame.write(0x80 | 126);
			frame.write(payload.length >> 8);
			frame.write(payload.length);
		}
		frame.writeBytes(new byte[4]);
		frame.writeBytes(payload);
		return frame.toByteArray();
	}

	/**
	 * Waits for the next frame of STOMP with this command, passing over messages.
	 */
	Frame await(String command) throws IOException {
		Frame frame = next();
		while (!frame.command().equals(command)) {
			if (!frame.command().equals("MESSAGE")) {
				throw new IOException("No " + command + ", but " + frame);
			}
			frame = next();
		}
		return frame;
	}

	/** Waits for the next frame of STOMP; fails with how it was closed if it is. */
	Frame next() throws IOException {
		long deadline = System.nanoTime() + Deadlines.ANY.toNanos();
		while (this.frames.isEmpty()) {
			read();
			// Who only hears pings waits in vain.
			if (System.nanoTime() - deadline > 0) {
				throw new IOException("No frame within " + Deadlines.ANY);
			}
		}
		return this.frames.remove();
	}

	private void read() throws IOException {
		int first = this.in.readUnsignedByte();
		byte[] payload = this.in.readNBytes(length());
		switch (first & 0x0f) {
			case PING -> write(frame(PONG, payload));
			case CLOSE -> throw new EOFException(closing(payload));
			default -> {
				this.message.writeBytes(payload);
				if (first >= LAST) {
					this.frames.addAll(Frame.parseAll(this.message.toByteArray(), false));
					this.message.reset();
				}
			}
		}
	}

	private int length() throws IOException {
		int length = this.in.readUnsignedByte();
		if (length == 126) {
			return this.in.readUnsignedShort();
		}
		return (length == 127) ? (int) this.in.readLong() : length;
	}

	private static String closing(byte[] payload) {
		return (payload.length < 2) ? "without a status" : ((payload[0] & 0xff) << 8 | payload[1] & 0xff) + " "
				+ new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
	}

	/** Breaks the connection off: the server gets a reset. */
	void reset() throws IOException {
		this.connection.setSoLinger(true, 0);
		this.connection.close();
	}

	/** Ends the connection, without a close frame. */
	void close() throws IOException {
		this.connection.close();
	}

	/** Closes as a client does that wants to. */
	void leave() throws IOException {
		write(frame(CLOSE, new byte[] { 0x03, (byte) 0xe8 }));
		close();
	}

}
