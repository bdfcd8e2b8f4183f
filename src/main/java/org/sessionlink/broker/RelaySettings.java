package org.sessionlink.broker;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a deployer decides about a broker elsewhere; 0 switches a limit off.
 *
 * @param hosts where it is, in the order in which they are tried; empty for none
 * @param virtualHost which of the broker's virtual hosts, or null for its default
 * @param login whom all connections to the broker are for, or null for its guest
 * @param passcode theirs, or null for the guest's
 * @param tls whether connections are encrypted
 * @param frameSize the most bytes of one of the broker's frames
 * @param memory the most bytes that may wait for it, of all clients together
 * @param grace how long the broker may be away before this server is not ready
 * @param transactionSize the most bytes that the open transactions of one client may hold
 */
public record RelaySettings(List<RelayHost> hosts, @Nullable String virtualHost, @Nullable String login,
		@Nullable String passcode, boolean tls, int frameSize, long memory, Duration grace, int transactionSize) {

	public RelaySettings {
		hosts = List.copyOf(hosts);
	}

	/** Returns whether the settings name a broker. */
	public boolean isSet() {
		return !this.hosts.isEmpty();
	}

	/** Returns the same without the secret. */
	@Override
	public String toString() {
		return "RelaySettings[hosts=" + this.hosts + "]";
	}

}
