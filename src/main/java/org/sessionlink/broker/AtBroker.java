package org.sessionlink.broker;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Refused;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;

/**
 * What one client has at the broker: subscriptions, which outlive a wire, and
 * transactions and what it may acknowledge, which do not. Used under the lock of who has
 * the wire.
 */
final class AtBroker {

	private final KeptSubscriptions subscriptions = new KeptSubscriptions();

	private final Transactions transactions;

	private int wires;

	/** Has nothing, over no wire. */
	AtBroker(int transactionSize) {
		this.transactions = new Transactions(transactionSize);
	}

	/**
	 * What becomes of a frame.
	 *
	 * @param frame which goes to the broker, or null
	 * @param refused why the client's own does not, or null
	 */
	record Outcome(@Nullable Message<byte[]> frame, @Nullable Refused refused) {
	}

	/** Returns the frames that make subscriptions again, over a wire that is new. */
	List<Message<byte[]>> makeAgain() {
		this.wires++;
		return this.subscriptions.all();
	}

	/** Returns whether the broker has all that was made again. */
	boolean isInForce() {
		return this.subscriptions.areInForce();
	}

	/**
	 * Forgets what has gone with the wire.
	 * @return the receipts that are due now, as what they are for is so by that
	 */
	List<String> lose() {
		this.transactions.clear();
		return this.subscriptions.reconnected();
	}

	/** Takes a subscription, whether there is a wire or not. */
	void subscribe(StompHeaderAccessor frame) {
		this.subscriptions.add(frame);
	}

	/** Returns the frame that makes it. */
	Message<byte[]> begin(StompHeaderAccessor frame) {
		return this.subscriptions.begin(frame);
	}

	/** Forgets a subscription; returns whether there was one. */
	boolean unsubscribe(StompHeaderAccessor frame) {
		return this.subscriptions.remove(frame);
	}

	/** Returns the frame that ends it. */
	Message<byte[]> end(StompHeaderAccessor frame) {
		return this.subscriptions.end(frame);
	}

	/** Returns what goes to the broker of any other frame of the client's. */
	Outcome take(Message<byte[]> message) {
		StompHeaderAccessor frame = StompHeaderAccessor.wrap(message);
		Message<byte[]> known = RelayedAcks.of(this.wires, frame, message);
		if (known == null) {
			return new Outcome(null, Refused.BROKER_AWAY);
		}
		String transaction = frame.getFirstNativeHeader("transaction");
		StompCommand command = frame.getCommand();
		Refused reason = (transaction != null && command != null)
				? this.transactions.take(command, transaction, message.getPayload().length) : null;
		if (reason == Refused.TRANSACTION_TOO_LARGE && this.transactions.isOpen(transaction)) {
			this.transactions.forget(transaction);
			return new Outcome(ClientFrames.abort(transaction), reason);
		}
		return new Outcome((reason == null) ? known : null, reason);
	}

	/**
	 * Returns whether a frame of the broker's is one for the client, as which it then can
	 * go out.
	 */
	boolean isForClient(StompHeaderAccessor frame) {
		if (frame.getCommand() == StompCommand.RECEIPT) {
			String receipt = this.subscriptions.receipt(frame.getReceiptId());
			if (receipt != null) {
				frame.setReceiptId(receipt);
			}
			return receipt != null;
		}
		String id = frame.getFirstNativeHeader(StompHeaderAccessor.STOMP_SUBSCRIPTION_HEADER);
		if (frame.getCommand() != StompCommand.MESSAGE || !this.subscriptions.isOpen(id)) {
			return false;
		}
		if (this.subscriptions.isAcknowledged(id)) {
			RelayedAcks.mark(this.wires, frame);
		}
		return true;
	}

	/** Returns the receipt that the client has asked for where the broker names one. */
	@Nullable String receipt(@Nullable String given) {
		return this.subscriptions.receipt(given);
	}

}
