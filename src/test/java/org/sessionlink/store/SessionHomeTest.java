package org.sessionlink.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.RecordedLog;
import org.sessionlink.link.Crew;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.mock.web.MockServletContext;
import org.springframework.web.util.pattern.PathPatternParser;

import static org.assertj.core.api.Assertions.assertThat;

class SessionHomeTest {

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	private final FakeClock clock = new FakeClock();

	private final Links links = new Links(this.clock, LinkPolicy.DEFAULT);

	private final StoreSettings settings = new StoreSettings(TIMEOUT,
			List.of(PathPatternParser.defaultInstance.parse("/page/**")));

	private final SessionLinks sessionLinks = new SessionLinks(this.links, this.settings, new MockServletContext());

	private final OutOfMemorySession session = new OutOfMemorySession();

	@Test
	void aSessionThatIsNotInMemoryIsNotTakenForOneThatEnded() {
		this.sessionLinks.sessionCreated(new HttpSessionEvent(this.session));
		Link link = this.sessionLinks.linkOf(this.session);
		this.session.outOfMemory = true;

		useFor(TIMEOUT.minusSeconds(20), link);
		assertThat(this.session.refusedTouches).isPositive();
		this.session.outOfMemory = false;
		useFor(TIMEOUT.multipliedBy(3), link);

		assertThat(this.session.touches).isPositive();
		assertThat(link.endCause()).isNull();
	}

