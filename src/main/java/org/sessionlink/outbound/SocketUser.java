package org.sessionlink.outbound;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import org.sessionlink.link.EndCause;
import org.sessionlink.link.Identity;
import org.sessionlink.link.SocketLink;

/**
 * Whom a socket was last known to belong to, and what a change of that does to it (B12).
 *
 * <p>
 * Safe for use by any thread: a change is one atomic exchange, so that one thread alone
 * finds it, and whoever makes it looks again, so that what is remembered is no older.
 */
final class SocketUser {

	private final GatedSocket socket;

	private final SocketLink socketLink;

	private final Supplier<SubscriptionControl> control;

	private final AtomicReference<Identity> known;

	SocketUser(GatedSocket socket, Supplier<SubscriptionControl> control) {
		this.socket = socket;
		this.socketLink = socket.socketLink();
		this.control = control;
		this.known = new AtomicReference<>(this.socketLink.identity());
	}

	/** Looks who it is now; may come at any time, any number of times. */
	void mayHaveChanged() {
		look();
		this.socketLink.settlePresence();
	}

	private void look() {
		if (this.socketLink.isOutgrown()) {
			comeBack();
		}
		if (this.socketLink.isLoggedIn()) {
			// It is whom its CONNECT has named, whatever becomes of the HTTP session.
			return;
		}
		if (!hasChanged()) {
			return;
		}
		if (this.socket.settings().closeOnUserChange()) {
			end();
		}
		else {
			this.control.get().review(this.socket);
		}
	}

	private boolean hasChanged() {
		// Again where it has changed meanwhile: who saw that may have been first to
		// remember it.
		boolean changed = false;
		Identity now;
		do {
			now = this.socketLink.identity();
			changed |= !now.sameAs(this.known.getAndSet(now));
		}
		while (!now.sameAs(this.socketLink.identity()));
		return changed;
	}

	private void comeBack() {
		if (!this.socket.settings().closeOnUserChange()) {
			this.socket.closing().renewed();
		}
		else if (!this.socket.isClosing()) {
			end();
		}
	}

	private void end() {
		this.socketLink.link().end(this.socket, EndCause.USER_CHANGED);
	}

}
