package org.sessionlink;

import org.jspecify.annotations.Nullable;
import org.sessionlink.cluster.Cluster;
import org.sessionlink.watch.HealthCheck;

/** Whether the store of shared sessions is there; where there is none, all is well. */
record StoreCheck(@Nullable Cluster cluster) implements HealthCheck {

	@Override
	public @Nullable String concern() {
		// What exactly is nothing for strangers, and stands in the log.
		return (this.cluster != null && this.cluster.concern() != null) ? "store" : null;
	}

	@Override
	public boolean ready() {
		return this.cluster == null || this.cluster.ready();
	}

}
