package org.sessionlink.store;

import java.security.Principal;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Identity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.util.ClassUtils;
import org.springframework.util.CollectionUtils;

/**
 * Says who somebody is, with the roles that Spring Security knows; it may be missing, and
 * then a principal has none (B12).
 */
public final class Identities {

	private static final Logger logger = LoggerFactory.getLogger(Identities.class);

	private static final String CONTEXT = "SPRING_SECURITY_CONTEXT";

	private static final boolean SPRING_SECURITY = ClassUtils
		.isPresent("org.springframework.security.core.context.SecurityContext", Identities.class.getClassLoader());

	private Identities() {
	}

	/**
	 * Returns who a principal is: nobody for null, for an anonymous visitor's, and for
	 * one that fails to say its name.
	 */
	public static Identity of(@Nullable Principal principal) {
		if (principal == null || !saysItsName(principal)) {
			return Identity.ANONYMOUS;
		}
		return SPRING_SECURITY ? SpringSecurity.identityOf(principal) : new Identity(principal, Set.of());
	}

	private static boolean saysItsName(Principal principal) {
		try {
			principal.getName();
			return true;
		}
		catch (RuntimeException | Error ex) {
			logger.warn("A {} does not say its name: it is nobody", principal.getClass().getName(), ex);
			return false;
		}
	}

	/**
	 * Returns whether a session attribute of this name says who the session belongs to.
	 */
	static boolean areIn(String attribute) {
		return CONTEXT.equals(attribute);
	}

	/** Returns who a session belongs to: nobody where it does not say. */
	static Identity in(HttpSession session) {
		return SPRING_SECURITY ? SpringSecurity.identityIn(session.getAttribute(CONTEXT)) : Identity.ANONYMOUS;
	}

	/** Apart, so that it is loaded only where Spring Security is there. */
	private static final class SpringSecurity {

		private static final String ROLE = "ROLE_";

		private static final AuthenticationTrustResolverImpl trust = new AuthenticationTrustResolverImpl();

		static Identity identityIn(@Nullable Object context) {
			return (context instanceof SecurityContext security) ? Identities.of(security.getAuthentication())
					: Identity.ANONYMOUS;
		}

		static Identity identityOf(Principal principal) {
			if (!(principal instanceof Authentication authentication)) {
				return new Identity(principal, Set.of());
			}
			return trust.isAuthenticated(authentication) ? new Identity(authentication, rolesIfAny(authentication))
					: Identity.ANONYMOUS;
		}

		// It is asked in the middle of a request, or of its login.
		private static Set<String> rolesIfAny(Authentication authentication) {
			try {
				return rolesOf(authentication);
			}
			catch (RuntimeException | Error ex) {
				logger.warn("A {} does not say what it may do: it may nothing", authentication.getClass().getName(),
						ex);
				return Set.of();
			}
		}

		private static Set<String> rolesOf(Authentication authentication) {
			Collection<? extends @Nullable GrantedAuthority> authorities = authentication.getAuthorities();
			return CollectionUtils.isEmpty(authorities) ? Set.of() : rolesOf(authorities);
		}

		private static Set<String> rolesOf(Collection<? extends @Nullable GrantedAuthority> authorities) {
			return authorities.stream()
				.filter(Objects::nonNull)
				// How somebody has logged in, not what they may do.
				.filter((authority) -> !(authority instanceof FactorGrantedAuthority))
				.map(GrantedAuthority::getAuthority)
				.filter(Objects::nonNull)
				.map((name) -> name.startsWith(ROLE) ? name.substring(ROLE.length()) : name)
				.collect(Collectors.toUnmodifiableSet());
		}

	}

}
