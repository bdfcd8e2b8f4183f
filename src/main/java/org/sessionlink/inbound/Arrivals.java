package org.sessionlink.inbound;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.CloseCause;
import org.sessionlink.link.FrameKind;
import org.sessionlink.link.FrameKind.Direction;
import org.sessionlink.link.SocketLink;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.stomp.BufferingStompDecoder;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.WebSocketMessage;

/**
 * What comes from one socket, on its way to be frames that are paid for (B27): nothing is
 * kept, or handled, before that.
 *
 * <p>
 * A frame costs one as it begins, as do a WebSocket message that begins none, and a
 * number of its parts. What has to come costs nothing: heart-beats at the pace that was
 * agreed on, and answers to the server's own pings. Used by the thread that reads, one at
 * a time.
 */
final class Arrivals {

	/**
	 * A message of 64 KB that comes in ordinary network packets costs three frames; one
	 * in parts of one byte is stopped.
	 */
	private static final int PARTS_PER_FRAME = 16;

	private static final int UNKNOWN = -1;

	// As Spring's accessor writes it, which does not say so.
	private static final String COMMAND = "stompCommand";

	private final @Nullable SocketLink socket;

	private final FrameLimits limits;

	private final Pulse pulse;

	private final Parts parts;

	private final BufferingStompDecoder decoder;

	private boolean begins;

	private boolean over;

	/** The bytes of what has come, as far as they are known, until they are counted. */
	private int uncounted;

	Arrivals(@Nullable SocketLink socket, FrameLimits limits, Pulse pulse) {
		this.socket = socket;
		this.limits = limits;
		this.pulse = pulse;
		this.parts = new Parts(limits);
		this.decoder = new BufferingStompDecoder(new SafeDecoder(limits, this::pay), Integer.MAX_VALUE);
	}

	/**
	 * Returns the frames that this message completes. The last one may stand for what is
	 * refused, to be told in its turn; after it there are no more.
	 */
	List<Frame> of(WebSocketMessage<?> message) {
		List<Frame> frames = new ArrayList<>(1);
		try {
			if (!this.over) {
				take(message, frames);
			}
		}
		catch (FrameRefusedException ex) {
			this.over = true;
			// What is refused has come all the same.
			count(List.of(), (this.uncounted == UNKNOWN) ? message.getPayloadLength() : this.uncounted);
			frames.add(new Frame(SafeDecoder.flawed(ex)));
		}
		return frames;
	}

	private void take(WebSocketMessage<?> message, List<Frame> frames) {
		this.uncounted = UNKNOWN;
		if (message instanceof PongMessage) {
			count(List.of(), 0);
			if (this.socket == null || !this.socket.answersPing()) {
				this.limits.takeFrame(this.socket);
			}
			return;
		}
		ByteBuffer whole = this.parts.add(message);
		if (whole == null) {
			count(List.of(), 0);
			if (this.parts.count() % PARTS_PER_FRAME == 0) {
				this.limits.takeFrame(this.socket);
			}
			return;
		}
		this.begins = false;
		this.uncounted = whole.remaining();
		List<Message<byte[]>> decoded = this.decoder.decode(whole);
		count(decoded, this.uncounted);
		if (!this.begins) {
			this.limits.takeFrame(this.socket);
		}
		decoded.forEach((frame) -> frames.add(new Frame(frame)));
	}

	// Whatever comes is a sign of life, and the bytes of a message in parts count as it
	// is
	// whole.
	private void count(List<Message<byte[]>> frames, int bytes) {
		this.uncounted = 0;
		if (this.socket == null) {
			return;
		}
		int proper = 0;
		for (Message<byte[]> frame : frames) {
			FrameKind kind = kind(frame);
			proper += (kind != FrameKind.HEARTBEAT) ? 1 : 0;
			this.socket.link().counts().frames(Direction.IN, kind, 1);
			if (kind == FrameKind.DISCONNECT) {
				this.socket.closesFor(CloseCause.CLIENT_DISCONNECTED);
			}
		}
		this.socket.traffic().received(proper, bytes);
	}

	private static FrameKind kind(Message<byte[]> frame) {
		if (SimpMessageHeaderAccessor.getMessageType(frame.getHeaders()) == SimpMessageType.HEARTBEAT) {
			return FrameKind.HEARTBEAT;
		}
		// Also of what stands for a flaw, as an ERROR that no client has sent.
		FrameKind kind = (frame.getHeaders().get(COMMAND) instanceof StompCommand command)
				? FrameKind.of(command.name()) : FrameKind.OTHER;
		return kind.directions().contains(Direction.IN) ? kind : FrameKind.OTHER;
	}

	private void pay(boolean heartbeat) {
		this.begins = true;
		if (this.socket == null || (heartbeat && this.pulse.allows(this.socket.link().clock().nanoTime()))) {
			return;
		}
		try {
			this.limits.takeFrame(this.socket);
		}
		catch (FrameRefusedException ex) {
			this.over = true;
			throw ex;
		}
	}

}
