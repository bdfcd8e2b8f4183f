package org.sessionlink.outbound;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.sessionlink.link.Link;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

/**
 * The CONNECTED frame, which says under which link the socket is, in STOMP's own header
 * {@code session} (B46): here, as no broker knows the link, and behind whatever the
 * application does to the frame.
 */
final class ConnectedFrame {

	private static final String COMMAND = "CONNECTED\n";

	private static final String END_OF_HEAD = "\n\n";

	private ConnectedFrame() {
	}

	/**
	 * Returns a message that names the link if it is a CONNECTED frame, any other as it
	 * is.
	 */
	static WebSocketMessage<?> under(Link link, WebSocketMessage<?> message) {
		if (message instanceof TextMessage text && text.getPayload().startsWith(COMMAND)) {
			return new TextMessage(named(text.getPayload(), link));
		}
		if (message instanceof BinaryMessage binary && isConnected(binary.getPayload())) {
			// One character a byte, whatever is in the body.
			String frame = StandardCharsets.ISO_8859_1.decode(binary.getPayload().duplicate()).toString();
			return new BinaryMessage(named(frame, link).getBytes(StandardCharsets.ISO_8859_1));
		}
		return message;
	}

	private static boolean isConnected(ByteBuffer frame) {
		int start = frame.position();
		for (int i = 0; i < COMMAND.length(); i++) {
			if (i >= frame.remaining() || frame.get(start + i) != COMMAND.charAt(i)) {
				return false;
			}
		}
		return true;
	}

	// First, and alone: a broker behind a relay names a session of its own.
	private static String named(String frame, Link link) {
		int end = frame.indexOf(END_OF_HEAD);
		String head = frame.substring(COMMAND.length() - 1, Math.max(end, COMMAND.length() - 1));
		return COMMAND + "session:" + link.fingerprint() + head.replaceAll("\nsession:[^\n]*", "")
				+ frame.substring(Math.max(end, COMMAND.length() - 1));
	}

}
