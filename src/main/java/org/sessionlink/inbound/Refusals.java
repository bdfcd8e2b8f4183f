package org.sessionlink.inbound;

import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.log.LogFormatUtils;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;

/**
 * Answers a SEND or SUBSCRIBE that may not be and has no effect: the client is told, and
 * keeps its socket, unless the settings say that it is closed.
 */
final class Refusals {

	private static final Logger logger = LoggerFactory.getLogger(Refusals.class);

	private final boolean close;

	private final RefusalNotices notices;

	Refusals(boolean close, RefusalNotices notices) {
		this.close = close;
		this.notices = notices;
	}

	/**
	 * Counts, logs and tells.
	 * @throws FrameRefusedException if the socket is to be closed for it
	 */
	void refuse(StompHeaderAccessor frame, SocketLink socket, Incoming incoming, Refused reason, String sentence) {
		if (this.close) {
			throw new FrameRefusedException(reason, sentence);
		}
		socket.link().refused(reason);
		if (incoming.isNews(reason)) {
			logger.warn("{} to {} refused under session {}: {}", frame.getCommand(),
					LogFormatUtils.formatValue(frame.getDestination(), 200, true), socket.link().fingerprint(),
					reason.code());
		}
		else {
			logger.debug("Refused again: {}", reason.code());
		}
		String socketId = frame.getSessionId();
		if (socketId != null) {
			this.notices.tell(socketId, reason, sentence);
		}
	}

}
