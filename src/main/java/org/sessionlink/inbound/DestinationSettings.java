package org.sessionlink.inbound;

import java.util.List;

/**
 * What a deployer decides about destinations (B26).
 *
 * @param send where clients may send to: the first rule that fits decides; empty for what
 * the application's message methods handle
 * @param subscribe what clients may subscribe to: the first rule that fits decides; empty
 * for what the application's broker and message methods handle
 * @param patterns whether clients may subscribe to patterns
 * @param selectors whether clients may subscribe with a selector
 */
public record DestinationSettings(List<DestinationRule> send, List<DestinationRule> subscribe, boolean patterns,
		boolean selectors) {

	public DestinationSettings {
		send = List.copyOf(send);
		subscribe = List.copyOf(subscribe);
	}

}
