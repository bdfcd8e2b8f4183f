package org.sessionlink.inbound;

import java.util.Set;
import java.util.TreeSet;

import org.sessionlink.link.Identity;

import org.springframework.util.AntPathMatcher;

/**
 * Which destinations, and for whom: {@code /topic/**} for everyone,
 * {@code /topic/staff/**=STAFF|ADMIN} for those who have one of these roles,
 * {@code /queue/orders=*} for everyone who is logged in, {@code /topic/news=-} for
 * nobody.
 *
 * @param pattern an Ant pattern
 * @param roles the roles of which one is needed; empty for none
 */
public record DestinationRule(String pattern, Set<String> roles) {

	/** A role that nobody has. */
	static final Set<String> NOBODY = Set.of("-");

	private static final String ANY_USER = "*";

	private static final int LONGEST_SHOWN = 200;

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
		if (!isDestination(pattern) || roles.stream().anyMatch(String::isBlank)) {
			throw new IllegalArgumentException("use Ant patterns that start with / or have a dot, each with the "
					+ "roles that it needs behind it if any, such as /topic/**, /queue/orders=*, /topic/staff/**=STAFF|ADMIN");
		}
		return new DestinationRule(pattern, roles);
	}

	/**
	 * Returns whether this can be a destination, or a pattern of some:
	 * {@code /topic/news}, or {@code topic.news} where names are parted by dots.
	 */
	public static boolean isDestination(String pattern) {
		int firstSlash = (pattern + '/').indexOf('/');
		return pattern.startsWith("/") || pattern.lastIndexOf('.', firstSlash) > 0;
	}

	/** Returns whether a destination can be written as a rule of its own. */
	static boolean canBeSet(String destination) {
		return isDestination(destination) && destination.length() <= LONGEST_SHOWN
				&& destination.chars().noneMatch((c) -> c == ',' || c == '=');
	}

	boolean fits(String destination) {
		return patterns.match(this.pattern, destination);
	}

	/** Returns whether this rule fits whatever a client's pattern does. */
	boolean covers(String pattern) {
		String fixed = fixedStart(this.pattern);
		String rest = this.pattern.substring(fixed.length());
		boolean fitsAllBelow = rest.equals("*/**") || (rest.equals("**") && fixed.endsWith("/"));
		return this.pattern.equals(pattern) || (fitsAllBelow && fixedStart(pattern).startsWith(fixed));
	}

	/** Returns whether a destination may be that fits both this rule and a pattern. */
	boolean mayTouch(String pattern) {
		String fixed = fixedStart(this.pattern);
		String other = fixedStart(pattern);
		return fixed.startsWith(other) || other.startsWith(fixed);
	}

	/** Returns whether it fits less than all that has a prefix. */
	boolean isNarrowerThan(String prefix) {
		return fixedStart(this.pattern).length() > Math.max(1, prefix.length());
	}

	private static String fixedStart(String pattern) {
		int end = 0;
		while (end < pattern.length() && "*?{".indexOf(pattern.charAt(end)) < 0) {
			end++;
		}
		return pattern.substring(0, end);
	}

	boolean isForNobody() {
		return this.roles.equals(NOBODY);
	}

	boolean allows(Identity identity) {
		if (isForNobody()) {
			return false;
		}
		return this.roles.isEmpty() || (this.roles.contains(ANY_USER) && identity.principal() != null)
				|| this.roles.stream().anyMatch(identity.roles()::contains);
	}

	/** Returns the rule as it is written in a setting. */
	@Override
	public String toString() {
		return this.roles.isEmpty() ? this.pattern : this.pattern + '=' + String.join("|", new TreeSet<>(this.roles));
	}

}
