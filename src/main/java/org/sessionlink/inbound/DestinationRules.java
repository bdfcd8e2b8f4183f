package org.sessionlink.inbound;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.DestinationPolicy;
import org.sessionlink.link.Identity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.function.SingletonSupplier;

/**
 * The destinations that the settings allow (B26), and those of the application where they
 * say nothing: the first rule that fits decides.
 */
final class DestinationRules implements DestinationPolicy {

	private static final Logger logger = LoggerFactory.getLogger(DestinationRules.class);

	private final Supplier<List<DestinationRule>> send;

	private final Supplier<List<DestinationRule>> subscribe;

	/**
	 * Makes the rules.
	 * @param prefixes asked when it comes to the first frame, and where no rule is set
	 */
	DestinationRules(DestinationSettings settings, Supplier<DestinationPrefixes> prefixes) {
		this.send = SingletonSupplier.of(() -> settings.send().isEmpty() ? prefixes.get().send() : settings.send());
		this.subscribe = SingletonSupplier
			.of(() -> settings.subscribe().isEmpty() ? prefixes.get().subscribe() : settings.subscribe());
	}

	/** Says what is open. */
	void log() {
		logger.info("Clients may send to {}", inWords(this.send.get()));
		logger.info("Clients may subscribe to {}", inWords(this.subscribe.get()));
	}

	private static String inWords(List<DestinationRule> rules) {
		return rules.stream().map(DestinationRule::toString).collect(Collectors.joining(", "));
	}

	@Override
	public boolean maySend(Identity identity, String destination) {
		return allows(this.send.get(), identity, destination);
	}

	@Override
	public boolean maySubscribe(Identity identity, String destination) {
		List<DestinationRule> rules = this.subscribe.get();
		return Destinations.isPattern(destination) ? allowsAll(rules, identity, destination)
				: allows(rules, identity, destination);
	}

	private static boolean allows(List<DestinationRule> rules, Identity identity, String destination) {
		for (DestinationRule rule : rules) {
			if (rule.fits(destination)) {
				return rule.allows(identity);
			}
		}
		return false;
	}

	// It may be wider than the rule that it fits: what others keep to a few is in it.
	private static boolean allowsAll(List<DestinationRule> rules, Identity identity, String pattern) {
		return rules.stream().anyMatch((rule) -> rule.covers(pattern))
				&& rules.stream().filter((rule) -> rule.mayTouch(pattern)).allMatch((rule) -> rule.allows(identity));
	}

	/**
	 * Returns the setting that would let clients send there; null where a rule decides.
	 */
	@Nullable String toSend(String destination) {
		return setting("send", this.send.get(), destination);
	}

	/**
	 * Returns the setting that would let clients subscribe; null where a rule decides.
	 */
	@Nullable String toSubscribe(String destination) {
		return setting("subscribe", this.subscribe.get(), destination);
	}

	private static @Nullable String setting(String name, List<DestinationRule> rules, String destination) {
		boolean isDecided = rules.stream()
			.filter((rule) -> rule.fits(destination))
			.findFirst()
			.filter((rule) -> !rule.isForNobody())
			.isPresent();
		return (isDecided || !DestinationRule.canBeSet(destination)) ? null
				: "sessionlink.destinations." + name + '=' + destination + ", " + inWords(rules);
	}

}