	@Test
	void aRequestOfAnySortKeepsALinkAliveAndOneThatIsPassiveDoesNot() {
		this.sessionLinks.sessionCreated(new HttpSessionEvent(this.session));
		Link link = this.sessionLinks.linkOf(this.session);

		request("GET", "/anything");
		this.clock.pass(TIMEOUT.minusSeconds(1));
		request("POST", "/page/x");
		this.clock.pass(TIMEOUT.minusSeconds(1));
		assertThat(link.endCause()).isNull();
		request("GET", "/page/x.js");
		this.clock.pass(Duration.ofSeconds(1));

		assertThat(link.endCause()).isEqualTo(EndCause.EXPIRED);
		assertThat(this.session.isInvalid()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/anything", "/page/x.js" })
	void aRequestThatComesBeforeTheLateTimerFindsItsSessionOver(String path) {
		this.sessionLinks.sessionCreated(new HttpSessionEvent(this.session));
		Link link = this.sessionLinks.linkOf(this.session);
		this.clock.passUnnoticed(TIMEOUT);

		request("GET", path);

		assertThat(link.endCause()).isEqualTo(EndCause.EXPIRED);
		assertThat(this.session.isInvalid()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/anything", "/page/x.js" })
	void suchARequestGoesOnWithoutItsSessionHoweverSlowTheSessionIsEnded(String path) {
		List<Runnable> ending = new ArrayList<>();
		FakeClock slow = new FakeClock() {

			@Override
			public void execute(Crew crew, Runnable task) {
				ending.add(task);
			}

		};
		SessionLinks others = new SessionLinks(new Links(slow, LinkPolicy.DEFAULT), this.settings,
				new MockServletContext());
		others.sessionCreated(new HttpSessionEvent(this.session));
		slow.passUnnoticed(TIMEOUT);

		others.requestInitialized(new ServletRequestEvent(new MockServletContext(), get(path)));

		assertThat(ending).isNotEmpty();
		assertThat(this.session.isInvalid()).isTrue();
	}

	@Test
	void aRequestWhoseSessionEndsMeanwhileGoesOn() {
		this.sessionLinks.sessionCreated(new HttpSessionEvent(this.session));
		MockHttpServletRequest request = get("/anything");
		this.session.invalidate();

		this.sessionLinks.requestInitialized(new ServletRequestEvent(new MockServletContext(), request));
		this.sessionLinks.requestDestroyed(new ServletRequestEvent(new MockServletContext(), request));

		assertThat(this.links.open()).hasSize(1);
	}

	@Test
	void whatOpensOrCarriesASocketDoesNotKeepALinkAlive() {
		this.sessionLinks.socketsAt("/greeting");
		this.sessionLinks.sessionCreated(new HttpSessionEvent(this.session));
		Link link = this.sessionLinks.linkOf(this.session);
		this.clock.pass(TIMEOUT.minusSeconds(1));

		MockHttpServletRequest handshake = get("/greeting");
		handshake.addHeader("Upgrade", "websocket");
		this.sessionLinks.requestInitialized(new ServletRequestEvent(new MockServletContext(), handshake));
		request("POST", "/greeting/123/abc/xhr");
		this.clock.pass(Duration.ofSeconds(1));

		assertThat(link.endCause()).isEqualTo(EndCause.EXPIRED);
	}

	@Test
	void aHandshakeOfASessionWhoseTimeIsOverFindsItOver() {
		this.sessionLinks.sessionCreated(new HttpSessionEvent(this.session));
		MockHttpServletRequest handshake = get("/greeting");
		handshake.addHeader("Upgrade", "websocket");
		this.clock.passUnnoticed(TIMEOUT);

		this.sessionLinks.requestInitialized(new ServletRequestEvent(new MockServletContext(), handshake));

		assertThat(this.session.isInvalid()).isTrue();
	}

	@Test
	void aSessionIsTouchedByItsOwnTimeoutAndOneThatIsOverEndsNobody() {
		HeldHome home = new HeldHome(this.session);
		this.session.setMaxInactiveInterval(42);

		home.touch();
		assertThat(home.timeout()).isEqualTo(Duration.ofSeconds(42));
		home.invalidate();
		home.invalidate();

		assertThat(this.session.isInvalid()).isTrue();
		assertThat(this.session.touches).isEqualTo(2);
	}

	@Test
	void aTouchThatComesAfterTheEndFailsInNobodysLog() {
		HeldHome home = new HeldHome(new MockHttpSession() {

			@Override
			public int getMaxInactiveInterval() {
				if (isInvalid()) {
					throw new IllegalStateException("as Undertow");
				}
				return super.getMaxInactiveInterval();
			}

		});
		home.invalidate();

		assertThat(home.touch()).isFalse();
		assertThat(home.timeout()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "Apache Tomcat/11.0.24", "jetty/12.1.5", "WildFly 39.0.1.Final" })
	void whoTalksUnderASessionThatAFilterHasPutThereIsNotTakenForIdle(String server) {
		SessionLinks onServer = new SessionLinks(this.links, this.settings, servletContext(server));
		FilteredSession filtered = new FilteredSession();
		filtered.setMaxInactiveInterval((int) TIMEOUT.toSeconds());
		Link link = onServer.linkOf(filtered);

		try (RecordedLog log = RecordedLog.of(Link.class)) {
			useFor(TIMEOUT.multipliedBy(3), link);

			assertThat(link.endCause()).isNull();
			assertThat(log.lines()).isEmpty();
		}
	}

	@Test
	void aSessionThatAFilterHasPutThereIsNotEndedOutsideItsRequest() {
		FilteredSession filtered = new FilteredSession();
		SessionHome home = SessionHome.in(servletContext("Apache Tomcat/11.0.24")).apply(filtered);

		home.invalidate();

		assertThat(filtered.isInvalid()).isFalse();
		assertThat(home.use(HttpSession::getId)).isEqualTo(filtered.getId());
	}

	private static MockServletContext servletContext(String server) {
		return new MockServletContext() {

			@Override
			public String getServerInfo() {
				return server;
			}

		};
	}

	private void useFor(Duration duration, Link link) {
		for (int second = 0; second < duration.toSeconds(); second++) {
			link.active();
			this.clock.pass(Duration.ofSeconds(1));
		}
	}

	private void request(String method, String path) {
		MockHttpServletRequest request = get(path);
		request.setMethod(method);
		this.sessionLinks.requestInitialized(new ServletRequestEvent(new MockServletContext(), request));
		this.sessionLinks.requestDestroyed(new ServletRequestEvent(new MockServletContext(), request));
	}

	private MockHttpServletRequest get(String path) {
		MockHttpServletRequest request = new MockHttpServletRequest("GET", "/app" + path);
		request.setContextPath("/app");
		request.setSession(this.session);
		return request;
	}

	/** As most wrap one: it knows no accessor. */
	private static final class FilteredSession extends MockHttpSession {

		@Override
		public Accessor getAccessor() {
			return null;
		}

	}

	private static final class OutOfMemorySession extends MockHttpSession {

		private boolean outOfMemory;

		private int refusedTouches;

		private int touches;

		@Override
		public void setMaxInactiveInterval(int interval) {
			if (this.outOfMemory) {
				this.refusedTouches++;
				throw new IllegalStateException("Not resident");
			}
			this.touches++;
			super.setMaxInactiveInterval(interval);
		}

	}

}
