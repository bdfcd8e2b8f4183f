package org.sessionlink.inbound;

import org.sessionlink.OnPurpose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.user.DefaultUserDestinationResolver;
import org.springframework.messaging.simp.user.UserDestinationResult;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.web.socket.messaging.DefaultSimpUserRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class UserDestinationsTest {

	private final DefaultSimpUserRegistry users = new DefaultSimpUserRegistry();

	private final UserDestinations ours = new UserDestinations(this.users);

	private final DefaultUserDestinationResolver springs = new DefaultUserDestinationResolver(this.users);

	@ParameterizedTest
	@CsvSource({ "SUBSCRIBE, a%2Fb", "UNSUBSCRIBE, a%2Fb", "SUBSCRIBE, %2F" })
	@OnPurpose("a user with `%2F` in the name cannot subscribe")
	void aSubscriptionIsThatOfItsSocketWhereSpringFailsAtTheName(SimpMessageType type, String name) {
		Message<?> message = message(type, "/user/queue/a", name);

		assertThatIllegalArgumentException().isThrownBy(() -> this.springs.resolveDestination(message));
		UserDestinationResult found = this.ours.resolveDestination(message);

		assertThat(found.getTargetDestinations()).containsExactly("/queue/a-userthe-socket");
		assertThat(found.getSubscribeDestination()).isEqualTo("/user/queue/a");
		assertThat(found.getSessionIds()).containsExactly("the-socket");
	}

	@ParameterizedTest
	@CsvSource({ "SUBSCRIBE, /user/queue/a, ada", "SUBSCRIBE, /user/queue/a, CORP/olga", "SUBSCRIBE, /topic/a, a%2Fb",
			"MESSAGE, /user/the-socket/queue/a, a%2Fb", "MESSAGE, /user/a%2Fb/queue/a, a%2Fb",
			"MESSAGE, /user/ada/queue/a, ada", "CONNECT, , a%2Fb" })
	void allElseIsFoundAsSpringFindsIt(SimpMessageType type, String destination, String name) {
		Message<?> message = message(type, destination, name);

		assertThat(this.ours.resolveDestination(message)).usingRecursiveComparison()
			.isEqualTo(this.springs.resolveDestination(message));
	}

	@Test
	void aSocketOfNobodyHasItsOwn() {
		assertThat(this.ours.resolveDestination(message(SimpMessageType.SUBSCRIBE, "/user/queue/a", null))
			.getTargetDestinations()).containsExactly("/queue/a-userthe-socket");
	}

	private static Message<?> message(SimpMessageType type, String destination, String user) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(type);
		headers.setSessionId("the-socket");
		headers.setDestination(destination);
		headers.setUser((user != null) ? () -> user : null);
		return MessageBuilder.createMessage(new byte[0], headers.getMessageHeaders());
	}

}
