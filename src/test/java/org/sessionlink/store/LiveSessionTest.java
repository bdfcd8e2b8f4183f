package org.sessionlink.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import jakarta.servlet.http.HttpSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Home;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.NoLiveSessionException;
import org.sessionlink.link.SocketLink;

import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.mock.web.MockHttpSession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** B24: the HTTP session in a message method. */
class LiveSessionTest {

	private final Links links = new Links(new FakeClock(), LinkPolicy.DEFAULT);

	private final MockHttpSession session = new MockHttpSession();

	private final Link link = this.links.open("key", "id", new HeldHome(this.session));

	@Test
	void onlyAParameterForTheSessionGetsIt() throws Exception {
		List<HandlerMethodArgumentResolver> resolvers = new ArrayList<>();

		new StoreConfig().addArgumentResolvers(resolvers);

		assertThat(resolvers).singleElement().satisfies((resolver) -> {
			assertThat(resolver.supportsParameter(parameter(0))).isTrue();
			assertThat(resolver.supportsParameter(parameter(1))).isFalse();
		});
	}

	@Test
	void itIsTheSessionToReadAndToWriteUntilItEnds() throws Exception {
		HttpSession live = liveSession();

		live.setAttribute("colour", "green");
		assertThat(this.session.getAttribute("colour")).isEqualTo("green");
		assertThat(live.getId()).isEqualTo(this.session.getId());
		this.link.end(EndCause.KICKED);

		assertThatExceptionOfType(NoLiveSessionException.class).isThrownBy(() -> live.getAttribute("colour"))
			.withMessage("session-kicked");
	}

	@ParameterizedTest
	@ValueSource(ints = { 3600, 60, 2, 0, -1 })
	void aTimeoutThatAMessageMethodSetsIsInForceAtOnce(int seconds) throws Exception {
		this.session.setMaxInactiveInterval(4);
		this.link.changeTimeout(Duration.ofSeconds(4));

		liveSession().setMaxInactiveInterval(seconds);

		assertThat(this.session.getMaxInactiveInterval()).isEqualTo(seconds);
		assertThat(this.link.timeout()).isEqualTo((seconds > 0) ? Duration.ofSeconds(seconds) : null);
	}

	@Test
	void oneThatItsContainerHasEndedIsNotAlive() throws Exception {
		HttpSession live = liveSession();

		this.link.sessionDestroyed();

		assertThatExceptionOfType(NoLiveSessionException.class).isThrownBy(live::getId).withMessage("session-ended");
	}

	@Test
	void aSessionThatIsNowhereYetIsNotAlive() throws Exception {
		HttpSession live = liveSession();

		this.link.moveTo(Home.GONE, "id");

		assertThatExceptionOfType(NoLiveSessionException.class).isThrownBy(live::getId).withMessage("session-ended");
	}

	@Test
	void whatTheSessionItselfRefusesReachesTheMethod() throws Exception {
		HttpSession live = liveSession();

		this.session.invalidate();

		assertThat(this.link.endCause()).as("nobody has told the link").isNull();
		assertThatIllegalStateException().isThrownBy(live::getCreationTime)
			.isNotInstanceOf(NoLiveSessionException.class);
	}

	@Test
	void whatIsLoggedOfItIsItsLinkAndTellsNoSecret() throws Exception {
		HttpSession live = liveSession();

		assertThat(live.toString()).isEqualTo(this.link.toString());
		assertThat(live.hashCode()).isEqualTo(this.link.hashCode());
	}

	private HttpSession liveSession() throws Exception {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create();
		Map<String, Object> attributes = new HashMap<>();
		new SocketLink(this.link).putInto(attributes);
		headers.setSessionAttributes(attributes);
		Message<?> message = MessageBuilder.createMessage("", headers.getMessageHeaders());
		return (HttpSession) new LiveSession().resolveArgument(parameter(0), message);
	}

	private static MethodParameter parameter(int index) throws NoSuchMethodException {
		return new MethodParameter(Handler.class.getDeclaredMethod("handle", HttpSession.class, Object.class), index);
	}

	private static final class Handler {

		@SuppressWarnings("unused")
		void handle(HttpSession session, Object payload) {
			// Only its parameters matter.
		}

	}

}
