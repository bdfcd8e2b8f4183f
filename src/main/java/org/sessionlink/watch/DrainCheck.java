package org.sessionlink.watch;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Links;

import org.springframework.context.annotation.Lazy;

/** Whether this server lets its clients go (B54), and had better be sent no more. */
@Lazy(false)
final class DrainCheck implements HealthCheck {

	private final Links links;

	DrainCheck(Links links) {
		this.links = links;
	}

	@Override
	public @Nullable String concern() {
		return this.links.isLeaving() ? "draining" : null;
	}

	@Override
	public boolean ready() {
		return !this.links.isLeaving();
	}

}
