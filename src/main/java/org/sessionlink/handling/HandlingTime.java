package org.sessionlink.handling;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.SocketLink;
import org.sessionlink.link.Timed;
import org.sessionlink.link.Timings;

/**
 * How long threads work on one frame: what it waits in between, for one that may wait
 * with it, does not count. Used by one thread at a time.
 */
final class HandlingTime {

	private final @Nullable SocketLink socket;

	private boolean on;

	private long begun;

	private long before;

	/**
	 * Makes that of a socket.
	 * @param socket nothing is taken where it is null
	 */
	HandlingTime(@Nullable SocketLink socket) {
		this.socket = socket;
	}

	/** Takes note that a thread begins with a frame, if anybody wants to know. */
	void begin(boolean heartbeat) {
		this.before = 0;
		this.on = !heartbeat && this.socket != null && this.socket.link().timings() != Timings.NONE;
		goOn();
	}

	/** Takes note that a thread goes on with the frame that is parked. */
	void goOn() {
		if (this.on) {
			this.begun = now();
		}
	}

	/** Takes note that a thread stops. */
	void stop(boolean parked) {
		if (!this.on) {
			return;
		}
		this.before += now() - this.begun;
		if (!parked && this.socket != null) {
			this.on = false;
			this.socket.link().timings().took(Timed.HANDLE, this.before);
		}
	}

	private long now() {
		return (this.socket != null) ? this.socket.link().clock().nanoTime() : 0;
	}

}
