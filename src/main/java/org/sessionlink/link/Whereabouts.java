package org.sessionlink.link;

import org.jspecify.annotations.Nullable;

/**
 * Where the open sockets of one link come from: the link is counted for the address of
 * the first of them, where it is known, until the last has closed (B27).
 *
 * <p>
 * Safe for use by any thread; sockets that open and close change it, each in one step
 * under its lock.
 */
final class Whereabouts {

	private final AddressCounts counts;

	private int sockets;

	private @Nullable String address;

	Whereabouts(AddressCounts counts) {
		this.counts = counts;
	}

	/**
	 * Returns whether a socket from there would be let in; {@link #enter} has the last
	 * word.
	 */
	synchronized boolean mayEnter(String from) {
		return this.address != null || this.counts.hasRoom(from);
	}

	/**
	 * Lets in a socket that has opened.
	 * @param from its remote address, or null where it is not known
	 * @return false if as many links as may be come from there already
	 */
	synchronized boolean enter(@Nullable String from) {
		if (this.address == null && from != null) {
			if (!this.counts.countIn(from)) {
				return false;
			}
			this.address = from;
		}
		this.sockets++;
		return true;
	}

	/** Takes note that a socket which was let in has closed. */
	synchronized void leave() {
		this.sockets--;
		if (this.sockets == 0 && this.address != null) {
			this.counts.countOut(this.address);
			this.address = null;
		}
	}

	/** Returns the address that the link is counted for, or null where it is for none. */
	synchronized @Nullable String address() {
		return this.address;
	}

}
