package org.sessionlink.inbound;

import java.util.EnumSet;
import java.util.Set;

import org.springframework.messaging.simp.SimpMessageType;

/**
 * Which frames of a client keep its HTTP session alive (B7); what the server pushes never
 * does.
 */
public enum Activity {

	/** CONNECT, SUBSCRIBE, UNSUBSCRIBE and SEND: somebody is there (B8). */
	MESSAGES(EnumSet.of(SimpMessageType.CONNECT, SimpMessageType.SUBSCRIBE, SimpMessageType.UNSUBSCRIBE,
			SimpMessageType.MESSAGE)),

	/** These, and heart-beats: a page is open. */
	HEARTBEATS(EnumSet.of(SimpMessageType.CONNECT, SimpMessageType.SUBSCRIBE, SimpMessageType.UNSUBSCRIBE,
			SimpMessageType.MESSAGE, SimpMessageType.HEARTBEAT)),

	/** None: only HTTP requests count. */
	NONE(EnumSet.noneOf(SimpMessageType.class));

	private final Set<SimpMessageType> types;

	Activity(Set<SimpMessageType> types) {
		this.types = types;
	}

	boolean includes(SimpMessageType type) {
		return this.types.contains(type);
	}

}
