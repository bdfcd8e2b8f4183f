package org.sessionlink.outbound;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.CloseCause;
import org.sessionlink.link.Link;
import org.sessionlink.link.SocketClosed;
import org.sessionlink.link.SocketLink;

import org.springframework.web.socket.CloseStatus;

/**
 * What has decided that one socket closes, and with which code: whoever is first, by one
 * compare-and-set, and be it its client (B53). What there is to say of it is as it was
 * then; it is said once, by another.
 */
final class CloseDecision {

	private final AtomicReference<@Nullable Made> made = new AtomicReference<>();

	private final AtomicBoolean said = new AtomicBoolean();

	private final SocketLink socket;

	private final LongSupplier waiting;

	/**
	 * Makes one that is open.
	 * @param waiting how many bytes wait for the client
	 */
	CloseDecision(SocketLink socket, LongSupplier waiting) {
		this.socket = socket;
		this.waiting = waiting;
	}

	boolean isMade() {
		return this.made.get() != null;
	}

	/**
	 * Decides, unless that was done before.
	 * @return whether this call has decided
	 */
	boolean make(CloseStatus status, CloseCause cause) {
		return this.made.get() == null && this.made.compareAndSet(null, of(status.getCode(), cause));
	}

	private Made of(int code, CloseCause cause) {
		return new Made(code, cause, this.waiting.getAsLong(), this.socket.traffic().silentFor(),
				this.socket.shownName());
	}

	/**
	 * Tells the link of the close, once it is over, unless that was done before.
	 * @param id that of the socket
	 * @param status what the container says, which counts where nobody here has decided
	 * @param stopping whether the server goes down
	 */
	void say(String id, CloseStatus status, boolean stopping) {
		make(status, byPeer(status, stopping));
		Made decided = this.made.get();
		if (decided == null || !this.said.compareAndSet(false, true)) {
			return;
		}
		Link link = this.socket.link();
		link.socketClosed(new SocketClosed(id, link, decided.principal, decided.code, decided.cause,
				this.socket.openedAt(), this.socket.age(), Duration.ofNanos(decided.silent),
				this.socket.traffic().sum(), decided.waiting, this.socket.subscriptions().open().size(),
				this.socket.remoteAddress(), this.socket.userAgent()));
	}

	private CloseCause byPeer(CloseStatus status, boolean stopping) {
		CloseCause said = this.socket.closesFor();
		if (said != null) {
			return said;
		}
		return switch (status.getCode()) {
			// The container may close sockets by itself as the application stops.
			case 1001 -> stopping ? CloseCause.SERVER_RESTART : CloseCause.CLIENT_CLOSED;
			case 1002, 1003, 1007, 1009 -> CloseCause.PROTOCOL_ERROR;
			case 1006 -> CloseCause.CONNECTION_LOST;
			case 1011 -> byFault();
			default -> CloseCause.CLIENT_CLOSED;
		};
	}

	// Anybody may send this code: it is a defect where something has failed before.
	private CloseCause byFault() {
		CloseCause fault = this.socket.failedFor();
		return (fault != null) ? fault : CloseCause.CLIENT_CLOSED;
	}

	/** As it was at that moment. */
	private record Made(int code, CloseCause cause, long waiting, long silent, @Nullable String principal) {
	}

}
