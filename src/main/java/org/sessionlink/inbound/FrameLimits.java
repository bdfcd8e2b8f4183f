package org.sessionlink.inbound;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;

import org.springframework.web.socket.TextMessage;

/**
 * How many frames, how large, with how many headers and how long ones (B27). The size is
 * decided once all endpoints are set up, by one volatile write.
 */
public final class FrameLimits {

	private final InboundSettings settings;

	private volatile int messageSize;

	FrameLimits(InboundSettings settings) {
		this.settings = settings;
		this.messageSize = settings.messageSize();
	}

	/** Says how many bytes a frame may have; 0 for any number. */
	public void messageSize(int most) {
		this.messageSize = most;
	}

	/** Returns the most bytes of a frame, however many where there is no limit. */
	public int messageSize() {
		int most = this.messageSize;
		return (most > 0) ? most : Integer.MAX_VALUE;
	}

	void checkSize(int size) {
		// Below zero where the sum of two sizes has overflown.
		if (size < 0 || size > messageSize()) {
			throw tooLarge();
		}
	}

	void checkSize(TextMessage text) {
		// No character of a string takes more bytes than three.
		if (text.getPayload().length() > messageSize() / 3) {
			checkSize(text.getPayloadLength());
		}
	}

	FrameRefusedException tooLarge() {
		return new FrameRefusedException(Refused.FRAME_TOO_LARGE,
				"The frame is too large: send at most " + messageSize() + " bytes.", "message-size");
	}

	void takeFrame(@Nullable SocketLink socket) {
		if (socket != null && !socket.link().takeFrames(1)) {
			throw new FrameRefusedException(Refused.TOO_MANY_FRAMES,
					"Too many frames in a short time: send fewer, and connect again in a while.", "frames-per-second");
		}
	}

	void checkHeaders(Map<String, List<String>> headers) {
		int most = this.settings.headers();
		int longest = this.settings.headerLength();
		int count = 0;
		for (Map.Entry<String, List<String>> header : headers.entrySet()) {
			count += header.getValue().size();
			if (most > 0 && count > most) {
				throw new FrameRefusedException(Refused.TOO_MANY_HEADERS,
						"The frame has too many headers: send at most " + most + ".", "headers");
			}
			for (String value : header.getValue()) {
				int length = header.getKey().length() + ((value != null) ? value.length() : 0);
				if (longest > 0 && length > longest) {
					throw new FrameRefusedException(Refused.HEADER_TOO_LONG,
							"A header is too long: its name and value may have " + longest + " characters together.",
							"header-length");
				}
			}
		}
	}

}
