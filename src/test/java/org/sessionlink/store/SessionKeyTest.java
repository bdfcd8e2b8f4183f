package org.sessionlink.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import org.junit.jupiter.api.Test;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkLimits;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;

import org.springframework.mock.web.MockHttpSession;
import org.springframework.mock.web.MockServletContext;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextImpl;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A restart that keeps sessions: what a session was kept with, and what it comes back to.
 */
class SessionKeyTest {

	private static final String KEY = SessionLinks.class.getName() + ".key";

	private static final String CONTEXT = "SPRING_SECURITY_CONTEXT";

	private final FakeClock clock = new FakeClock() {

		@Override
		public Instant now() {
			return Instant.now();
		}

	};

	private final LinkPolicy policy = new LinkPolicy(Duration.ofMinutes(20), Duration.ofMinutes(1), LinkLimits.NONE);

	private final Server before = new Server();

	private final Server after = new Server();

	@Test
	void aSessionThatIsBroughtBackHasItsLinkAndItsUserBeforeAnyRequest() throws Exception {
		HttpSession session = this.before.session();
		session.setAttribute(CONTEXT, ada());
		Link link = this.before.sessionLinks.linkOf(session);

		activate(bringBack(session));

		assertThat(this.after.links.ofUser("ada")).singleElement().satisfies((again) -> {
			assertThat(again.key()).isEqualTo(link.key());
			assertThat(again.identity().roles()).containsExactly("STAFF");
		});
	}

	@Test
	void itsGreatestAgeGoesOnWhateverTheContainerSaysOfItsCreation() throws Exception {
		MockHttpSession session = new MockHttpSession(this.before.context) {

			@Override
			public long getCreationTime() {
				return Instant.now().minus(Duration.ofMinutes(15)).toEpochMilli();
			}

		};
		this.before.sessionLinks.sessionCreated(new HttpSessionEvent(session));
		assertThat(this.before.sessionLinks.linkOf(session).remaining()).isLessThanOrEqualTo(Duration.ofMinutes(5));

		HttpSession back = new MockHttpSession(this.after.context);
		back.setAttribute(KEY, written(session.getAttribute(KEY)));
		activate(back);
		Link again = this.after.sessionLinks.linkOf(back);

		assertThat(again.remaining()).isLessThanOrEqualTo(Duration.ofMinutes(5));
		assertThat(again.createdAt()).isEqualTo(Instant.ofEpochMilli(again.createdAt().toEpochMilli()));
	}

	@Test
	void whereTheContainerBringsItBackLateItsUserIsKnownWithTheFirstLook() throws Exception {
		HttpSession session = this.before.session();
		session.setAttribute(CONTEXT, ada());

		Link again = this.after.sessionLinks.linkOf(bringBack(session));

		assertThat(again.identity().name()).isEqualTo("ada");
	}

	@Test
	void aSessionThatIsCreatedAnewBeforeItIsFilledHasOneLinkInTheEnd() throws Exception {
		HttpSession kept = this.before.session();
		Link link = this.before.sessionLinks.linkOf(kept);
		MockHttpSession session = this.after.session();
		Link made = this.after.sessionLinks.linkOf(session);
		Object key = written(kept.getAttribute(KEY));
		Object old = session.getAttribute(KEY);

		((HttpSessionActivationListener) key).sessionDidActivate(new HttpSessionEvent(session));
		session.setAttribute(KEY, key);
		this.after.sessionLinks.attributeReplaced(new HttpSessionBindingEvent(session, KEY, old));

		assertThat(made.endCause()).isNotNull();
		assertThat(session.isInvalid()).isFalse();
		assertThat(this.after.links.open()).singleElement().satisfies((again) -> {
			assertThat(again.key()).isEqualTo(link.key());
			assertThat(again.createdAt()).isEqualTo(Instant.ofEpochMilli(kept.getCreationTime()));
			assertThat(this.after.sessionLinks.linkOf(session)).isSameAs(again);
		});
	}

	@Test
	void aSessionThatComesBackIntoMemoryKeepsItsLink() throws Exception {
		MockHttpSession session = this.after.session();
		Link link = this.after.sessionLinks.linkOf(session);
		session.setAttribute(KEY, written(session.getAttribute(KEY)));

		activate(session);

		assertThat(this.after.links.all()).containsExactly(link);
		assertThat(link.endCause()).isNull();
	}

	@Test
	void aSessionOfAnotherApplicationOrOneThatIsOverIsLeftAlone() throws Exception {
		HttpSession session = this.before.session();
		MockHttpSession elsewhere = new MockHttpSession(new MockServletContext());
		elsewhere.setAttribute(KEY, session.getAttribute(KEY));
		MockHttpSession over = bringBack(session);
		HttpSessionActivationListener key = (HttpSessionActivationListener) over.getAttribute(KEY);
		over.invalidate();

		key.sessionDidActivate(new HttpSessionEvent(elsewhere));
		key.sessionDidActivate(new HttpSessionEvent(over));

		assertThat(this.after.links.all()).isEmpty();
	}

	@Test
	void theKeySaysNothingOfItself() {
		HttpSession session = this.before.session();

		assertThat(session.getAttribute(KEY).toString()).isEqualTo("the key of a link");
		assertThat(this.before.sessionLinks.linkOf(session).key()).matches("[0-9a-f]{32}");
	}

	@Test
	void whatIsNoKeyIsReplacedByOne() {
		MockHttpSession session = new MockHttpSession(this.before.context);
		session.setAttribute(KEY, "of an older version");

		assertThat(this.before.sessionLinks.linkOf(session).key()).matches("[0-9a-f]{32}");
	}

	private static SecurityContextImpl ada() {
		return new SecurityContextImpl(UsernamePasswordAuthenticationToken.authenticated("ada", null,
				AuthorityUtils.createAuthorityList("ROLE_STAFF")));
	}

	private MockHttpSession bringBack(HttpSession session) throws Exception {
		long created = session.getCreationTime();
		MockHttpSession back = new MockHttpSession(this.after.context, session.getId()) {

			@Override
			public long getCreationTime() {
				return isInvalid() ? super.getCreationTime() : created;
			}

		};
		for (String name : List.of(KEY, CONTEXT)) {
			back.setAttribute(name, written(session.getAttribute(name)));
		}
		return back;
	}

	private static void activate(HttpSession session) {
		((HttpSessionActivationListener) session.getAttribute(KEY)).sessionDidActivate(new HttpSessionEvent(session));
	}

	private static Object written(Object value) throws Exception {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
			out.writeObject(value);
		}
		try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
			return in.readObject();
		}
	}

	/** The application, before or after the restart. */
	private final class Server {

		private final MockServletContext context = new MockServletContext();

		private final Links links = new Links(SessionKeyTest.this.clock, SessionKeyTest.this.policy);

		private final SessionLinks sessionLinks = new SessionLinks(this.links, new StoreSettings(null, List.of()),
				this.context);

		MockHttpSession session() {
			MockHttpSession session = new MockHttpSession(this.context);
			this.sessionLinks.sessionCreated(new HttpSessionEvent(session));
			return session;
		}

	}

}
