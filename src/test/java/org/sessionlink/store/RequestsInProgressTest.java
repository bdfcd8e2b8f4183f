package org.sessionlink.store;

import java.time.Duration;
import java.util.List;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.http.HttpSessionEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;

import org.springframework.mock.web.MockAsyncContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.mock.web.MockServletContext;
import org.springframework.web.util.pattern.PathPatternParser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/** B43: sessions whose requests take longer than they last. */
class RequestsInProgressTest {

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	private static final Duration LONG = TIMEOUT.multipliedBy(3);

	private final FakeClock clock = new FakeClock();

	private final Links links = new Links(this.clock, LinkPolicy.DEFAULT);

	private final MockServletContext context = new MockServletContext();

	private final SessionLinks sessionLinks = new SessionLinks(this.links,
			new StoreSettings(TIMEOUT, List.of(PathPatternParser.defaultInstance.parse("/page/**"))), this.context);

	private final MockHttpSession session = created();

	private final Link link = this.sessionLinks.linkOf(this.session);

	private final MockHttpServletRequest request = request("/slow");

	private boolean failing;

	@Test
	void aSessionDoesNotExpireInTheMiddleOfARequestAndGoesOnFromItsEnd() {
		begin(this.request);
		this.clock.pass(LONG);
		assertThat(this.link.endCause()).isNull();

		dispatched(this.request);
		this.clock.pass(TIMEOUT.minusSeconds(1));
		assertThat(this.link.endCause()).isNull();
		this.clock.pass(Duration.ofSeconds(1));

		assertThat(this.link.endCause()).isEqualTo(EndCause.EXPIRED);
	}

	@Test
	void anAsynchronousRequestIsInProgressUntilItIsCompleted() {
		begin(this.request);
		MockAsyncContext async = startAsync();
		dispatched(this.request);
		this.clock.pass(LONG);
		assertThat(this.link.endCause()).isNull();

		async.complete();

		assertExpiresOnTime();
	}

	@Test
	void oneThatIsDispatchedAgainEndsWithTheLastDispatchHoweverOftenThatIsTold() {
		begin(this.request);
		startAsync();
		dispatched(this.request);
		begin(this.request);
		MockAsyncContext again = startAsync();
		dispatched(this.request);
		this.clock.pass(LONG);
		assertThat(this.link.endCause()).isNull();

		again.complete();
		dispatched(this.request);
		dispatched(this.request);

		assertExpiresOnTime();
	}

	@Test
	void aDispatchWithinARequestIsNeitherItsBeginningOnceMoreNorItsEnd() {
		begin(this.request);
		begin(this.request);
		dispatched(this.request);
		Link created = this.sessionLinks.linkOf(created());
		this.clock.pass(LONG);
		assertThat(this.link.endCause()).isNull();
		assertThat(created.endCause()).isNull();

		dispatched(this.request);

		assertExpiresOnTime();
	}

	@Test
	void oneThatIsDispatchedAgainAndWhoseFirstEndNobodyTellsOfEndsWithTheLast() {
		begin(this.request);
		this.request.setDispatcherType(DispatcherType.ASYNC);
		begin(this.request);

		dispatched(this.request);

		assertExpiresOnTime();
	}

	@Test
	void aRequestObjectThatIsUsedAgainIsAnotherRequest() {
		begin(this.request);
		dispatched(this.request);

		begin(this.request);
		this.clock.pass(LONG);
		assertThat(this.link.endCause()).isNull();
		dispatched(this.request);

		assertExpiresOnTime();
	}

	@Test
	void aSessionThatARequestCreatesIsUsedByItAndByNoOther() {
		begin(this.request);
		Link own = this.sessionLinks.linkOf(created());
		startAsync();
		dispatched(this.request);
		Link another = this.sessionLinks.linkOf(created());

		this.clock.pass(LONG);

		assertThat(own.endCause()).isNull();
		assertThat(another.endCause()).isEqualTo(EndCause.EXPIRED);
	}

	@Test
	void aSessionThatComesIntoMemoryAgainIsNotUsedByWhatItsThreadHasServed() {
		MockHttpSession swapped = created();
		Link own = this.sessionLinks.linkOf(swapped);
		begin(this.request);

		this.sessionLinks.sessionCreated(new HttpSessionEvent(swapped));
		this.clock.pass(LONG);

		assertThat(own.endCause()).isEqualTo(EndCause.EXPIRED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/page/x.js", "/greeting" })
	void whatIsNoActivityIsNeitherWhileItIsInProgress(String path) {
		MockHttpServletRequest passive = request(path);
		passive.addHeader("Upgrade", path.equals("/greeting") ? "websocket" : "none");
		// Tomcat tells of its end on another thread.
		begin(this.request);
		this.request.setSession(created());

		begin(passive);
		Link own = this.sessionLinks.linkOf(created());
		this.clock.pass(LONG);

		assertThat(own.endCause()).isEqualTo(EndCause.EXPIRED);
		assertThat(this.link.endCause()).isNull();
	}

	@Test
	void aRequestWhoseSessionCannotBeReadEndsAllTheSame() {
		begin(this.request);
		this.failing = true;

		assertThatIllegalArgumentException().isThrownBy(() -> dispatched(this.request));
		this.failing = false;

		assertExpiresOnTime();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aRequestWhoseEndNobodyTellsOfIsOverOnceItIsGone(boolean stripped) {
		beginAndLose(stripped);

		await().until(() -> {
			System.gc();
			this.clock.pass(TIMEOUT);
			return this.link.endCause() != null;
		});

		assertThat(this.link.endCause()).isEqualTo(EndCause.EXPIRED);
	}

	// Tomcat tells nobody behind a listener that throws; an application takes out all.
	private void beginAndLose(boolean stripped) {
		MockHttpServletRequest lost = request("/lost");
		begin(lost);
		if (stripped) {
			lost.clearAttributes();
			dispatched(lost);
		}
	}

	private void assertExpiresOnTime() {
		this.clock.pass(TIMEOUT.minusSeconds(1));
		assertThat(this.link.endCause()).isNull();
		this.clock.pass(Duration.ofSeconds(1));
		assertThat(this.link.endCause()).isEqualTo(EndCause.EXPIRED);
	}

	private MockHttpSession created() {
		MockHttpSession created = new MockHttpSession(this.context) {

			@Override
			public Object getAttribute(String name) {
				if (RequestsInProgressTest.this.failing) {
					throw new IllegalArgumentException("on purpose");
				}
				return super.getAttribute(name);
			}

		};
		this.sessionLinks.sessionCreated(new HttpSessionEvent(created));
		return created;
	}

	private MockHttpServletRequest request(String path) {
		MockHttpServletRequest made = new MockHttpServletRequest("GET", path);
		made.setSession(this.session);
		made.setAsyncSupported(true);
		return made;
	}

	private MockAsyncContext startAsync() {
		return (MockAsyncContext) this.request.startAsync();
	}

	private void begin(MockHttpServletRequest begun) {
		this.sessionLinks.requestInitialized(new ServletRequestEvent(this.context, begun));
	}

	private void dispatched(MockHttpServletRequest served) {
		this.sessionLinks.requestDestroyed(new ServletRequestEvent(this.context, served));
	}

}
