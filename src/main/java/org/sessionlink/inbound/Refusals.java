package org.sessionlink.inbound;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.LogText;
import org.sessionlink.link.Notices;
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

	private final Supplier<Notices> notices;

	private final RefusedDestinations destinations = new RefusedDestinations();

	Refusals(boolean close, Supplier<Notices> notices) {
		this.close = close;
		this.notices = notices;
	}

	/**
	 * Counts, logs and tells.
	 * @throws FrameRefusedException if the socket is to be closed for it
	 */
	void refuse(StompHeaderAccessor frame, SocketLink socket, Incoming incoming, Refused reason, String sentence) {
		refuse(frame, socket, incoming, reason, sentence, null);
	}

	/**
	 * Counts, logs and tells.
	 * @param remedy the setting that would let the frame through, if one would
	 * @throws FrameRefusedException if the socket is to be closed for it
	 */
	void refuse(StompHeaderAccessor frame, SocketLink socket, Incoming incoming, Refused reason, String sentence,
			@Nullable String remedy) {
		if (this.close) {
			if (remedy != null) {
				log(frame, socket, incoming, reason, remedy);
			}
			throw new FrameRefusedException(reason, sentence);
		}
		socket.link().refused(reason);
		log(frame, socket, incoming, reason, remedy);
		String socketId = frame.getSessionId();
		if (socketId != null) {
			this.notices.get().refused(socketId, reason, sentence);
		}
	}

	private void log(StompHeaderAccessor frame, SocketLink socket, Incoming incoming, Refused reason,
			@Nullable String remedy) {
		boolean isNews = (remedy == null || this.destinations.areTooMany()) ? incoming.isNews(reason)
				: this.destinations.isNews(frame.getCommand() + " " + frame.getDestination());
		if (!isNews) {
			logger.debug("Refused again: {}", reason.code());
			return;
		}
		logger.warn("{} to {} refused under session {}: {}{}", frame.getCommand(),
				LogFormatUtils.formatValue(LogText.visible(frame.getDestination()), 200, true),
				socket.link().fingerprint(), reason.code(), (remedy != null) ? ". If clients may: " + remedy : "");
	}

}
