package org.sessionlink;

import org.jspecify.annotations.Nullable;
import org.sessionlink.cluster.Cluster;
import org.sessionlink.link.Presence;

import org.springframework.beans.factory.DisposableBean;

/** Has other servers know who is here, as long as this context is there (B37). */
class PresenceOfServers implements DisposableBean {

	private final @Nullable Cluster cluster;

	private final Presence presence;

	PresenceOfServers(@Nullable Cluster cluster, Presence presence) {
		this.cluster = cluster;
		this.presence = presence;
		if (cluster != null) {
			cluster.presence().share(presence);
		}
	}

	@Override
	public void destroy() {
		if (this.cluster != null) {
			this.cluster.presence().unshare(this.presence);
		}
	}

}
