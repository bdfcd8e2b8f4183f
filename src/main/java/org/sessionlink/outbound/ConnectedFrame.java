package org.sessionlink.outbound;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

import org.sessionlink.link.SocketLink;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

/**
 * The CONNECTED frame, which says under which link the socket is, in STOMP's own header
 * {@code session}, and whose it is (B46): here, as no broker knows the link, and behind
 * whatever the application does to the frame.
 */
final class ConnectedFrame {

	private static final String COMMAND = "CONNECTED\n";

	private static final String END_OF_HEAD = "\n\n";

	/** Spring's, of the time when CONNECT came, and what a broker calls a session. */
	private static final Pattern SAID_BEFORE = Pattern.compile("^(?:session|user-name):.*\n",
			Pattern.MULTILINE | Pattern.UNIX_LINES);

	private ConnectedFrame() {
	}

	/** Returns what to send: a message as it is, unless it is this frame. */
	static WebSocketMessage<?> of(SocketLink socket, WebSocketMessage<?> message) {
		if (message instanceof TextMessage text && text.getPayload().startsWith(COMMAND)) {
			return new TextMessage(naming(socket, text.getPayload()));
		}
		if (message instanceof BinaryMessage binary && isConnected(binary.getPayload())) {
			String frame = StandardCharsets.UTF_8.decode(binary.getPayload().duplicate()).toString();
			return new BinaryMessage(naming(socket, frame).getBytes(StandardCharsets.UTF_8));
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

	private static String naming(SocketLink socket, String spring) {
		String user = socket.identity().name();
		// Spring writes the name as it is, and what is behind a line feed in it would be
		// a header, or the body.
		String frame = (user != null) ? spring.replace("user-name:" + user + "\n", "") : spring;
		int end = frame.indexOf(END_OF_HEAD) + 1;
		if (end == 0) {
			return frame;
		}
		StringBuilder named = new StringBuilder(COMMAND);
		named.append("session:").append(socket.link().fingerprint()).append('\n');
		if (user != null) {
			// This frame has no escapes ("Value Encoding"), one line for each header, and
			// ends with NUL.
			named.append("user-name:").append(user.replaceAll("[\\r\\n\\x00]", "")).append('\n');
		}
		String others = SAID_BEFORE.matcher(frame.substring(COMMAND.length(), end)).replaceAll("");
		return named.append(others).append(frame, end, frame.length()).toString();
	}

}
