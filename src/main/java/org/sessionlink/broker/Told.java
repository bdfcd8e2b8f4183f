package org.sessionlink.broker;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Refused;

/**
 * What a client is told of the broker, after the step that wants it, and whether it takes
 * the broker for away by that. Used in steps alone.
 */
final class Told {

	private final Steps steps;

	private final Client client;

	private boolean away;

	/** Who hears it. */
	interface Client {

		void event(String event);

		void refused(Refused reason);

		void receipt(String receipt);

		/** Is let go as it wants, without the receipt that it waits for. */
		void left();

	}

	Told(Steps steps, Client client) {
		this.steps = steps;
		this.client = client;
	}

	/**
	 * Returns whether it has been told that the broker is away, and not that it is back.
	 */
	boolean isAway() {
		return this.away;
	}

	/** Says whether the broker is away, where that is news. */
	void away(boolean now) {
		if (this.away != now) {
			this.away = now;
			event();
		}
	}

	/** Says so to a client that has only begun to listen. */
	void awayAgain() {
		this.away = true;
		event();
	}

	private void event() {
		String event = this.away ? "BROKER_DOWN" : "BROKER_UP";
		this.steps.then(() -> this.client.event(event));
	}

	void refused(Refused reason) {
		this.steps.then(() -> this.client.refused(reason));
	}

	/** Gives a receipt, where one is asked for. */
	void receipt(@Nullable String receipt) {
		if (receipt != null) {
			this.steps.then(() -> this.client.receipt(receipt));
		}
	}

	void left() {
		this.steps.then(this.client::left);
	}

}
