package org.sessionlink.broker;

import org.sessionlink.link.Notices;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;

import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;

/** Tells clients what has no effect, or does not reach them, and counts it. */
record Answers(Notices notices) {

	/** Refuses a frame of a client's. */
	void refuse(MessageHeaders headers, String socketId, Refused reason, String sentence) {
		SocketLink socket = SocketLink.in(SimpMessageHeaderAccessor.getSessionAttributes(headers));
		if (socket != null) {
			socket.link().refused(reason);
		}
		this.notices.refused(socketId, reason, sentence);
	}

}
