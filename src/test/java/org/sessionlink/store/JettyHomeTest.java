package org.sessionlink.store;

import java.time.Duration;
import java.util.List;

import jakarta.servlet.http.HttpSession;
import org.junit.jupiter.api.Test;
import org.jspecify.annotations.Nullable;

import org.springframework.mock.web.MockHttpSession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** A session that is used as on Jetty, in memory and out of it. */
class JettyHomeTest {

	private final SessionOfJetty held = new SessionOfJetty("id", true);

	private final SessionOfJetty stored = new SessionOfJetty("id", false);

	private final JettyHome home = new JettyHome(this.held);

	private boolean resident = true;

	private boolean found = true;

	private int accesses;

	private int borrowed;

	@Test
	void inMemoryTheSessionIsUsedItself() {
		assertThat(this.home.touch()).isTrue();
		this.home.invalidate();

		assertThat(this.held.touches).isOne();
		assertThat(this.held.isInvalid()).isTrue();
		assertThat(this.accesses).isZero();
	}

	@Test
	void outOfMemoryItIsLoadedTouchedAndGivenBack() {
		this.resident = false;
		this.stored.setMaxInactiveInterval(42);

		assertThat(this.home.touch()).isTrue();
		assertThat(this.home.timeout()).isEqualTo(Duration.ofSeconds(42));
		this.home.invalidate();

		assertThat(this.stored.isInvalid()).isTrue();
		assertThat(this.accesses).isEqualTo(2);
		assertThat(this.borrowed).isZero();
		assertThat(this.held.touches).isZero();
	}

	@Test
	void itIsGivenBackWhateverItsUserDoes() {
		this.resident = false;

		assertThatIllegalArgumentException().isThrownBy(() -> this.home.use((live) -> {
			throw new IllegalArgumentException("on purpose");
		}));

		assertThat(this.borrowed).isZero();
		assertThat(this.accesses).isOne();
	}

	@Test
	void oneThatIsNotFoundIsNotTouchedAndSaysSo() {
		this.resident = false;
		this.found = false;

		assertThat(this.home.touch()).isFalse();
		this.home.invalidate();
		assertThatIllegalStateException().isThrownBy(() -> this.home.use(HttpSession::getId));

		assertThat(this.held.touches).isZero();
	}

	@Test
	void whatWrapsASessionIsUsedItself() {
		MockHttpSession wrapped = new MockHttpSession();
		wrapped.setMaxInactiveInterval(7);

		JettyHome other = new JettyHome(wrapped);

		assertThat(other.touch()).isTrue();
		assertThat(other.timeout()).isEqualTo(Duration.ofSeconds(7));
		assertThat(other.use(HttpSession::getId)).isEqualTo(wrapped.getId());
	}

	@Test
	void whatWrapsASessionOfSomebodyElsesIsUsedItself() {
		for (MockHttpSession wrapped : List.of(new SessionOfAFilter(), new OpenSessionOfAFilter())) {
			JettyHome other = new JettyHome(wrapped);

			assertThat(other.touch()).isTrue();
			assertThat(other.use(HttpSession::getId)).isEqualTo(wrapped.getId());
		}
	}

	/** As that of Spring Session, which calls its own session the same. */
	private static final class SessionOfAFilter extends MockHttpSession {

		@SuppressWarnings("unused")
		Object getSession() {
			return new Object();
		}

	}

	public static final class OpenSessionOfAFilter extends MockHttpSession {

		public Object getSession() {
			return new Object();
		}

	}

	public final class SessionOfJetty extends MockHttpSession {

		private final boolean kept;

		private int touches;

		SessionOfJetty(String id, boolean kept) {
			super(null, id);
			this.kept = kept;
		}

		@SuppressWarnings("unused")
		public ManagedSession getSession() {
			return new ManagedSession(this);
		}

		@Override
		public void setMaxInactiveInterval(int interval) {
			super.setMaxInactiveInterval(interval);
			if (this.kept) {
				this.touches++;
			}
		}

	}

	@SuppressWarnings("unused")
	public final class ManagedSession {

		private final HttpSession api;

		ManagedSession(HttpSession api) {
			this.api = api;
		}

		public boolean isResident() {
			return JettyHomeTest.this.resident;
		}

		public SessionManager getSessionManager() {
			return new SessionManager();
		}

		public boolean access(long now) {
			JettyHomeTest.this.accesses++;
			return true;
		}

		public HttpSession getApi() {
			return this.api;
		}

	}

	@SuppressWarnings("unused")
	public final class SessionManager {

		public @Nullable ManagedSession getManagedSession(String id) {
			if (!JettyHomeTest.this.found) {
				return null;
			}
			JettyHomeTest.this.borrowed++;
			return new ManagedSession(JettyHomeTest.this.stored);
		}

		public @Nullable ManagedSession getManagedSession(HttpSession request) {
			throw new IllegalArgumentException("Another one of that name");
		}

		public void complete(ManagedSession session) {
			JettyHomeTest.this.borrowed--;
		}

	}

}
