package org.sessionlink.watch;

import org.sessionlink.link.Drain;
import org.sessionlink.link.Links;
import org.sessionlink.watch.AuditEntry.Action;
import org.sessionlink.watch.AuditEntry.Target;

import org.springframework.context.annotation.Lazy;

/**
 * Lets the clients of this server go before somebody stops it (B54), and writes down who
 * wanted that. Safe for use by any thread.
 */
@Lazy(false)
final class DrainOperations {

	private static final Target SERVER = new Target(null, null, null, null);

	private final Drain drain;

	private final Links links;

	private final AuditTrail audit;

	DrainOperations(Drain drain, Links links, AuditTrail audit) {
		this.drain = drain;
		this.links = links;
		this.audit = audit;
	}

	/** Returns whether they go, or are gone, and how many are still there. */
	Draining look() {
		int sockets = this.links.socketCount();
		return new Draining(this.links.isLeaving(), sockets);
	}

	/** Begins, unless that has been done. */
	Draining begin(String who, String reason) {
		if (this.drain.begin()) {
			this.audit.add(who, Action.DRAIN, SERVER, reason);
		}
		return look();
	}

	/** Takes it back, unless there is nothing to take back. */
	Draining cancel(String who, String reason) {
		if (this.drain.cancel()) {
			this.audit.add(who, Action.UNDRAIN, SERVER, reason);
		}
		return look();
	}

	/** Whether this server lets its clients go, and how many sockets are open. */
	record Draining(boolean draining, int sockets) {

	}

}
