package org.sessionlink.store;

import java.time.Duration;

import jakarta.servlet.http.HttpSession;
import org.junit.jupiter.api.Test;

import org.springframework.mock.web.MockHttpSession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** A session that is used through its accessor, as on Tomcat. */
class AccessorHomeTest {

	private final AccessibleSession session = new AccessibleSession();

	private final SessionHome home = AccessorHome.of(this.session);

	@Test
	void aTouchIsAnAccessAndChangesNothing() {
		this.home.touch();

		assertThat(this.session.accesses).isOne();
		assertThat(this.session.isInvalid()).isFalse();
		assertThat(this.session.getAttributeNames().hasMoreElements()).isFalse();
	}

	@Test
	void theSessionEndsAndDoingItAgainDoesNoHarm() {
		this.home.invalidate();
		assertThat(this.session.isInvalid()).isTrue();

		this.home.invalidate();

		assertThat(this.session.accesses).isEqualTo(2);
	}

	@Test
	void aSessionThatCannotBeFoundIsNeitherTouchedNorEnded() {
		this.session.lost = true;

		this.home.touch();
		this.home.invalidate();

		assertThat(this.session.isInvalid()).isFalse();
	}

	@Test
	void theTimeoutIsThatOfTheRequestThatBroughtTheSession() {
		assertThat(this.home.timeout()).isEqualTo(Duration.ofSeconds(42));
	}

	@Test
	void aTimeoutThatWasChangedIsKnownWithTheNextTouch() {
		this.session.setMaxInactiveInterval(4);

		this.home.touch();

		assertThat(this.home.timeout()).isEqualTo(Duration.ofSeconds(4));
	}

	@Test
	void whoUsesTheSessionGetsTheLiveOneAndItsAnswer() {
		this.session.setAttribute("colour", "green");

		Object colour = this.home.use((live) -> live.getAttribute("colour"));

		assertThat(colour).isEqualTo("green");
		this.session.lost = true;
		assertThatIllegalStateException().isThrownBy(() -> this.home.use(HttpSession::getId));
	}

	private static final class AccessibleSession extends MockHttpSession {

		private int accesses;

		private boolean lost;

		AccessibleSession() {
			setMaxInactiveInterval(42);
		}

		@Override
		public HttpSession.Accessor getAccessor() {
			return (use) -> {
				if (this.lost) {
					throw new IllegalStateException("There is no such session");
				}
				this.accesses++;
				use.accept(this);
			};
		}

	}

}
