package org.sessionlink.journey;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A peer that subscribes to all greetings and never reads one. */
final class StalledPeer implements AutoCloseable {

	private final java.net.Socket connection = new java.net.Socket();

	StalledPeer(URI url, String sessionId) {
		try {
			// Little room, so that the server soon finds none.
			this.connection.setReceiveBufferSize(4096);
			this.connection.connect(new InetSocketAddress(url.getHost(), url.getPort()));
			String handshake = String.join("\r\n", "GET " + url.getRawPath() + " HTTP/1.1",
					"Host: " + url.getAuthority(), "Connection: Upgrade", "Upgrade: websocket",
					"Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
					"Cookie: JSESSIONID=" + sessionId, "", "");
			write(handshake.getBytes(StandardCharsets.ISO_8859_1));
			readHead();
			write(text("CONNECT\naccept-version:1.2\n\n\0"));
			write(text("SUBSCRIBE\nid:1\ndestination:/topic/reply\n\n\0"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void write(byte[] bytes) throws IOException {
		this.connection.getOutputStream().write(bytes);
	}

	private void readHead() throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			head.append((char) this.connection.getInputStream().read());
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
