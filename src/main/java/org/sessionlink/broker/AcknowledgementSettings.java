package org.sessionlink.broker;

import java.util.List;

/**
 * What a deployer decides about messages that clients acknowledge (B35).
 *
 * @param redelivery how often a message is delivered again at most; 0 for never
 * @param unacknowledged how many messages one socket may leave unacknowledged; 0 for any
 * number
 * @param work the destinations, as Ant patterns, of which each message goes to one
 * subscriber alone
 */
public record AcknowledgementSettings(int redelivery, int unacknowledged, List<String> work) {

	public AcknowledgementSettings {
		work = List.copyOf(work);
	}

}
