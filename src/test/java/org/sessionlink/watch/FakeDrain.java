package org.sessionlink.watch;

import org.sessionlink.link.Drain;
import org.sessionlink.link.Links;

/** A drain whose clients stay where they are. */
public record FakeDrain(Links links) implements Drain {

	@Override
	public boolean begin() {
		boolean begins = !this.links.isLeaving();
		this.links.leaving(true);
		return begins;
	}

	@Override
	public boolean cancel() {
		boolean begun = this.links.isLeaving();
		this.links.leaving(false);
		return begun;
	}

	@Override
	public void finish() {
		this.links.leaving(true);
	}

}
