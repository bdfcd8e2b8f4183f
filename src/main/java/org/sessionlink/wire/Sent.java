package org.sessionlink.wire;

import java.nio.ByteBuffer;

import org.sessionlink.link.Counts;
import org.sessionlink.link.FrameKind;
import org.sessionlink.link.FrameKind.Direction;
import org.sessionlink.link.Traffic;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

/**
 * Counts what goes out to one socket (B23). Used by whoever has the {@link Pen}: what all
 * sockets share is touched once a stroke, not once a message.
 */
public final class Sent {

	private final Traffic traffic;

	private final Counts counts;

	private int messages;

	/** Counts for a socket, and for all. */
	public Sent(Traffic traffic, Counts counts) {
		this.traffic = traffic;
		this.counts = counts;
	}

	/** Counts a frame that goes to the container now. */
	void add(WebSocketMessage<?> frame, int bytes) {
		FrameKind kind = kind(frame);
		this.traffic.sent((kind != FrameKind.HEARTBEAT) ? 1 : 0, bytes);
		if (kind == FrameKind.MESSAGE) {
			this.messages++;
		}
		else {
			this.counts.frames(Direction.OUT, kind, 1);
		}
	}

	/** Counts for all what this stroke has written. */
	void strokeIsOver() {
		if (this.messages > 0) {
			this.counts.frames(Direction.OUT, FrameKind.MESSAGE, this.messages);
			this.messages = 0;
		}
	}

	// By its first letter: each command of a server begins with another.
	private static FrameKind kind(WebSocketMessage<?> frame) {
		return switch (first(frame)) {
			case 'M' -> FrameKind.MESSAGE;
			case '\n', '\r' -> FrameKind.HEARTBEAT;
			case 'R' -> FrameKind.RECEIPT;
			case 'C' -> FrameKind.CONNECTED;
			case 'E' -> FrameKind.ERROR;
			default -> FrameKind.OTHER;
		};
	}

	private static char first(WebSocketMessage<?> frame) {
		if (frame instanceof TextMessage text && !text.getPayload().isEmpty()) {
			return text.getPayload().charAt(0);
		}
		if (frame instanceof BinaryMessage binary && binary.getPayload().hasRemaining()) {
			ByteBuffer bytes = binary.getPayload();
			return (char) bytes.get(bytes.position());
		}
		return 0;
	}

}
