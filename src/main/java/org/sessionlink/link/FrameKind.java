package org.sessionlink.link;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/** What kind of frame goes through a socket, as it is counted (B23). */
public enum FrameKind {

	/** Also a STOMP frame, which means the same. */
	CONNECT(Direction.IN),

	/** What a client sends. */
	SEND(Direction.IN),

	/** The begin of a subscription. */
	SUBSCRIBE(Direction.IN),

	/** The end of a subscription. */
	UNSUBSCRIBE(Direction.IN),

	/** What a client has got. */
	ACK(Direction.IN),

	/** What a client does not want. */
	NACK(Direction.IN),

	/** The begin of a transaction. */
	BEGIN(Direction.IN),

	/** The end of a transaction. */
	COMMIT(Direction.IN),

	/** The end of a transaction that has no effect. */
	ABORT(Direction.IN),

	/** The client's goodbye. */
	DISCONNECT(Direction.IN),

	/** The answer to a CONNECT. */
	CONNECTED(Direction.OUT),

	/** A message. */
	MESSAGE(Direction.OUT),

	/** The answer to a frame that wants one. */
	RECEIPT(Direction.OUT),

	/** Why the socket closes. */
	ERROR(Direction.OUT),

	/** A line end, which is no frame and says only that the other side is there. */
	HEARTBEAT(Direction.IN, Direction.OUT),

	/** Whatever else. */
	OTHER(Direction.IN, Direction.OUT);

	private static final Map<String, FrameKind> byCommand = Arrays.stream(values())
		.collect(Collectors.toMap(Enum::name, Function.identity()));

	private final Set<Direction> directions;

	FrameKind(Direction... directions) {
		this.directions = Collections.unmodifiableSet(EnumSet.copyOf(Arrays.asList(directions)));
	}

	/** Where frames go. */
	public enum Direction {

		/** From a client. */
		IN,

		/** To a client. */
		OUT

	}

	/** Returns in which directions it goes. */
	public Set<Direction> directions() {
		return this.directions;
	}

	/** Returns the kind with this command, of any that there may be. */
	public static FrameKind of(@Nullable String command) {
		FrameKind kind = (command != null) ? byCommand.get(command) : null;
		return (kind != null) ? kind : "STOMP".equals(command) ? CONNECT : OTHER;
	}

}
