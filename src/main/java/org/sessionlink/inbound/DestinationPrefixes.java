package org.sessionlink.inbound;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Notices;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.messaging.simp.SimpMessageTypeMessageCondition;
import org.springframework.messaging.simp.annotation.support.SimpAnnotationMethodMessageHandler;
import org.springframework.messaging.simp.broker.AbstractBrokerMessageHandler;
import org.springframework.messaging.simp.user.DefaultUserDestinationResolver;
import org.springframework.messaging.simp.user.UserDestinationResolver;
import org.springframework.util.PathMatcher;
import org.springframework.util.StringUtils;

/**
 * Whose a destination is, as the application's broker registry has it: its message
 * methods', its broker's, or a single user's. The longest prefix decides.
 *
 * @param application the prefixes of message methods; the empty one stands for all
 * @param broker the prefixes of the broker, likewise
 * @param user the prefix of what single users have
 * @param methods what message methods are mapped to, with the prefixes
 */
record DestinationPrefixes(List<String> application, List<String> broker, String user, List<String> methods) {

	private static final String ALL = "";

	DestinationPrefixes {
		application = application.isEmpty() ? List.of(ALL) : List.copyOf(application);
		broker = broker.isEmpty() ? List.of(ALL) : List.copyOf(broker);
		methods = List.copyOf(methods);
	}

	/** Returns those of an application, once all beans that know them can be made. */
	static DestinationPrefixes of(BeanFactory beans) {
		ObjectProvider<SimpAnnotationMethodMessageHandler> methods = beans
			.getBeanProvider(SimpAnnotationMethodMessageHandler.class);
		ObjectProvider<AbstractBrokerMessageHandler> brokers = beans
			.getBeanProvider(AbstractBrokerMessageHandler.class);
		return new DestinationPrefixes(
				methods.stream().flatMap((handler) -> handler.getDestinationPrefixes().stream()).toList(),
				brokers.stream().flatMap((handler) -> handler.getDestinationPrefixes().stream()).toList(),
				user(beans.getBeanProvider(UserDestinationResolver.class).getIfAvailable()),
				methods.stream().flatMap(DestinationPrefixes::mapped).distinct().sorted().toList());
	}

	private static Stream<String> mapped(SimpAnnotationMethodMessageHandler handler) {
		Collection<String> prefixes = handler.getDestinationPrefixes();
		PathMatcher names = handler.getPathMatcher();
		return handler.getHandlerMethods()
			.keySet()
			.stream()
			.filter((mapping) -> mapping.getMessageTypeMessageCondition() == SimpMessageTypeMessageCondition.MESSAGE)
			.flatMap((mapping) -> mapping.getDestinationConditions().getPatterns().stream())
			// Rules are patterns of names with slashes.
			.filter((pattern) -> !names.isPattern(pattern) || names.combine("a", "a").equals("a/a"))
			.flatMap((pattern) -> (prefixes.isEmpty() ? List.of("/") : prefixes).stream()
				.map((prefix) -> prefix + StringUtils.trimLeadingCharacter(pattern, '/')));
	}

	private static String user(@Nullable Object resolver) {
		return (resolver instanceof DefaultUserDestinationResolver spring) ? spring.getDestinationPrefix() : "/user/";
	}

	/** Returns whether message methods handle what is sent there. */
	boolean areOfMethods(String destination) {
		return this.application.stream().anyMatch(destination::startsWith);
	}

	/** Returns whether the broker does, or it goes to a single user. */
	boolean areOfOthers(String destination) {
		return others().stream().anyMatch(destination::startsWith);
	}

	/** Returns whether it stands for others, which single users have. */
	boolean isOfUser(String destination) {
		return destination.startsWith(this.user);
	}

	/**
	 * Returns whether a broker elsewhere takes the destination for what its name is not,
	 * and the application has not named that itself.
	 */
	boolean isMoreThanAName(String destination) {
		String kind = Destinations.kind(destination);
		// Brokers read what is written as %2A, of which only the end of a user
		// destination
		// can be made.
		return Destinations.isMoreThanAName(destination) || (destination.indexOf('%') >= 0 && !isOfUser(destination))
				|| (kind != null && this.broker.stream().noneMatch((prefix) -> prefix.startsWith(kind)));
	}

	private List<String> others() {
		return Stream.concat(this.broker.stream(), Stream.of(this.user)).toList();
	}

	/** Returns where clients may send to where nothing says otherwise (B26). */
	List<DestinationRule> send() {
		List<String> others = others();
		return Stream.concat(this.application.stream(), others.stream().filter(this::isWithinTheApplication))
			.distinct()
			.sorted(Comparator.comparing(String::length).reversed())
			.flatMap((prefix) -> others.contains(prefix) ? ofMethodsAlone(prefix)
					: Stream.of(forEverybody(below(prefix))))
			.toList();
	}

	// Where the broker, or a user, has the prefix as well: what a method is mapped to,
	// but for one that is mapped to all.
	private Stream<DestinationRule> ofMethodsAlone(String prefix) {
		Stream<DestinationRule> mapped = this.application.contains(prefix) ? this.methods.stream()
			.filter((method) -> method.startsWith(prefix))
			.map((method) -> new DestinationRule(method, Set.of()))
			.filter((rule) -> rule.isNarrowerThan(prefix)) : Stream.of();
		return Stream.concat(mapped, Stream.of(new DestinationRule(below(prefix), DestinationRule.NOBODY)));
	}

	private boolean isWithinTheApplication(String prefix) {
		return this.application.stream().anyMatch(prefix::startsWith);
	}

	/** Returns what clients may subscribe to where nothing says otherwise (B26). */
	List<DestinationRule> subscribe() {
		Stream<String> ofUsers = this.broker.stream()
			.map((prefix) -> this.user + StringUtils.trimLeadingCharacter(prefix, '/'));
		List<DestinationRule> rules = Stream.of(this.broker.stream(), this.application.stream(), ofUsers)
			.flatMap((prefixes) -> prefixes)
			.map(DestinationPrefixes::below)
			.distinct()
			.map(DestinationPrefixes::forEverybody)
			.toList();
		// No broker is needed for these.
		Stream<DestinationRule> notices = Stream.of(Notices.SESSION, Notices.ERRORS)
			.map((queue) -> this.user + queue)
			.filter((queue) -> rules.stream().noneMatch((rule) -> rule.fits(queue)))
			.map(DestinationPrefixes::forEverybody);
		return Stream.concat(rules.stream(), notices).toList();
	}

	private static DestinationRule forEverybody(String pattern) {
		return new DestinationRule(pattern, Set.of());
	}

	// Without a slash at its end a prefix is one of /topics too, and so Spring takes it.
	private static String below(String prefix) {
		return prefix.isEmpty() ? "/**" : prefix + (prefix.endsWith("/") ? "**" : "*/**");
	}

}
