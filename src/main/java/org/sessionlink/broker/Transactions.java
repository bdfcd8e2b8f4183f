package org.sessionlink.broker;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Refused;

import org.springframework.messaging.simp.stomp.StompCommand;

/**
 * What the broker holds for one client in transactions that are open, and how much of it
 * (B27). Used under the lock of the client's line.
 */
final class Transactions {

	/** What each frame costs the broker beside its body. */
	private static final int BESIDE = 256;

	private final Map<String, Long> bytes = new HashMap<>(2);

	private final long most;

	private long all;

	/**
	 * Makes it empty.
	 * @param most the most bytes; 0 for any number
	 */
	Transactions(long most) {
		this.most = most;
	}

	/**
	 * Takes a frame that belongs to a transaction.
	 * @return why it may not be, or null
	 */
	@Nullable Refused take(StompCommand command, String id, int length) {
		boolean begins = command == StompCommand.BEGIN;
		if (begins == this.bytes.containsKey(id)) {
			return Refused.NO_TRANSACTION;
		}
		if (command == StompCommand.COMMIT || command == StompCommand.ABORT) {
			forget(id);
			return null;
		}
		long more = BESIDE + length + (begins ? id.length() : 0L);
		if (this.most > 0 && this.all + more > this.most) {
			return Refused.TRANSACTION_TOO_LARGE;
		}
		this.bytes.merge(id, more, Long::sum);
		this.all += more;
		return null;
	}

	/** Returns whether one is open. */
	boolean isOpen(String id) {
		return this.bytes.containsKey(id);
	}

	/** Forgets one, which has ended. */
	void forget(String id) {
		Long ended = this.bytes.remove(id);
		this.all -= (ended != null) ? ended : 0;
	}

	/** Forgets all, as the broker has with the connection. */
	void clear() {
		this.bytes.clear();
		this.all = 0;
	}

}
