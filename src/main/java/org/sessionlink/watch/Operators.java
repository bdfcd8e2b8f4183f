package org.sessionlink.watch;

import java.util.Set;
import java.util.function.Consumer;

import jakarta.servlet.http.HttpServletRequest;
import org.sessionlink.link.Identity;

import org.springframework.http.HttpStatus;

/**
 * Who may see what there is for operators, and who may change something: role
 * {@code OPERATOR} both, role {@code OBSERVER} the first. That somebody looks keeps no
 * session alive (B8).
 */
final class Operators {

	private static final String OPERATOR = "OPERATOR";

	private static final String OBSERVER = "OBSERVER";

	/** Who may look. */
	static final Set<String> ROLES = Set.of(OPERATOR, OBSERVER);

	private static final Set<String> LOOKING = Set.of("GET", "HEAD");

	private final Consumer<HttpServletRequest> onlyLooks;

	/**
	 * Makes the check.
	 * @param onlyLooks takes note of a request that is no activity
	 */
	Operators(Consumer<HttpServletRequest> onlyLooks) {
		this.onlyLooks = onlyLooks;
	}

	/**
	 * Lets a request pass whose caller may make it.
	 * @throws RefusedException if that is not so
	 */
	void check(HttpServletRequest request) {
		boolean looks = LOOKING.contains(request.getMethod());
		if (request.getUserPrincipal() == null || !(looks ? mayLook(request) : mayChange(request))) {
			throw new RefusedException(HttpStatus.FORBIDDEN, "operators-only",
					mayLook(request) ? "You may look, and change nothing: that is for operators."
							: "This is for operators: log in as one of them.");
		}
		if (looks) {
			this.onlyLooks.accept(request);
		}
	}

	private static boolean mayLook(HttpServletRequest request) {
		return ROLES.stream().anyMatch(request::isUserInRole);
	}

	/** Returns whether the caller may change something. */
	static boolean mayChange(HttpServletRequest request) {
		return request.isUserInRole(OPERATOR);
	}

	/** Returns whether somebody may look. */
	static boolean mayLook(Identity identity) {
		return ROLES.stream().anyMatch(identity.roles()::contains);
	}

}
