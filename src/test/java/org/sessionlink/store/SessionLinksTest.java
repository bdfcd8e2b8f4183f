package org.sessionlink.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.http.HttpSessionEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.LinkThreads;
import org.sessionlink.link.Links;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.mock.web.MockServletContext;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class SessionLinksTest {

	private final LinkThreads threads = new LinkThreads();

	private final Links links = new Links(this.threads, LinkPolicy.DEFAULT);

	private final SessionLinks sessionLinks = sessionLinks(null);

	private final MockHttpSession session = new MockHttpSession();

	@AfterEach
	void stop() {
		this.threads.close();
	}

	@Test
	void aSessionHasOneLinkForItsWholeLife() {
		this.sessionLinks.sessionCreated(event());

		Link link = this.sessionLinks.linkOf(this.session);

		assertThat(this.sessionLinks.linkOf(this.session)).isSameAs(link);
		assertThat(link.sessionId()).isEqualTo(this.session.getId());
		assertThat(link.key()).isNotEqualTo(this.session.getId());
	}

	@Test
	void theLinkStaysWhenTheIdChangesAndTheEventComesTwice() {
		this.sessionLinks.sessionCreated(event());
		Link link = this.sessionLinks.linkOf(this.session);

		String oldId = this.session.getId();
		this.session.changeSessionId();
		this.sessionLinks.sessionIdChanged(event(), oldId);
		this.sessionLinks.sessionIdChanged(event(), oldId);

		assertThat(this.sessionLinks.linkOf(this.session)).isSameAs(link);
		assertThat(link.sessionId()).isEqualTo(this.session.getId()).isNotEqualTo(oldId);
	}

	@Test
	void anIdThatChangesReachesTheLinkWithTheEventAlone() {
		this.sessionLinks.sessionCreated(event());
		Link link = this.sessionLinks.linkOf(this.session);

		String oldId = this.session.getId();
		this.session.changeSessionId();
		this.sessionLinks.sessionIdChanged(event(), oldId);

		assertThat(link.sessionId()).isEqualTo(this.session.getId()).isNotEqualTo(oldId);
	}

	@Test
	void theIdOfASessionThatHasNoLinkIsNoReasonForOne() {
		this.sessionLinks.sessionIdChanged(event(), "old");

		assertThat(this.links.all()).isEmpty();
	}

	@Test
	void theLinkEndsWithItsSessionAndTheEventMayComeTwice() {
		this.sessionLinks.sessionCreated(event());
		Link link = this.sessionLinks.linkOf(this.session);

		this.sessionLinks.sessionDestroyed(event());
		this.sessionLinks.sessionDestroyed(event());

		assertThat(link.endCause()).isEqualTo(EndCause.ENDED);
	}

	@Test
	void sessionsThatNoSocketUsesAreDestroyedWithoutATrace() {
		this.sessionLinks.sessionCreated(event());
		this.sessionLinks.sessionDestroyed(event());
		this.sessionLinks.sessionDestroyed(new HttpSessionEvent(new MockHttpSession()));

		assertThat(this.links.all()).allSatisfy((link) -> assertThat(link.endCause()).isEqualTo(EndCause.ENDED));
	}

	@Test
	void aSessionOlderThanTheApplicationGetsOneLinkHoweverManyUseItAtOnce() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(8);
		Callable<Link> first = () -> this.sessionLinks.linkOf(this.session);

		var results = threads.invokeAll(IntStream.range(0, 100).mapToObj((i) -> first).toList());
		threads.shutdown();

		for (var result : results) {
			assertThat(result.get()).isSameAs(this.sessionLinks.linkOf(this.session));
		}
		assertThat(this.links.all()).hasSize(1);
	}

	@Test
	void theTimeoutIsSetOnNewSessionsWhereOneIsConfigured() {
		SessionLinks configured = sessionLinks(Duration.ofSeconds(90));
		MockHttpSession other = new MockHttpSession();
		other.setMaxInactiveInterval(1800);

		configured.sessionCreated(event());
		this.sessionLinks.sessionCreated(new HttpSessionEvent(other));

		assertThat(List.of(this.session.getMaxInactiveInterval(), other.getMaxInactiveInterval())).containsExactly(90,
				1800);
	}

	@ParameterizedTest
	@CsvSource({ "/page/x.js, true", "/other, false", "/page/x;a=%zz, false", "/page/%, false", "/pä, false" })
	void onlyAPathThatCanBeReadIsPassive(String path, boolean passive) {
		MockHttpServletRequest request = new MockHttpServletRequest("GET", "/p" + path);
		request.setContextPath("/p");
		request.setSession(this.session);
		Link link = this.sessionLinks.linkOf(this.session);
		Instant before = link.lastActivity();

		await().until(() -> {
			this.sessionLinks.requestInitialized(new ServletRequestEvent(request.getServletContext(), request));
			return passive || link.lastActivity().isAfter(before.plusMillis(1));
		});

		assertThat(link.lastActivity().isAfter(before.plusMillis(1))).isEqualTo(!passive);
	}

	@Test
	void aContextPathThatIsWrittenShorterThanItIsEncodedDoesNoHarm() {
		MockHttpServletRequest request = new MockHttpServletRequest("GET", "/ä");
		request.setContextPath("/%C3%A4");

		this.sessionLinks.requestInitialized(new ServletRequestEvent(request.getServletContext(), request));

		assertThat(request.getSession(false)).isNull();
	}

	private SessionLinks sessionLinks(Duration timeout) {
		PathPattern passive = PathPatternParser.defaultInstance.parse("/page/**");
		return new SessionLinks(this.links, new StoreSettings(timeout, List.of(passive)), new MockServletContext());
	}

	private HttpSessionEvent event() {
		return new HttpSessionEvent(this.session);
	}

}
