package org.sessionlink.broker;

import java.util.LinkedHashMap;
import java.util.Map;

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
		tell(socketId, reason, sentence);
	}

	/** Tells a client without counting it. */
	void tell(String socketId, Refused reason, String sentence) {
		Map<String, String> notice = new LinkedHashMap<>();
		notice.put("error", reason.code());
		notice.put("message", sentence);
		this.notices.tell(socketId, Notices.ERRORS, notice);
	}

}
