package org.sessionlink;

import org.jspecify.annotations.Nullable;
import org.sessionlink.broker.RelayHealth;
import org.sessionlink.watch.HealthCheck;

/** Whether the broker elsewhere is there; where there is none, all is well. */
record RelayCheck(RelayHealth relay) implements HealthCheck {

	@Override
	public @Nullable String concern() {
		return this.relay.concern();
	}

	@Override
	public boolean ready() {
		return this.relay.ready();
	}

}
