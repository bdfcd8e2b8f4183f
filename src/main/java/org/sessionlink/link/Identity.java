package org.sessionlink.link;

import java.security.Principal;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Who somebody is: a principal, or nobody, and the roles that come with it (B12).
 *
 * @param principal as the HTTP side knows it; null for an anonymous visitor
 * @param roles the names of the roles, without a prefix
 */
public record Identity(@Nullable Principal principal, Set<String> roles) {

	/** Nobody in particular. */
	public static final Identity ANONYMOUS = new Identity(null, Set.of());

	public Identity {
		roles = Set.copyOf(roles);
	}

	/** Returns the name of the principal, or null for an anonymous visitor. */
	public @Nullable String name() {
		return (this.principal != null) ? this.principal.getName() : null;
	}

	/**
	 * Returns the name for logs and operators, whatever the application's own principal
	 * throws: none where it cannot say it.
	 */
	public @Nullable String shownName() {
		try {
			return name();
		}
		catch (Throwable ex) {
			return null;
		}
	}

	/**
	 * Returns whether the other is the same person with the same roles, whatever object
	 * stands for the person.
	 */
	public boolean sameAs(@Nullable Identity other) {
		return other != null && this.roles.equals(other.roles) && isNamedAs(other);
	}

	/** Returns whether the other is the same person, or both are nobody. */
	boolean isNamedAs(Identity other) {
		return Objects.equals(name(), other.name());
	}

	/**
	 * Returns whether this one may do what the other may not: it is somebody, or somebody
	 * else, or has a role more.
	 */
	boolean exceeds(Identity other) {
		return (name() != null && !name().equals(other.name())) || !other.roles.containsAll(this.roles);
	}

	/**
	 * Returns what of this one the other is as well: nobody where it is somebody else.
	 */
	Identity within(Identity other) {
		if (name() == null || !name().equals(other.name())) {
			return ANONYMOUS;
		}
		return new Identity(this.principal,
				this.roles.stream().filter(other.roles::contains).collect(Collectors.toUnmodifiableSet()));
	}

}
