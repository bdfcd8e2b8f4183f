package org.sessionlink.store;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.SocketLink;

/**
 * Who a handshake comes from, and which id of its HTTP session it has shown: that is what
 * its socket may gain by (B12).
 */
final class HandshakeIdentity {

	private HandshakeIdentity() {
	}

	/** Returns what ties the socket of a handshake to its link. */
	static SocketLink socketLink(HttpServletRequest request, HttpSession session, Link link) {
		Identity identity = Identities.of(request.getUserPrincipal());
		String shown = shownId(request, session);
		if (shown == null && identity.sameAs(Identities.in(session))) {
			// It comes from the session, whose id was changed during the handshake.
			identity = Identity.ANONYMOUS;
		}
		return new SocketLink(link, identity, shown, request.getRemoteAddr(), request.getHeader("User-Agent"),
				Identities::of);
	}

	// Some containers leave what names the server out of one of the two.
	private static @Nullable String shownId(HttpServletRequest request, HttpSession session) {
		String id = session.getId();
		String requested = request.getRequestedSessionId();
		boolean shown = requested != null
				&& (requested.equals(id) || requested.startsWith(id + ".") || id.startsWith(requested + "."));
		return (shown || session.isNew()) ? id : null;
	}

}
