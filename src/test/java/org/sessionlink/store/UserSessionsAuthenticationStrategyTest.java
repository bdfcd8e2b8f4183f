package org.sessionlink.store;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.RecordedLog;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkLimits;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;
import org.sessionlink.link.UserLimit;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.mock.web.MockServletContext;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.authentication.session.SessionAuthenticationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class UserSessionsAuthenticationStrategyTest {

	private final MockServletContext servletContext = new MockServletContext();

	private final UserSessionsAuthenticationStrategy strategy = new UserSessionsAuthenticationStrategy();

	private Links links;

	private SessionLinks sessionLinks;

	@Test
	void aLoginThatAnotherRequestSeesFirstIsNoOlderForThat() {
		start(1, false);
		MockHttpSession old = new MockHttpSession(this.servletContext);
		this.sessionLinks.sessionCreated(new HttpSessionEvent(old));
		MockHttpServletRequest login = request();
		this.sessionLinks.sessionCreated(new HttpSessionEvent(login.getSession()));
		Link earlier = this.sessionLinks.linkOf(logIn(login, "ada"));

		// The container's event is still to come.
		old.setAttribute("SPRING_SECURITY_CONTEXT", new SecurityContextImpl(user("ada")));
		Link link = this.sessionLinks.linkOf(old);

		assertThat(link.endCause()).isNull();
		assertThat(earlier.endCause()).isEqualTo(EndCause.REPLACED);
	}

	@Test
	void aLoginTooManyIsRefusedAndStartsNoSession() {
		start(1, true);
		logIn(request(), "ada");
		MockHttpServletRequest second = request();

		try (RecordedLog log = RecordedLog.of(UserSessionsAuthenticationStrategy.class)) {
			assertRefused(second, "ada");
			assertThat(log.lines()).singleElement().asString().contains("sessionlink.limits.sessions-per-user");
		}

		assertThat(second.getSession(false)).isNull();
		assertThat(this.links.refusals()).containsEntry(Refused.TOO_MANY_USER_SESSIONS, 1L);
		assertThat(this.links.open()).hasSize(1);
	}

	@Test
	void aVisitorWhoseLoginIsRefusedStaysWhoTheyAre() {
		start(1, true);
		logIn(request(), "ada");
		MockHttpServletRequest second = request();
		Link visitors = this.sessionLinks.linkOf(second.getSession());

		assertRefused(second, "ada");
		over(second);

		assertThat(visitors.endCause()).isNull();
		assertThat(visitors.identity()).isNull();
	}

	@Test
	void whoLogsInAgainUnderTheirOwnSessionIsNotRefused() {
		start(1, true);
		HttpSession session = logIn(request(), "ada");
		MockHttpServletRequest again = request();
		again.setSession(session);

		logIn(again, "ada");

		assertThat(this.sessionLinks.linkOf(session).endCause()).isNull();
	}

	@Test
	void ofALoginThatCameToNothingNoPlaceIsLeftTaken() {
		start(1, true);
		MockHttpServletRequest failing = request();
		this.strategy.onAuthentication(user("ada"), failing, new MockHttpServletResponse());
		MockHttpServletRequest other = request();
		assertRefused(other, "ada");

		over(failing);

		HttpSession session = logIn(other, "ada");
		assertThat(this.sessionLinks.linkOf(session).endCause()).isNull();
	}

	@Test
	void aLogoutMakesRoom() {
		start(1, true);
		HttpSession first = logIn(request(), "ada");
		this.sessionLinks.linkOf(first).end(EndCause.ENDED);

		assertThatNoException().isThrownBy(() -> logIn(request(), "ada"));
	}

	@Test
	void whereTheOldestEndsOrThereIsNoLimitItDoesNothing() {
		start(1, false);
		logIn(request(), "ada");
		MockHttpServletRequest second = request();

		this.strategy.onAuthentication(user("ada"), second, new MockHttpServletResponse());

		assertThat(second.getSession(false)).isNull();
	}

	@Test
	void nobodyInParticularIsNeverRefused() {
		start(1, true);
		Authentication nobody = new AnonymousAuthenticationToken("key", "anonymousUser",
				AuthorityUtils.createAuthorityList("ROLE_ANONYMOUS"));
		MockHttpServletRequest request = request();

		this.strategy.onAuthentication(nobody, request, new MockHttpServletResponse());
		this.strategy.onAuthentication(nobody, request(), new MockHttpServletResponse());

		assertThat(request.getSession(false)).isNull();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aLoginThatCopiesItsSessionIntoANewOneIsOneSession(boolean refusesNew) {
		start(1, refusesNew);
		MockHttpSession before = session(-2000);
		MockHttpServletRequest again = request();
		again.setSession(before);
		logIn(again, "ada");

		this.strategy.onAuthentication(user("ada"), again, new MockHttpServletResponse());
		this.sessionLinks.sessionDestroyed(new HttpSessionEvent(before));
		MockHttpSession copy = session(-1000);
		Collections.list(before.getAttributeNames())
			.forEach((name) -> copy.setAttribute(name, before.getAttribute(name)));
		again.setSession(copy);
		Link link = this.sessionLinks.linkOf(copy);
		over(again);

		assertThat(link.endCause()).isNull();
		assertThat(this.links.open()).containsExactly(link);
	}

	@Test
	void whatComesBackAfterARestartIsAsOldAsTheSession() {
		start(2, false);

		Link middle = this.sessionLinks.linkOf(kept(-2000));
		Link youngest = this.sessionLinks.linkOf(kept(-1000));
		Link oldest = this.sessionLinks.linkOf(kept(-3000));

		assertThat(oldest.endCause()).isEqualTo(EndCause.REPLACED);
		assertThat(this.links.open()).containsExactlyInAnyOrder(middle, youngest);
	}

	private HttpSession kept(long createdAt) {
		HttpSession session = session(createdAt);
		session.setAttribute("SPRING_SECURITY_CONTEXT", new SecurityContextImpl(user("ada")));
		return session;
	}

	private MockHttpSession session(long createdAt) {
		return new MockHttpSession(this.servletContext) {

			@Override
			public long getCreationTime() {
				return createdAt;
			}

		};
	}

	@Test
	void whereSessionLinkIsNotItDoesNothing() {
		assertThatNoException()
			.isThrownBy(() -> this.strategy.onAuthentication(user("ada"), request(), new MockHttpServletResponse()));
	}

	private void start(int most, boolean refusesNew) {
		this.links = new Links(new FakeClock(),
				new LinkPolicy(null, Duration.ofMinutes(1), LinkLimits.NONE, new UserLimit(most, refusesNew)));
		this.sessionLinks = new SessionLinks(this.links, new StoreSettings(null, List.of()), this.servletContext);
	}

	private MockHttpServletRequest request() {
		return new MockHttpServletRequest(this.servletContext, "POST", "/login");
	}

	private HttpSession logIn(MockHttpServletRequest request, String name) {
		this.strategy.onAuthentication(user(name), request, new MockHttpServletResponse());
		HttpSession session = request.getSession();
		session.setAttribute("SPRING_SECURITY_CONTEXT", new SecurityContextImpl(user(name)));
		over(request);
		return session;
	}

	private void over(MockHttpServletRequest request) {
		this.sessionLinks.requestDestroyed(new ServletRequestEvent(this.servletContext, request));
	}

	private void assertRefused(MockHttpServletRequest request, String name) {
		assertThatExceptionOfType(SessionAuthenticationException.class)
			.isThrownBy(() -> this.strategy.onAuthentication(user(name), request, new MockHttpServletResponse()));
	}

	private static Authentication user(String name) {
		return UsernamePasswordAuthenticationToken.authenticated(name, null, List.of());
	}

}
