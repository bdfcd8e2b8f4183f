package org.sessionlink.store;

import java.time.Duration;
import java.util.List;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequestAttributeEvent;
import jakarta.servlet.ServletRequestEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.mock.web.MockServletContext;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.web.util.pattern.PathPatternParser;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sessions of Spring Session's, of which the container knows nothing: its filter keeps
 * that of a request among the attributes of the request, and takes out one that ends.
 */
class SpringSessionsTest {

	private static final String CURRENT = "org.springframework.session.SessionRepository.CURRENT_SESSION";

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	private final FakeClock clock = new FakeClock();

	private final Links links = new Links(this.clock, LinkPolicy.DEFAULT);

	private final ServletContext servletContext = new MockServletContext() {

		@Override
		public String getServerInfo() {
			return "Apache Tomcat/11.0.24";
		}

	};

	private final SessionLinks sessionLinks = new SessionLinks(this.links,
			new StoreSettings(null, List.of(PathPatternParser.defaultInstance.parse("/page/**"))), this.servletContext);

	private final MockHttpSession session = new MockHttpSession() {

		@Override
		public Accessor getAccessor() {
			return null;
		}

	};

	private MockHttpServletRequest request;

	private Link link;

	@BeforeEach
	void aHandshakeHasBroughtIt() {
		this.session.setMaxInactiveInterval((int) TIMEOUT.toSeconds());
		this.link = this.sessionLinks.linkOf(this.session);
	}

	@Test
	void aRequestThatUsesOneIsItsActivityUntilItEnds() {
		this.clock.pass(TIMEOUT.minusSeconds(1));

		begin("/anything");
		use();
		this.clock.pass(TIMEOUT.minusSeconds(1));
		end();
		this.clock.pass(TIMEOUT.minusSeconds(1));

		assertThat(this.link.endCause()).isNull();
		this.clock.pass(Duration.ofSeconds(1));
		assertThat(this.link.endCause()).isEqualTo(EndCause.EXPIRED);
	}

	@Test
	void aPassiveRequestIsNoActivity() {
		this.clock.pass(TIMEOUT.minusSeconds(1));

		begin("/page/x");
		use();
		end();
		this.clock.pass(Duration.ofSeconds(1));

		assertThat(this.link.endCause()).isEqualTo(EndCause.EXPIRED);
	}

	@Test
	void theEndOfOneInARequestEndsItsLink() {
		begin("/logout");
		use();

		this.session.invalidate();
		takeOut();
		end();

		assertThat(this.link.endCause()).isEqualTo(EndCause.ENDED);
	}

	@Test
	void oneThatIsTakenOutAliveHasNotEnded() {
		begin("/anything");
		use();

		takeOut();
		end();

		assertThat(this.link.endCause()).isNull();
	}

	@Test
	void aLoginUnderOneIsFollowedUnderItsNewId() {
		begin("/login");
		use();

		this.session.changeSessionId();
		this.session.setAttribute("SPRING_SECURITY_CONTEXT", new SecurityContextImpl(UsernamePasswordAuthenticationToken
			.authenticated("ada", "", AuthorityUtils.createAuthorityList("ROLE_STAFF"))));
		end();

		assertThat(this.link.identity().principal().getName()).isEqualTo("ada");
		assertThat(this.link.sessionId()).isEqualTo(this.session.getId());
	}

	@Test
	void oneWhoseLinkHasEndedIsEmptyInItsNextRequestAndOverBehindIt() {
		this.session.setAttribute("cart", "full");
		this.link.end(EndCause.KICKED);

		begin("/anything");
		use();
		assertThat(this.session.getAttribute("cart")).isNull();
		assertThat(this.session.isInvalid()).isFalse();
		end();

		assertThat(this.session.isInvalid()).isTrue();
	}

	@Test
	void oneThatHasNeverHadASocketIsLeftAlone() {
		MockHttpSession other = new MockHttpSession();
		begin("/anything");
		this.request.setAttribute(CURRENT, other);
		this.sessionLinks
			.requestAttributeAdded(new ServletRequestAttributeEvent(this.servletContext, this.request, CURRENT, other));
		end();

		assertThat(this.links.open()).containsExactly(this.link);
		assertThat(other.getAttributeNames().hasMoreElements()).isFalse();
	}

	private void begin(String path) {
		this.request = new MockHttpServletRequest("GET", path);
		this.sessionLinks.requestInitialized(new ServletRequestEvent(this.servletContext, this.request));
	}

	private void use() {
		this.request.setAttribute(CURRENT, this.session);
		this.sessionLinks.requestAttributeAdded(
				new ServletRequestAttributeEvent(this.servletContext, this.request, CURRENT, this.session));
	}

	private void takeOut() {
		this.request.removeAttribute(CURRENT);
		this.sessionLinks.requestAttributeRemoved(
				new ServletRequestAttributeEvent(this.servletContext, this.request, CURRENT, this.session));
	}

	private void end() {
		this.sessionLinks.requestDestroyed(new ServletRequestEvent(this.servletContext, this.request));
	}

}
