package org.sessionlink.store;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.FakeSocket;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkListener;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.mock.web.MockServletContext;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextImpl;

import static org.assertj.core.api.Assertions.assertThat;

/** B12: the link follows what Spring Security says in the HTTP session. */
class SessionIdentityTest {

	private static final String CONTEXT = "SPRING_SECURITY_CONTEXT";

	private final ServletContext servletContext = new MockServletContext();

	private final FakeClock clock = new FakeClock();

	private final Links links = new Links(this.clock, LinkPolicy.DEFAULT);

	private final SessionLinks sessionLinks = new SessionLinks(this.links, new StoreSettings(null, List.of()),
			this.servletContext);

	private final MockHttpSession session = new MockHttpSession();

	@BeforeEach
	void create() {
		this.session.setMaxInactiveInterval(1800);
		this.sessionLinks.sessionCreated(new HttpSessionEvent(this.session));
	}

	@Test
	void aLoginIsFollowed() {
		Authentication ada = user("ada", "ROLE_STAFF", "read");

		put(new SecurityContextImpl(ada));

		assertThat(link().identity()).isEqualTo(new Identity(ada, Set.of("STAFF", "read")));
	}

	@Test
	void aLoginThatReplacesAnotherIsFollowed() {
		put(new SecurityContextImpl(user("ada")));
		Object before = this.session.getAttribute(CONTEXT);

		this.session.setAttribute(CONTEXT, new SecurityContextImpl(user("bob")));
		this.sessionLinks.attributeReplaced(new HttpSessionBindingEvent(this.session, CONTEXT, before));

		assertThat(identityOfLink().name()).isEqualTo("bob");
	}

	@Test
	void anotherAttributeSaysNothingOfTheUser() {
		SecurityContext context = new SecurityContextImpl(user("ada"));
		put(context);

		context.setAuthentication(user("bob"));
		this.sessionLinks.attributeAdded(new HttpSessionBindingEvent(this.session, "colour"));

		assertThat(identityOfLink().name()).isEqualTo("ada");
	}

	@Test
	void aUserWhoChangesWhileTheLinkIsToldOfTheLastOneReachesItToo() {
		SecurityContext context = new SecurityContextImpl(user("ada"));
		link().add(new FakeSocket() {

			@Override
			public void identityChanged() {
				context.setAuthentication(user("bob"));
			}

		});
		context.setAuthentication(user("ada"));

		put(context);

		assertThat(identityOfLink().name()).isEqualTo("bob");
	}

	@Test
	void howSomebodyHasLoggedInIsNoRole() {
		FactorGrantedAuthority factor = FactorGrantedAuthority.fromAuthority(FactorGrantedAuthority.PASSWORD_AUTHORITY);

		put(new SecurityContextImpl(UsernamePasswordAuthenticationToken.authenticated("ada", null, List.of(factor))));

		assertThat(link().identity().roles()).isEmpty();
	}

	@Test
	void otherRolesAreFollowed() {
		put(new SecurityContextImpl(user("ada", "ROLE_STAFF")));

		put(new SecurityContextImpl(user("ada", "ROLE_GUEST")));

		assertThat(link().identity().roles()).containsExactly("GUEST");
	}

	@Test
	void aContextThatIsTakenOutMakesTheVisitorAnonymousAgain() {
		put(new SecurityContextImpl(user("ada")));

		this.session.removeAttribute(CONTEXT);
		this.sessionLinks.attributeRemoved(new HttpSessionBindingEvent(this.session, CONTEXT));

		assertThat(link().identity()).isEqualTo(Identity.ANONYMOUS);
	}

	@Test
	void anAnonymousAuthenticationMakesTheVisitorAnonymousAgain() {
		put(new SecurityContextImpl(user("ada")));

		put(new SecurityContextImpl(anonymous()));

		assertThat(link().identity()).isEqualTo(Identity.ANONYMOUS);
	}

	@Test
	void whereNobodyHasEverBeenTheHandshakeKeepsTheLastWord() {
		put(new SecurityContextImpl(anonymous()));
		this.session.removeAttribute(CONTEXT);
		this.sessionLinks.attributeRemoved(new HttpSessionBindingEvent(this.session, CONTEXT));
		this.sessionLinks.requestDestroyed(request());

		assertThat(link().identity()).isNull();
	}

	@Test
	void aContextThatIsChangedInPlaceIsSeenAtTheEndOfTheRequest() {
		SecurityContext context = new SecurityContextImpl(user("ada"));
		put(context);

		context.setAuthentication(user("bob"));
		this.sessionLinks.requestDestroyed(request());

		assertThat(link().identity().name()).isEqualTo("bob");
	}

	@Test
	void theSameUserOnceMoreIsNoChange() {
		Recorder recorder = new Recorder();
		this.links.addListener(recorder);

		put(new SecurityContextImpl(user("ada", "ROLE_STAFF")));
		put(new SecurityContextImpl(user("ada", "ROLE_STAFF")));
		this.sessionLinks.requestDestroyed(request());
		this.clock.pass(Duration.ZERO);

		assertThat(recorder.heard).isEqualTo(1);
	}

	@Test
	void theEndOfASessionIsNoChangeOfItsUser() {
		put(new SecurityContextImpl(user("ada")));
		Link link = link();

		this.sessionLinks.sessionDestroyed(new HttpSessionEvent(this.session));
		this.session.removeAttribute(CONTEXT);
		this.sessionLinks.attributeRemoved(new HttpSessionBindingEvent(this.session, CONTEXT));

		assertThat(link.identity().name()).isEqualTo("ada");
	}

	@Test
	void aSessionThatIsOverIsLeftAlone() {
		this.session.invalidate();

		this.sessionLinks.attributeRemoved(new HttpSessionBindingEvent(this.session, CONTEXT));
		this.sessionLinks.requestDestroyed(request());

		assertThat(this.links.all().iterator().next().identity()).isNull();
	}

	private void put(SecurityContext context) {
		this.session.setAttribute(CONTEXT, context);
		this.sessionLinks.attributeAdded(new HttpSessionBindingEvent(this.session, CONTEXT));
	}

	// Does not look itself, as asking for the link of a session would.
	private Identity identityOfLink() {
		return this.links.all().iterator().next().identity();
	}

	private Link link() {
		return this.sessionLinks.linkOf(this.session);
	}

	private ServletRequestEvent request() {
		MockHttpServletRequest request = new MockHttpServletRequest("POST", "/any");
		request.setSession(this.session);
		return new ServletRequestEvent(this.servletContext, request);
	}

	private static Authentication user(String name, String... authorities) {
		return UsernamePasswordAuthenticationToken.authenticated(name, null,
				AuthorityUtils.createAuthorityList(authorities));
	}

	private static Authentication anonymous() {
		return new AnonymousAuthenticationToken("key", "anonymousUser", AuthorityUtils.createAuthorityList("ROLE_X"));
	}

	private static final class Recorder implements LinkListener {

		private int heard;

		@Override
		public void identityChanged(Link link, Identity now) {
			this.heard++;
		}

	}

}
