package org.sessionlink.store;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.mock.web.MockServletContext;

import static org.assertj.core.api.Assertions.assertThat;

/** B42: the tie is to the session, not to an attribute in it. */
class SessionTiesTest {

	private static final String KEY = SessionLinks.class.getName() + ".key";

	private final FakeClock clock = new FakeClock();

	private final Links links = new Links(this.clock, LinkPolicy.DEFAULT);

	private final MockServletContext context = new MockServletContext();

	private final SessionLinks sessionLinks = new SessionLinks(this.links, new StoreSettings(null, List.of()),
			this.context);

	private final DatedSession session = created(1);

	private final Link link = this.sessionLinks.linkOf(this.session);

	@Test
	void aLoginThatCopiesTheAttributesIntoANewSessionLeavesThatOneAlive() {
		Object key = this.session.getAttribute(KEY);
		end(this.session);
		DatedSession next = created(2);

		copy(key, next);

		Link own = this.sessionLinks.linkOf(next);
		assertThat(this.link.endCause()).isEqualTo(EndCause.ENDED);
		assertThat(own.endCause()).isNull();
		assertThat(own.key()).isNotEqualTo(this.link.key());
		assertThat(this.links.open()).containsExactly(own);
		assertThat(next.isInvalid()).isFalse();
	}

	@Test
	void aKeyThatIsCopiedIntoASessionBesideItsOwnCountsForItsOwnAlone() {
		DatedSession other = created(2);
		Link own = this.sessionLinks.linkOf(other);

		copy(this.session.getAttribute(KEY), other);

		assertThat(this.sessionLinks.linkOf(other)).isSameAs(own);
		assertThat(this.sessionLinks.linkOf(this.session)).isSameAs(this.link);
		end(other);
		assertThat(own.endCause()).isEqualTo(EndCause.ENDED);
		assertThat(this.link.endCause()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "scribbled" })
	void aSessionWhoseAttributesAreTakenAwayOrOverwrittenKeepsItsLinkAndEndsIt(String instead) {
		change(this.session, instead.isEmpty() ? null : instead);

		assertThat(this.sessionLinks.linkOf(this.session)).isSameAs(this.link);
		String before = this.session.getId();
		this.session.changeSessionId();
		this.sessionLinks.sessionIdChanged(new HttpSessionEvent(this.session), before);
		assertThat(this.sessionLinks.linkOf(this.session)).isSameAs(this.link);
		end(this.session);

		assertThat(this.link.endCause()).isEqualTo(EndCause.ENDED);
		assertThat(this.links.all()).containsExactly(this.link);
	}

	@Test
	void whatWasTakenOutOfASessionIsInItAgainWhenTheRequestIsOver() {
		Object key = this.session.getAttribute(KEY);
		change(this.session, null);

		requestEnds(this.session);

		assertThat(this.session.getAttribute(KEY)).isEqualTo(key);
	}

	@Test
	void nothingIsPutBackIntoASessionWhoseLinkHasEnded() {
		this.link.sessionDestroyed();
		change(this.session, null);

		requestEnds(this.session);

		assertThat(this.session.getAttribute(KEY)).isNull();
	}

	@Test
	void aNewIdThatNobodyTellsOfIsThatOfTheSameSession() {
		String before = this.session.getId();
		this.session.changeSessionId();

		assertThat(this.sessionLinks.linkOf(this.session)).isSameAs(this.link);

		assertThat(this.link.sessionId()).isEqualTo(this.session.getId()).isNotEqualTo(before);
	}

	@Test
	void anIdThatTwoSessionsHaveOneAfterTheOtherTiesNoneToTheOther() {
		end(this.session);
		DatedSession next = new DatedSession(2, this.session.getId());

		this.sessionLinks.sessionCreated(new HttpSessionEvent(next));

		assertThat(this.sessionLinks.linkOf(next).endCause()).isNull();
		this.sessionLinks.sessionDestroyed(new HttpSessionEvent(this.session.again()));
		assertThat(this.sessionLinks.linkOf(next).endCause()).isNull();
	}

	@Test
	void aSessionThatComesIntoMemoryAgainIsNotTakenForANewOne() {
		SessionLinks configured = new SessionLinks(this.links, new StoreSettings(Duration.ofSeconds(90), List.of()),
				this.context);
		configured.sessionCreated(new HttpSessionEvent(this.session));
		this.session.setMaxInactiveInterval(3600);

		configured.sessionCreated(new HttpSessionEvent(this.session));

		assertThat(this.session.getMaxInactiveInterval()).isEqualTo(3600);
	}

	@Test
	void ofTwoSessionsThatComeBackWithOneKeyTheFirstHasIt() {
		SessionLinks after = new SessionLinks(new Links(this.clock, LinkPolicy.DEFAULT),
				new StoreSettings(null, List.of()), this.context);
		Object key = this.session.getAttribute(KEY);
		DatedSession copied = new DatedSession(2, "copied");
		copied.setAttribute(KEY, key);

		((HttpSessionActivationListener) key).sessionDidActivate(new HttpSessionEvent(this.session));
		((HttpSessionActivationListener) key).sessionDidActivate(new HttpSessionEvent(copied));

		assertThat(after.linkOf(this.session).key()).isEqualTo(this.link.key());
		assertThat(after.linkOf(copied).key()).isNotEqualTo(this.link.key());
	}

	@Test
	void nothingIsRememberedOfSessionsThatAreOver() {
		end(this.session);

		this.clock.pass(Duration.ofSeconds(10));

		assertThat(this.links.all()).isEmpty();
		assertThat(this.sessionLinks.ties()).isZero();
	}

	private DatedSession created(long at) {
		DatedSession session = new DatedSession(at, "session " + at);
		this.sessionLinks.sessionCreated(new HttpSessionEvent(session));
		return session;
	}

	private void end(DatedSession session) {
		this.sessionLinks.sessionDestroyed(new HttpSessionEvent(session));
		session.invalidate();
	}

	private void copy(Object key, HttpSession into) {
		Object before = into.getAttribute(KEY);
		into.setAttribute(KEY, key);
		this.sessionLinks.attributeReplaced(new HttpSessionBindingEvent(into, KEY, before));
	}

	// As a container does, with its events.
	private void change(HttpSession session, String value) {
		for (String name : Collections.list(session.getAttributeNames())) {
			Object before = session.getAttribute(name);
			session.setAttribute(name, value);
			HttpSessionBindingEvent event = new HttpSessionBindingEvent(session, name, before);
			if (value == null) {
				this.sessionLinks.attributeRemoved(event);
			}
			else {
				this.sessionLinks.attributeReplaced(event);
			}
		}
	}

	private void requestEnds(HttpSession session) {
		MockHttpServletRequest request = new MockHttpServletRequest(this.context);
		request.setSession(session);
		this.sessionLinks.requestDestroyed(new ServletRequestEvent(this.context, request));
	}

	private final class DatedSession extends MockHttpSession {

		private final long createdAt;

		DatedSession(long createdAt, String id) {
			super(SessionTiesTest.this.context, id);
			this.createdAt = createdAt;
		}

		@Override
		public long getCreationTime() {
			return this.createdAt;
		}

		/** Returns it as it was before it ended. */
		DatedSession again() {
			return new DatedSession(this.createdAt, getId());
		}

	}

}
