package org.sessionlink.store;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import jakarta.servlet.http.HttpSessionEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.LinkThreads;
import org.sessionlink.link.Links;

import org.springframework.mock.web.MockHttpSession;
import org.springframework.mock.web.MockServletContext;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

import static org.assertj.core.api.Assertions.assertThat;

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

	private SessionLinks sessionLinks(Duration timeout) {
		PathPattern passive = PathPatternParser.defaultInstance.parse("/page/**");
		return new SessionLinks(this.links, new StoreSettings(timeout, List.of(passive)), new MockServletContext());
	}

	private HttpSessionEvent event() {
		return new HttpSessionEvent(this.session);
	}

}
