package org.sessionlink.inbound;

import java.util.List;

import org.sessionlink.link.DestinationPolicy;
import org.sessionlink.link.Identity;

/** The destinations that the settings allow (B26): the first rule that fits decides. */
final class DestinationRules implements DestinationPolicy {

	private final List<DestinationRule> send;

	private final List<DestinationRule> subscribe;

	DestinationRules(InboundSettings settings) {
		this.send = settings.send();
		this.subscribe = settings.subscribe();
	}

	@Override
	public boolean maySend(Identity identity, String destination) {
		return allows(this.send, identity, destination);
	}

	@Override
	public boolean maySubscribe(Identity identity, String destination) {
		return allows(this.subscribe, identity, destination);
	}

	private static boolean allows(List<DestinationRule> rules, Identity identity, String destination) {
		for (DestinationRule rule : rules) {
			if (rule.fits(destination)) {
				return rule.allows(identity);
			}
		}
		return false;
	}

}
