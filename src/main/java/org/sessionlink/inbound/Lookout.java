package org.sessionlink.inbound;

import java.nio.charset.StandardCharsets;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

/**
 * Looks at the WebSocket messages of one socket, without decoding them, for frames to
 * destinations that are {@link Blocking}: it may see one where there is none, in a body
 * for instance, which does no harm. Used by the thread that reads the socket.
 */
final class Lookout {

	private static final String DESTINATION = "\ndestination:";

	private static final int LONGEST_LINE = 2_000;

	private final BlockingDestinations destinations;

	/** Of a line that may go on in the next message. */
	private String begun = "";

	/** Whether a frame was seen that may go on in the next message. */
	private boolean unfinished;

	Lookout(BlockingDestinations destinations) {
		this.destinations = destinations;
	}

	/** Returns whether a thread that handles this message may have to wait. */
	boolean sees(WebSocketMessage<?> message) {
		String text = this.begun + text(message);
		boolean sees = this.unfinished || isIn(text);
		boolean whole = message.isLast() && endsFrame(text);
		this.unfinished = sees && !whole;
		this.begun = whole ? "" : lastLine(text);
		return sees;
	}

	private static String text(WebSocketMessage<?> message) {
		if (message instanceof BinaryMessage binary) {
			return StandardCharsets.UTF_8.decode(binary.getPayload().duplicate()).toString();
		}
		return (message instanceof TextMessage text) ? text.getPayload() : "";
	}

	private boolean isIn(String text) {
		for (int at = text.indexOf(DESTINATION); at >= 0; at = text.indexOf(DESTINATION, at + 1)) {
			if (isBlocking(line(text, at + DESTINATION.length()))) {
				return true;
			}
		}
		return false;
	}

	private static String line(String text, int start) {
		int end = start;
		while (end < text.length() && "\r\n\0".indexOf(text.charAt(end)) < 0) {
			end++;
		}
		return text.substring(start, end);
	}

	private boolean isBlocking(String value) {
		String destination = value.replace("\\c", ":");
		// What else may be written with a backslash is in nobody's destination.
		return destination.indexOf('\\') >= 0 || this.destinations.include(destination);
	}

	// A body with a zero byte that is split just there is taken for two frames.
	private static boolean endsFrame(String text) {
		int end = text.length();
		while (end > 0 && "\r\n".indexOf(text.charAt(end - 1)) >= 0) {
			end--;
		}
		return end > 0 && text.charAt(end - 1) == '\0';
	}

	private static String lastLine(String text) {
		int start = text.lastIndexOf('\n');
		return (start >= 0 && text.length() - start <= LONGEST_LINE) ? text.substring(start) : "";
	}

}
