package org.sessionlink.handshake;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import org.junit.jupiter.api.Test;
import org.sessionlink.OnPurpose;
import org.sessionlink.RecordedLog;
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
import org.springframework.web.socket.server.support.HttpSessionHandshakeInterceptor;

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

		boolean allowed;
		try (RecordedLog log = RecordedLog.of(LinkHandshakeInterceptor.class)) {
			allowed = handshake(SessionPolicy.CREATE);
			assertThat(log.lines()).last().asString().endsWith("see sessionlink.limits.sockets-per-link");
		}

		assertThat(allowed).isFalse();
		assertThat(this.response.getStatus()).isEqualTo(429);
		assertThat(this.response.getContentAsString()).startsWith("This session has as many connections open");
		assertThat(this.links.refusals().get(Refused.TOO_MANY_SOCKETS)).isEqualTo(1);
		assertThat(this.attributes).isEmpty();
	}

	@Test
	void anAddressWithAsManySessionsAsItMayHaveGetsNoMoreAndNoNewOne() throws Exception {
		fill("192.0.2.1");
		this.request.setRemoteAddr("192.0.2.1");

		assertTooManySessions();

		assertThat(this.request.getSession(false)).isNull();
	}

	@Test
	void aSessionFromAnAddressWithoutRoomIsTurnedAwayAndStays() throws Exception {
		fill("192.0.2.1");
		this.request.setRemoteAddr("192.0.2.1");
		MockHttpSession session = (MockHttpSession) this.request.getSession();

		assertTooManySessions();

		assertThat(session.isInvalid()).isFalse();
	}

	@Test
	void aSessionThatWasStartedWhileTheLastRoomWasTakenIsGivenBack() throws Exception {
		this.request.setRemoteAddr("192.0.2.1");
		MockHttpServletRequest overtaken = new MockHttpServletRequest() {

			@Override
			public HttpSession getSession() {
				fill("192.0.2.1");
				return super.getSession();
			}

		};
		overtaken.setRemoteAddr("192.0.2.1");
		Upgrade upgrade = new Upgrade(overtaken);

		boolean allowed = upgrade.passes(interceptor(SessionPolicy.CREATE));

		assertThat(allowed).isFalse();
		assertThat(upgrade.response.getStatus()).isEqualTo(429);
		assertThat(overtaken.getSession(false)).isNull();
	}

	@Test
	void whereTheServerStartsNoSessionTheClientIsToldToComeLater() throws Exception {
		MockHttpServletRequest full = new MockHttpServletRequest() {

			@Override
			public HttpSession getSession() {
				throw new IllegalStateException("as many as may be");
			}

		};
		Upgrade upgrade = new Upgrade(full);

		boolean allowed = upgrade.passes(interceptor(SessionPolicy.CREATE));

		assertThat(allowed).isFalse();
		assertThat(upgrade.response.getStatus()).isEqualTo(503);
		assertThat(upgrade.response.getContentAsString()).startsWith("The server cannot start a session now");
		assertThat(this.links.refusals().get(Refused.TOO_MANY_LINKS)).isEqualTo(1);
	}

	private void assertTooManySessions() throws Exception {
		boolean allowed;
		try (RecordedLog log = RecordedLog.of(LinkHandshakeInterceptor.class)) {
			allowed = handshake(SessionPolicy.CREATE);
			assertThat(log.lines()).last().asString().endsWith("see sessionlink.limits.links-per-address");
		}

		assertThat(allowed).isFalse();
		assertThat(this.response.getStatus()).isEqualTo(429);
		assertThat(this.response.getContentAsString()).startsWith("As many sessions as may be");
		assertThat(this.links.refusals().get(Refused.TOO_MANY_LINKS)).isEqualTo(1);
		assertThat(this.attributes).isEmpty();
	}

	@Test
	void anotherAddressHasRoomOfItsOwn() throws Exception {
		fill("192.0.2.1");
		this.request.setRemoteAddr("192.0.2.2");

		assertThat(handshake(SessionPolicy.CREATE)).isTrue();
	}

	@Test
	void aLinkWithAnOpenSocketMayComeFromAnAddressWithoutRoom() throws Exception {
		Links roomy = new Links(new FakeClock(),
				new LinkPolicy(null, LinkPolicy.DEFAULT.expiryWarning(), new LinkLimits(2, 1, 0, 0)));
		SessionLinks sessions = new SessionLinks(roomy, new StoreSettings(null, List.of()), new MockServletContext());
		sessions.linkOf(this.request.getSession()).add(new FakeSocket("192.0.2.1"));
		this.request.setRemoteAddr("192.0.2.1");

		assertThat(new Upgrade(this.request).passes(
				new LinkHandshakeInterceptor(roomy, sessions, settings(SessionPolicy.CREATE), new ForeignSessions())))
			.isTrue();
	}

	@Test
	@OnPurpose("sessions may come from anywhere")
	void aSessionThatIsNotTheContainersIsWarnedOfOnce() throws Exception {
		MockHttpSession foreign = new MockHttpSession();
		HttpServletRequest filtered = new HttpServletRequestWrapper(this.request) {

			@Override
			public HttpSession getSession() {
				return foreign;
			}

			@Override
			public HttpSession getSession(boolean create) {
				return foreign;
			}

		};
		ForeignSessions sessions = new ForeignSessions();

		try (RecordedLog log = RecordedLog.of(ForeignSessions.class)) {
			sessions.look(new HttpServletRequestWrapper(this.request), this.request.getSession());
			assertThat(log.lines()).isEmpty();
			LinkHandshakeInterceptor interceptor = new LinkHandshakeInterceptor(this.links, this.sessionLinks,
					settings(SessionPolicy.CREATE), sessions);
			for (int i = 0; i < 2; i++) {
				interceptor.beforeHandshake(new ServletServerHttpRequest(filtered),
						new ServletServerHttpResponse(this.response), new TextWebSocketHandler(), this.attributes);
			}

			assertThat(log.lines()).singleElement()
				.asString()
				.startsWith("WARN Handshakes come with sessions of " + MockHttpSession.class.getName());
		}
	}

	@Test
	void aHandshakeCountsForItsAddressOnlyOnceItsSocketIsOpen() throws Exception {
		this.request.setRemoteAddr("192.0.2.1");

		handshake(SessionPolicy.CREATE);

		assertThat(this.links.addresses()).isZero();
		assertThat(SocketLink.in(this.attributes).remoteAddress()).isEqualTo("192.0.2.1");
	}

	@Test
	void aHandshakeThatFailsGivesBackTheSessionThatWasStartedForIt() throws Exception {
		handshake(SessionPolicy.CREATE);

		finish(new IllegalStateException("an application's own code"));

		assertThat(this.request.getSession(false)).isNull();
	}

	@Test
	void aHandshakeThatSomebodyElseRefusesGivesItBackToo() throws Exception {
		handshake(SessionPolicy.CREATE);
		this.response.setStatus(400);

		finish(null);
		finish(null);

		assertThat(this.request.getSession(false)).isNull();
	}

	@Test
	void aHandshakeThatSucceedsKeepsItsSession() throws Exception {
		handshake(SessionPolicy.CREATE);
		this.response.setStatus(399);

		finish(null);

		assertThat(this.request.getSession(false)).isNotNull();
	}

	@Test
	void aSessionThatWasThereBeforeOutlivesAHandshakeThatFails() throws Exception {
		this.request.getSession();
		handshake(SessionPolicy.CREATE);

		finish(new IllegalStateException("an application's own code"));

		assertThat(this.request.getSession(false)).isNotNull();
	}

	@Test
	void aHandshakeThatFailsAsItsSessionEndsDoesNoFurtherHarm() throws Exception {
		handshake(SessionPolicy.CREATE);
		MockHttpSession session = (MockHttpSession) this.request.getSession();
		MockHttpServletRequest late = new MockHttpServletRequest() {

			@Override
			public HttpSession getSession(boolean create) {
				return session;
			}

		};
		this.request.getAttributeNames().asIterator().forEachRemaining((name) -> late.setAttribute(name, true));
		session.invalidate();

		interceptor(SessionPolicy.CREATE).afterHandshake(new ServletServerHttpRequest(late),
				new ServletServerHttpResponse(this.response), new TextWebSocketHandler(), new Exception());

		assertThat(session.isInvalid()).isTrue();
	}

	@Test
	void onlyTheAttributesAskedForAreCopied() throws Exception {
		this.request.getSession().setAttribute("colour", "green");
		this.request.getSession().setAttribute("secret", "not for sockets");

		handshake(SessionPolicy.REQUIRE);

		assertThat(this.attributes).containsEntry("colour", "green")
			.doesNotContainKeys("secret", HttpSessionHandshakeInterceptor.HTTP_SESSION_ID_ATTR_NAME);
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

		Upgrade upgrade = new Upgrade(handedOut);

		boolean allowed = upgrade.passes(interceptor(SessionPolicy.CREATE));

		assertThat(allowed).isFalse();
		assertThat(upgrade.answer())
			.isEqualTo("401 The HTTP session ended during the handshake: open a page of this application again.");
		assertThat(this.links.refusals().get(Refused.SESSION_OVER)).isOne();
		assertThat(upgrade.attributes).isEmpty();
	}

	private boolean handshake(SessionPolicy policy) throws Exception {
		return interceptor(policy).beforeHandshake(new ServletServerHttpRequest(this.request),
				new ServletServerHttpResponse(this.response), new TextWebSocketHandler(), this.attributes);
	}

	private void finish(Exception failure) {
		interceptor(SessionPolicy.CREATE).afterHandshake(new ServletServerHttpRequest(this.request),
				new ServletServerHttpResponse(this.response), new TextWebSocketHandler(), failure);
	}

	private LinkHandshakeInterceptor interceptor(SessionPolicy policy) {
		return new LinkHandshakeInterceptor(this.links, this.sessionLinks, settings(policy), new ForeignSessions());
	}

	private void fill(String address) {
		this.links.open("first", "1", Home.GONE).add(new FakeSocket(address));
		this.links.open("second", "2", Home.GONE).add(new FakeSocket(address));
	}

	private static HandshakeSettings settings(SessionPolicy policy) {
		return new HandshakeSettings(policy, List.of(), List.of("colour"), List.of(), SecureCookie.AUTO);
	}

}
