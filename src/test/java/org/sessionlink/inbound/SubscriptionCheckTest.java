package org.sessionlink.inbound;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.sessionlink.RecordedLog;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Home;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.SocketLink;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.web.socket.messaging.SessionSubscribeEvent;

import static org.assertj.core.api.Assertions.assertThat;

class SubscriptionCheckTest {

	private final SubscriptionCheck check = new SubscriptionCheck();

	private final Link link = new Links(new FakeClock(), LinkPolicy.DEFAULT).open("key", "id", Home.GONE);

	private final Map<String, Object> attributes = new HashMap<>();

	@Test
	void aSubscriptionIsLoggedWithTheFingerprintOfItsSession() {
		new SocketLink(this.link).putInto(this.attributes);

		assertThat(linesFor(subscription()))
			.containsExactly("INFO Subscription under session " + this.link.fingerprint());
	}

	@Test
	void aSubscriptionUnderASessionThatHasEndedIsWarnedOf() {
		new SocketLink(this.link).putInto(this.attributes);
		this.link.end(EndCause.ENDED);

		assertThat(linesFor(subscription())).containsExactly("WARN Subscription on socket the-socket: session-ended");
	}

	@Test
	void aSubscriptionWithoutASessionIsWarnedOf() {
		assertThat(linesFor(subscription())).containsExactly("WARN Subscription on socket the-socket: no-session");
	}

	private List<String> linesFor(SessionSubscribeEvent event) {
		try (RecordedLog log = RecordedLog.of(SubscriptionCheck.class)) {
			this.check.onSubscribe(event);
			return log.lines();
		}
	}

	private SessionSubscribeEvent subscription() {
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.SUBSCRIBE);
		headers.setSessionId("the-socket");
		headers.setSessionAttributes(this.attributes);
		Message<byte[]> frame = MessageBuilder.createMessage(new byte[0], headers.getMessageHeaders());
		return new SessionSubscribeEvent(this, frame);
	}

}
