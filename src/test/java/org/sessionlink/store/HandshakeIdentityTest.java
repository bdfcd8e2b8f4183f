package org.sessionlink.store;

import java.security.Principal;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Identity;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.SocketLink;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.mock.web.MockServletContext;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextImpl;

import static org.assertj.core.api.Assertions.assertThat;

/** B12: which id a handshake has shown, and whose it is. */
class HandshakeIdentityTest {

	private static final Principal OWN = () -> "own";

	private final Links links = new Links(new FakeClock(), LinkPolicy.DEFAULT);

	private final SessionLinks sessionLinks = new SessionLinks(this.links, new StoreSettings(null, List.of()),
			new MockServletContext());

	private final MockHttpServletRequest request = new MockHttpServletRequest();

	@ParameterizedTest
	@CsvSource({ "abc, abc, true", "abc, abc.node0, true", "abc.node0, abc, true", "abc, abcd, false",
			"abcd, abc, false", "abc, old, false", "abc,, false" })
	void theIdThatWasAskedForIsShownWhereItIsTheSessionsOwn(String id, String requested, boolean shown) {
		MockHttpSession session = session(id);
		session.setAttribute("SPRING_SECURITY_CONTEXT", ada());
		this.request.setRequestedSessionId(requested);

		SocketLink socket = this.sessionLinks.socketLink(this.request, session);

		assertThat(socket.identity().name()).isEqualTo(shown ? "ada" : null);
		assertThat(socket.isOutgrown()).isEqualTo(!shown);
	}

	@Test
	void aSessionThatIsMadeForTheHandshakeNeedsNotBeShown() {
		MockHttpSession session = session("new");
		session.setNew(true);
		session.setAttribute("SPRING_SECURITY_CONTEXT", ada());
		this.request.setRequestedSessionId("gone");

		SocketLink socket = this.sessionLinks.socketLink(this.request, session);

		assertThat(socket.identity().name()).isEqualTo("ada");
	}

	@Test
	void whoComesWithTheRequestAndNotWithTheSessionStaysWhoTheyAre() {
		this.request.setUserPrincipal(OWN);

		SocketLink socket = this.sessionLinks.socketLink(this.request, session("abc"));

		assertThat(socket.identity().principal()).isSameAs(OWN);
	}

	@Test
	void whoTheSessionHasBroughtJustNowIsNobodyToWhomHasNotShownItsId() {
		MockHttpSession session = new MockHttpSession(null, "new") {

			private int looks;

			@Override
			public Object getAttribute(String name) {
				// The login that changed the id is not through yet when the link looks.
				return (name.startsWith("SPRING") && this.looks++ == 0) ? null : super.getAttribute(name);
			}

		};
		session.setNew(false);
		session.setAttribute("SPRING_SECURITY_CONTEXT", ada());
		this.request.setUserPrincipal(ada().getAuthentication());
		this.request.setRequestedSessionId("planted");

		SocketLink socket = this.sessionLinks.socketLink(this.request, session);

		assertThat(socket.identity()).isEqualTo(Identity.ANONYMOUS);
	}

	private static MockHttpSession session(String id) {
		MockHttpSession session = new MockHttpSession(null, id);
		session.setNew(false);
		return session;
	}

	private static SecurityContextImpl ada() {
		return new SecurityContextImpl(UsernamePasswordAuthenticationToken.authenticated("ada", null,
				AuthorityUtils.createAuthorityList("ROLE_STAFF")));
	}

}
