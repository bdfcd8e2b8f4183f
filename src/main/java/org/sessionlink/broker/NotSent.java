package org.sessionlink.broker;

import java.io.IOException;

import org.sessionlink.link.Refused;

/** Why a frame has not reached the broker as a whole, and so has had no effect. */
final class NotSent extends IOException {

	private static final long serialVersionUID = 1L;

	private final Refused reason;

	NotSent(Refused reason) {
		super((reason == Refused.BROKER_SLOW) ? "The broker leaves more unread than may wait for it"
				: "The connection to the broker is closed");
		this.reason = reason;
	}

	NotSent(Throwable cause) {
		super("The connection to the broker has failed", cause);
		this.reason = Refused.BROKER_AWAY;
	}

	Refused reason() {
		return this.reason;
	}

}
