package org.sessionlink.store;

import java.security.Principal;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Link;
import org.sessionlink.link.Seen;

/**
 * Tells links from where their HTTP sessions are used (B48): by what somebody asks for,
 * handshakes among it, and not by what a page asks for by itself.
 */
public final class LastSeen {

	private static final String ADDRESS = LastSeen.class.getName() + ".address";

	private static final String ONLY_LOOKS = LastSeen.class.getName() + ".onlyLooks";

	private final HttpActivity activity;

	LastSeen(HttpActivity activity) {
		this.activity = activity;
	}

	/**
	 * Takes note of the client's address, where the container knows only that of a proxy.
	 */
	public static void comesFrom(HttpServletRequest request, String address) {
		request.setAttribute(ADDRESS, address);
	}

	/** Takes note that a request is one that a page makes by itself. */
	static void onlyLooks(HttpServletRequest request) {
		request.setAttribute(ONLY_LOOKS, true);
	}

	/** Looks at a request that has used the session of a link. */
	void look(HttpServletRequest request, Link link) {
		Seen before = link.ownership().seen();
		Seen now = seen(request, before);
		if (now.isLike(before)) {
			return;
		}
		boolean otherUser = now.user() != null && (before == null || !now.user().equals(before.user()));
		if (otherUser || (request.getAttribute(ONLY_LOOKS) == null && !this.activity.isPassive(request))) {
			link.ownership().seen(now);
		}
	}

	private static Seen seen(HttpServletRequest request, @Nullable Seen before) {
		String address = (request.getAttribute(ADDRESS) instanceof String told) ? told : request.getRemoteAddr();
		Principal principal = request.getUserPrincipal();
		String known = (before != null) ? before.user() : null;
		return new Seen(address, request.getHeader("User-Agent"), (principal != null) ? nameOf(principal) : known);
	}

	private static @Nullable String nameOf(Principal principal) {
		return Identities.of(principal).name();
	}

}
