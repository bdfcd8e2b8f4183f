package org.sessionlink.handshake;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.FakeSocket;
import org.sessionlink.link.Home;
import org.sessionlink.link.LinkLimits;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;
import org.sessionlink.store.SessionLinks;
import org.sessionlink.store.StoreSettings;

import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.mock.web.MockServletContext;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.web.socket.handler.TextWebSocketHandler;

import static org.assertj.core.api.Assertions.assertThat;

class LinkHandshakeInterceptorTest {

	private final Links links = new Links(new FakeClock(),
			new LinkPolicy(null, LinkPolicy.DEFAULT.expiryWarning(), new LinkLimits(1, 2, 0, 0)));

	private final SessionLinks sessionLinks = new SessionLinks(this.links, new StoreSettings(null, List.of()),
			new MockServletContext());

	private final MockHttpServletRequest request = new MockHttpServletRequest();

	private final MockHttpServletResponse response = new MockHttpServletResponse();

	private final Map<String, Object> attributes = new HashMap<>();

	@Test
	void aSessionIsCreatedWhereThereIsNone() throws Exception {
		boolean allowed = handshake(SessionPolicy.CREATE);

		assertThat(allowed).isTrue();
		assertThat(this.attributes).containsEntry("sessionId", this.request.getSession(false).getId());
		assertThat(SocketLink.live(this.attributes)).isSameAs(this.sessionLinks.linkOf(this.request.getSession()));
	}

	@Test
	void aHandshakeWithoutASessionIsRefusedWhereOneIsRequired() throws Exception {
		boolean allowed = handshake(SessionPolicy.REQUIRE);

		assertThat(allowed).isFalse();
		assertThat(this.response.getStatus()).isEqualTo(401);
		assertThat(this.response.getContentAsString()).startsWith("There is no HTTP session to connect under: ");
		assertThat(this.request.getSession(false)).isNull();
		assertThat(this.attributes).isEmpty();
		assertThat(this.links.refusals().get(Refused.NO_SESSION)).isEqualTo(1);
	}

	@Test
	void aSessionWithAsManySocketsAsItMayHaveGetsNoMore() throws Exception {
		this.sessionLinks.linkOf(this.request.getSession()).add(new FakeSocket());

		boolean allowed = handshake(SessionPolicy.CREATE);

		assertThat(allowed).isFalse();
		assertThat(this.response.getStatus()).isEqualTo(429);
		assertThat(this.response.getContentAsString()).startsWith("This session has as many connections open");
		assertThat(this.links.refusals().get(Refused.TOO_MANY_SOCKETS)).isEqualTo(1);
		assertThat(this.attributes).isEmpty();
	}

	@Test
	void anAddressWithAsManySessionsAsItMayHaveGetsNoMoreAndNoNewOneStays() throws Exception {
		this.links.open("first", "1", Home.GONE).comesFrom("192.0.2.1");
		this.links.open("second", "2", Home.GONE).comesFrom("192.0.2.1");
		this.request.setRemoteAddr("192.0.2.1");
		MockHttpSession created = (MockHttpSession) this.request.getSession();
		created.setNew(true);

		boolean allowed = handshake(SessionPolicy.CREATE);

		assertThat(allowed).isFalse();
		assertThat(this.response.getStatus()).isEqualTo(429);
		assertThat(this.response.getContentAsString()).startsWith("As many sessions as may be");
		assertThat(this.links.refusals().get(Refused.TOO_MANY_LINKS)).isEqualTo(1);
		assertThat(created.isInvalid()).isTrue();
	}

	@Test
	void anotherAddressHasRoomOfItsOwn() throws Exception {
		this.links.open("first", "1", Home.GONE).comesFrom("192.0.2.1");
		this.links.open("second", "2", Home.GONE).comesFrom("192.0.2.1");
		this.request.setRemoteAddr("192.0.2.2");

		assertThat(handshake(SessionPolicy.CREATE)).isTrue();
	}

	@Test
	void onlyTheAttributesAskedForAreCopied() throws Exception {
		this.request.getSession().setAttribute("colour", "green");
		this.request.getSession().setAttribute("secret", "not for sockets");

		handshake(SessionPolicy.REQUIRE);

		assertThat(this.attributes).containsEntry("colour", "green").doesNotContainKey("secret");
	}

	@Test
	void theSocketKnowsWhoTheHandshakeCameFrom() throws Exception {
		this.request.setUserPrincipal(UsernamePasswordAuthenticationToken.authenticated("ada", null,
				AuthorityUtils.createAuthorityList("ROLE_STAFF")));

		handshake(SessionPolicy.CREATE);

		assertThat(SocketLink.in(this.attributes).identity().name()).isEqualTo("ada");
		assertThat(SocketLink.in(this.attributes).identity().roles()).containsExactly("STAFF");
	}

	@Test
	void aSessionThatEndsDuringTheHandshakeOpensNoSocket() throws Exception {
		MockHttpSession ended = new MockHttpSession();
		ended.invalidate();
		MockHttpServletRequest handedOut = new MockHttpServletRequest() {

			@Override
			public MockHttpSession getSession(boolean create) {
				return ended;
			}

		};

		boolean allowed = new LinkHandshakeInterceptor(this.links, this.sessionLinks, settings(SessionPolicy.CREATE))
			.beforeHandshake(new ServletServerHttpRequest(handedOut), new ServletServerHttpResponse(this.response),
					new TextWebSocketHandler(), this.attributes);

		assertThat(allowed).isFalse();
		assertThat(this.response.getStatus()).isEqualTo(401);
	}

	private boolean handshake(SessionPolicy policy) throws Exception {
		return new LinkHandshakeInterceptor(this.links, this.sessionLinks, settings(policy)).beforeHandshake(
				new ServletServerHttpRequest(this.request), new ServletServerHttpResponse(this.response),
				new TextWebSocketHandler(), this.attributes);
	}

	private static HandshakeSettings settings(SessionPolicy policy) {
		return new HandshakeSettings(policy, List.of(), List.of("colour"), List.of());
	}

}
