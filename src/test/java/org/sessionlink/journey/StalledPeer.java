package org.sessionlink.journey;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.sessionlink.Deadlines;
import org.sessionlink.wire.WholeFrames;

/** A peer that subscribes to all greetings, and reads nothing until it is told to. */
final class StalledPeer implements AutoCloseable {

	private static final int CLOSE = 8;

	// Little, so that the server soon finds none, but more than two segments: of less TCP
	// gives some every 200 ms.
	private static final int ROOM = 256 * 1024;

	private final java.net.Socket connection = new java.net.Socket();

	private DataInputStream input;

	StalledPeer(URI url, String sessionId) {
		this(url, sessionId, "CONNECT\naccept-version:1.2\n\n\0", "SUBSCRIBE\nid:1\ndestination:/topic/reply\n\n\0");
	}

	private StalledPeer(URI url, String sessionId, String... frames) {
		try {
			this.connection.setReceiveBufferSize(ROOM);
			this.connection.setSoTimeout((int) Deadlines.ANY.toMillis());
			this.connection.connect(new InetSocketAddress(url.getHost(), url.getPort()));
			String handshake = String.join("\r\n", "GET " + url.getRawPath() + " HTTP/1.1",
					"Host: " + url.getAuthority(), "Connection: Upgrade", "Upgrade: websocket",
					"Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
					"Cookie: JSESSIONID=" + Objects.requireNonNull(sessionId, "a session"), "", "");
			write(handshake.getBytes(StandardCharsets.ISO_8859_1));
			readHead();
			for (String frame : frames) {
				send(frame);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Opens a WebSocket, CONNECTs and subscribes to something. */
	static StalledPeer subscribed(URI url, String sessionId, String destination) {
		return new StalledPeer(url, sessionId, "CONNECT\naccept-version:1.2\n\n\0",
				"SUBSCRIBE\nid:1\ndestination:" + destination + "\n\n\0");
	}

	/** Opens a WebSocket, and sends nothing. */
	static StalledPeer opened(URI url, String sessionId) {
		return new StalledPeer(url, sessionId, new String[0]);
	}

	/** Sends text of less than 126 bytes. */
	void send(String text) throws IOException {
		write(text(text));
	}

	private void write(byte[] bytes) throws IOException {
		this.connection.getOutputStream().write(bytes);
	}

	private void readHead() throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			int next = this.connection.getInputStream().read();
			if (next < 0) {
				throw new EOFException("No answer to the handshake");
			}
			head.append((char) next);
		}
	}

	// RFC 6455, section 5.2: a final text frame, masked with zeros, of less than 126
	// bytes.
	private static byte[] text(String content) {
		ByteArrayOutputStream frame = new ByteArrayOutputStream();
		byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
		frame.write(0x81);
		frame.write(0x80 | bytes.length);
		frame.writeBytes(new byte[4]);
		frame.writeBytes(bytes);
		return frame.toByteArray();
	}

	/**
	 * Reads, and answers nothing, until a message has this in it; returns all it read.
	 */
	String readUntil(String part) {
		StringBuilder read = new StringBuilder();
		try {
			DataInputStream in = input();
			for (Received frame = read(in); frame.opcode() != CLOSE; frame = read(in)) {
				read.append(frame.text());
				if (frame.text().contains(part)) {
					return read.toString();
				}
			}
			throw new AssertionError("Closed before " + part);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Reads, and answers nothing, until the server closes; returns status and reason, or
	 * {@code reset} where it has broken the connection.
	 */
	String awaitEnd() {
		try {
			DataInputStream in = input();
			Received frame = read(in);
			while (frame.opcode() != CLOSE) {
				frame = read(in);
			}
			ByteBuffer payload = ByteBuffer.wrap(frame.payload());
			return payload.getShort() + " " + StandardCharsets.UTF_8.decode(payload);
		}
		catch (SocketTimeoutException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (IOException ex) {
			return "reset";
		}
	}

	private DataInputStream input() throws IOException {
		if (this.input == null) {
			this.input = new DataInputStream(new BufferedInputStream(this.connection.getInputStream()));
		}
		return this.input;
	}

	// RFC 6455, section 5.2, as servers write it: without a mask.
	private static Received read(DataInputStream in) throws IOException {
		int opcode = in.readUnsignedByte() & 0x0f;
		int length = in.readUnsignedByte();
		if (length == 126) {
			length = in.readUnsignedShort();
		}
		else if (length == 127) {
			length = (int) in.readLong();
		}
		return new Received(opcode, in.readNBytes(length));
	}

	private record Received(int opcode, byte[] payload) {

		String text() {
			return (this.opcode <= 1) ? new String(this.payload, StandardCharsets.UTF_8) : "";
		}

	}

	/**
	 * Reads at this pace to the end, and sees to it that each frame is whole and each
	 * message one of STOMP; only the very last may be cut off, by the end of the
	 * connection.
	 * @return status and reason, or {@code cut off} where there is no close frame
	 */
	String readSlowly(int bytesPerSecond) {
		try {
			return new WholeFrames(new DataInputStream(new Paced(this.connection.getInputStream(), bytesPerSecond)))
				.readToEnd();
		}
		catch (SocketTimeoutException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (IOException ex) {
			return "cut off";
		}
	}

	/** Gives so much of what comes, and no sooner. */
	private static final class Paced extends FilterInputStream {

		private static final int STEP = 4096;

		private final int bytesPerSecond;

		private final long start = System.nanoTime();

		private long read;

		Paced(InputStream in, int bytesPerSecond) {
			super(in);
			this.bytesPerSecond = bytesPerSecond;
		}

		@Override
		public int read() throws IOException {
			byte[] one = new byte[1];
			return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
		}

		@Override
		public int read(byte[] bytes, int offset, int length) throws IOException {
			long due = this.start + this.read * TimeUnit.SECONDS.toNanos(1) / this.bytesPerSecond;
			for (long rest = due - System.nanoTime(); rest > 0; rest = due - System.nanoTime()) {
				LockSupport.parkNanos(rest);
			}
			int count = super.read(bytes, offset, Math.min(length, STEP));
			this.read += Math.max(count, 0);
			return count;
		}

	}

	/** Returns whether the server takes nothing any more, as it has let go. */
	boolean isRefused() {
		try {
			send("\n");
			return false;
		}
		catch (IOException ex) {
			return true;
		}
	}

	/** Breaks the connection off, without a word. */
	void reset() {
		try {
			this.connection.setSoLinger(true, 0);
			this.connection.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		try {
			this.connection.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
