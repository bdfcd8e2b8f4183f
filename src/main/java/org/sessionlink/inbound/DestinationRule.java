package org.sessionlink.inbound;

import java.util.Set;

import org.sessionlink.link.Identity;

import org.springframework.util.AntPathMatcher;

/**
 * Which destinations, and for whom: {@code /topic/**} for everyone,
 * {@code /topic/staff/**=STAFF|ADMIN} for those who have one of these roles,
 * {@code /queue/orders=*} for everyone who is logged in.
 *
 * @param pattern an Ant pattern
 * @param roles the roles of which one is needed; empty for none
 */
public record DestinationRule(String pattern, Set<String> roles) {

	private static final String ANY_USER = "*";

	private static final AntPathMatcher patterns = new AntPathMatcher();

	public DestinationRule {
		roles = Set.copyOf(roles);
	}

	/**
	 * Reads a rule as it is written in a setting.
	 * @throws IllegalArgumentException if it is none
	 */
	public static DestinationRule of(String text) {
		int equals = text.indexOf('=');
		String pattern = ((equals < 0) ? text : text.substring(0, equals)).strip();
		Set<String> roles = (equals < 0) ? Set.of() : Set.of(text.substring(equals + 1).strip().split("\\|"));
		if (!pattern.startsWith("/") || roles.stream().anyMatch(String::isBlank)) {
			throw new IllegalArgumentException("use Ant patterns that start with /, each with the roles "
					+ "that it needs behind it if any, such as /topic/**, /queue/orders=*, /topic/staff/**=STAFF|ADMIN");
		}
		return new DestinationRule(pattern, roles);
	}

	boolean fits(String destination) {
		return patterns.match(this.pattern, destination);
	}

	boolean allows(Identity identity) {
		return this.roles.isEmpty() || (this.roles.contains(ANY_USER) && identity.principal() != null)
				|| this.roles.stream().anyMatch(identity.roles()::contains);
	}

}
