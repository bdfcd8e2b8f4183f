package org.sessionlink.journey;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A WebSocket of the {@link LoadGenerator}: one connection without a thread, that makes
 * no garbage per message.
 */
final class BenchClient {

	/** What a client tells of, on the thread of the load generator. */
	interface Listener {

		/** Hears that frames and messages may be sent. */
		default void onConnected(BenchClient client) {
		}

		/** Hears of a message, whose {@link Body} is in the buffer at this place. */
		default void onMessage(BenchClient client, ByteBuffer in, int body) {
		}

		/** Hears that the server has closed, or has answered a closing. */
		default void onClosed(BenchClient client, String reason) {
			throw new IllegalStateException("A socket was closed: " + reason);
		}

	}

	private static final byte[] MESSAGE = "MESSAGE".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] CONNECTED = "CONNECTED".getBytes(StandardCharsets.US_ASCII);

	private static final int HEAD_END = 0x0d0a0d0a;

	private final URI url;

	private final String cookie;

	private final boolean stomp;

	private final Listener listener;

	private final SocketChannel channel;

	private final Tally tally = new Tally();

	private byte[] rest = new byte[256];

	private int restLength;

	private boolean upgraded;

	private String error = "";

	BenchClient(URI url, String cookie, boolean stomp, Listener listener, Selector selector) {
		this.url = url;
		this.cookie = cookie;
		this.stomp = stomp;
		this.listener = listener;
		try {
			this.channel = SocketChannel.open();
			this.channel.configureBlocking(false);
			this.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
			this.channel.connect(new InetSocketAddress(url.getHost(), url.getPort()));
			this.channel.register(selector, SelectionKey.OP_CONNECT, this);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	void send(ByteBuffer frame) {
		try {
			this.channel.write(frame);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		if (frame.hasRemaining()) {
			throw new IllegalStateException("The server does not read what it is sent");
		}
	}

	/** Sends a close frame: the listener hears when the server has answered. */
	void startClosing() {
		send(BenchFrame.of(BenchFrame.CLOSE, new byte[] { 0x03, (byte) 0xe8 }).again());
	}

	/** Returns what its listener keeps of the messages that it has got. */
	Tally tally() {
		return this.tally;
	}

	URI url() {
		return this.url;
	}

	boolean isOpen() {
		return this.channel.isOpen();
	}

	/** Breaks the connection. */
	void abort() {
		try {
			// So that thousands of these do not use up the ports of this machine.
			if (this.channel.isOpen()) {
				this.channel.setOption(StandardSocketOptions.SO_LINGER, 0);
			}
			this.channel.close();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Does what the selector says can be done; the buffer is for all clients. */
	void ready(SelectionKey key, ByteBuffer buffer) {
		try {
			if (key.isConnectable()) {
				this.channel.finishConnect();
				key.interestOps(SelectionKey.OP_READ);
				send(ByteBuffer.wrap(handshake().getBytes(StandardCharsets.US_ASCII)));
			}
			else {
				read(buffer);
			}
		}
		catch (IOException ex) {
			closed("the connection broke: " + ex.getMessage());
		}
	}

	private String handshake() {
		String head = String.join("\r\n", "GET " + this.url.getRawPath() + " HTTP/1.1",
				"Host: " + this.url.getAuthority(), "Connection: Upgrade", "Upgrade: websocket",
				"Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Cookie: " + this.cookie);
		return head + (this.stomp ? "\r\nSec-WebSocket-Protocol: v12.stomp" : "") + "\r\n\r\n";
	}

	private void read(ByteBuffer in) throws IOException {
		in.clear().put(this.rest, 0, this.restLength);
		if (this.channel.read(in) < 0) {
			closed("without a close frame");
			return;
		}
		int end = in.position();
		int at = 0;
		for (int next = take(in, at, end); next > at && this.channel.isOpen(); next = take(in, at, end)) {
			at = next;
		}
		keep(in, at, end - at);
	}

	private void keep(ByteBuffer in, int at, int length) {
		if (length > this.rest.length) {
			this.rest = new byte[length * 2];
		}
		in.get(at, this.rest, 0, length);
		this.restLength = length;
	}

	// Returns where the next frame starts; the same place where this one is not whole.
	private int take(ByteBuffer in, int at, int end) {
		return this.upgraded ? takeFrame(in, at, end) : takeHead(in, at, end);
	}

	private int takeHead(ByteBuffer in, int at, int end) {
		for (int i = at; i + 4 <= end; i++) {
			if (in.getInt(i) == HEAD_END) {
				String head = text(in, at, i);
				if (!head.startsWith("HTTP/1.1 101")) {
					throw new IllegalStateException("Not upgraded: " + head);
				}
				this.upgraded = true;
				opened();
				return i + 4;
			}
		}
		return at;
	}

	private void opened() {
		if (this.stomp) {
			send(BenchFrame.connect().again());
		}
		else {
			this.listener.onConnected(this);
		}
	}

	private int takeFrame(ByteBuffer in, int at, int end) {
		if (at + 2 > end) {
			return at;
		}
		int first = in.get(at) & 0xff;
		int length = in.get(at + 1) & 0x7f;
		int payload = at + 2;
		if (length == 126) {
			if (at + 4 > end) {
				return at;
			}
			length = in.getShort(at + 2) & 0xffff;
			payload = at + 4;
		}
		if (length == 127 || first < 0x80) {
			throw new IllegalStateException("A frame in parts, or one of more than 64 KB");
		}
		if (payload + length > end) {
			return at;
		}
		onFrame(first & 0x0f, in, payload, payload + length);
		return payload + length;
	}

	private void onFrame(int opcode, ByteBuffer in, int start, int end) {
		switch (opcode) {
			case BenchFrame.TEXT -> onText(in, start, end);
			case BenchFrame.PING -> send(BenchFrame.of(BenchFrame.PONG, bytes(in, start, end)).again());
			case BenchFrame.CLOSE -> onClose(in, start, end);
			default -> throw new IllegalStateException("A frame of type " + opcode);
		}
	}

	private void onText(ByteBuffer in, int start, int end) {
		if (!this.stomp) {
			this.listener.onMessage(this, in, end - Body.LENGTH);
		}
		else if (startsWith(MESSAGE, in, start, end)) {
			// The last byte is the end of the STOMP frame.
			this.listener.onMessage(this, in, end - 1 - Body.LENGTH);
		}
		else if (startsWith(CONNECTED, in, start, end)) {
			this.listener.onConnected(this);
		}
		else {
			// An ERROR, before a close frame.
			this.error = text(in, start, end);
		}
	}

	private void onClose(ByteBuffer in, int start, int end) {
		closed((end >= start + 2) ? in.getShort(start) + " " + text(in, start + 2, end) : "without a status");
	}

	private void closed(String reason) {
		abort();
		this.listener.onClosed(this, (reason + " " + this.error).strip());
	}

	private static boolean startsWith(byte[] word, ByteBuffer in, int start, int end) {
		if (end - start < word.length) {
			return false;
		}
		for (int i = 0; i < word.length; i++) {
			if (in.get(start + i) != word[i]) {
				return false;
			}
		}
		return true;
	}

	private static String text(ByteBuffer in, int start, int end) {
		return new String(bytes(in, start, end), StandardCharsets.UTF_8);
	}

	private static byte[] bytes(ByteBuffer in, int start, int end) {
		byte[] bytes = new byte[end - start];
		in.get(start, bytes);
		return bytes;
	}

}
