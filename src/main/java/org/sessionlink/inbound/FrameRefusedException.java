package org.sessionlink.inbound;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Refused;

/**
 * Says that a client's frame is refused; its message is a sentence that the client may
 * see, and says what is allowed.
 */
final class FrameRefusedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final Refused reason;

	private final @Nullable String limit;

	FrameRefusedException(Refused reason, String sentence) {
		this(reason, sentence, null);
	}

	/**
	 * Says that a frame is over a limit.
	 * @param limit the setting that it is, behind {@code sessionlink.limits.}
	 */
	FrameRefusedException(Refused reason, String sentence, @Nullable String limit) {
		// No stack trace: clients can cause it at will.
		super(sentence, null, false, false);
		this.reason = reason;
		this.limit = limit;
	}

	/** What came is no STOMP frame. */
	static FrameRefusedException malformed() {
		return new FrameRefusedException(Refused.MALFORMED,
				"What came is not a STOMP frame as of STOMP 1.0, 1.1 or 1.2.");
	}

	/** A CONNECT has come without the CSRF token that is asked for. */
	static FrameRefusedException csrf() {
		return new FrameRefusedException(Refused.CSRF,
				"CONNECT needs the CSRF token of the HTTP session as a header: load the page again.");
	}

	Refused reason() {
		return this.reason;
	}

	/** Returns the setting that says how much is allowed, or null where none does. */
	@Nullable String limit() {
		return (this.limit != null) ? "sessionlink.limits." + this.limit : null;
	}

	/** Returns what the client can do about it. */
	String sentence() {
		return String.valueOf(getMessage());
	}

}
