package org.sessionlink.inbound;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.FakeSession;
import org.sessionlink.link.Home;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.NoLiveSessionException;
import org.sessionlink.link.SocketLink;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageDeliveryException;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.messaging.support.MessageBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LinkGuardTest {

	private final FakeClock clock = new FakeClock();

	private final Links links = new Links(this.clock, LinkPolicy.DEFAULT);

	private final Map<String, Object> attributes = new HashMap<>();

	LinkGuardTest() {
		new SocketLink(this.links.open("key", "id", Home.GONE)).putInto(this.attributes);
	}

	@ParameterizedTest
	@EnumSource(SimpMessageType.class)
	void framesPassWhileTheLinkIsOpen(SimpMessageType type) {
		Message<?> message = message(type);

		assertThat(pass(message)).isSameAs(message);
	}

	@ParameterizedTest
	@EnumSource(value = SimpMessageType.class, names = { "CONNECT", "SUBSCRIBE", "UNSUBSCRIBE", "MESSAGE", "OTHER" })
	void framesAreRefusedOnceTheLinkHasEnded(SimpMessageType type) {
		this.links.open("key", "id", Home.GONE).end(EndCause.ENDED);

		assertThatExceptionOfType(NoLiveSessionException.class).isThrownBy(() -> pass(message(type)))
			.withMessage("session-ended");
	}

	@ParameterizedTest
	@EnumSource(value = SimpMessageType.class, mode = Mode.INCLUDE, names = { "DISCONNECT", "HEARTBEAT" })
	void whatFreesASocketPassesAllTheSame(SimpMessageType type) {
		this.links.open("key", "id", Home.GONE).end(EndCause.ENDED);
		Message<?> message = message(type);

		assertThat(pass(message)).isSameAs(message);
	}

	@Test
	void framesOfASocketWithoutALinkAreRefused() {
		this.attributes.clear();

		assertThatExceptionOfType(NoLiveSessionException.class)
			.isThrownBy(() -> pass(message(SimpMessageType.MESSAGE)));
	}

	@Test
	void aFrameThatComesBeforeTheLateTimerRevivesNothing() {
		Link link = this.links.open("late", "id", new FakeSession(Duration.ofSeconds(3)));
		new SocketLink(link).putInto(this.attributes);
		this.clock.passUnnoticed(Duration.ofSeconds(3));

		assertThatExceptionOfType(NoLiveSessionException.class).isThrownBy(() -> pass(message(SimpMessageType.MESSAGE)))
			.withMessage("session-expired");
		assertThat(link.endCause()).isEqualTo(EndCause.EXPIRED);
	}

	@Test
	void afterTheEndNoHandlerSeesAFrameInTenThousandTries() {
		AtomicInteger handled = new AtomicInteger();
		ExecutorSubscribableChannel channel = new ExecutorSubscribableChannel();
		channel.addInterceptor(new LinkGuard(Activity.MESSAGES));
		channel.subscribe((message) -> handled.incrementAndGet());
		assertThat(channel.send(message(SimpMessageType.MESSAGE))).isTrue();
		this.links.open("key", "id", Home.GONE).end(EndCause.ENDED);

		for (int i = 0; i < 10_000; i++) {
			SimpMessageType type = (i % 2 == 0) ? SimpMessageType.MESSAGE : SimpMessageType.SUBSCRIBE;
			assertThatExceptionOfType(MessageDeliveryException.class).isThrownBy(() -> channel.send(message(type)));
		}

		assertThat(handled).hasValue(1);
	}

	@ParameterizedTest
	@CsvSource({ "MESSAGES, MESSAGE, true", "MESSAGES, SUBSCRIBE, true", "MESSAGES, UNSUBSCRIBE, true",
			"MESSAGES, CONNECT, true", "MESSAGES, HEARTBEAT, false", "HEARTBEATS, HEARTBEAT, true",
			"HEARTBEATS, MESSAGE, true", "NONE, MESSAGE, false", "NONE, HEARTBEAT, false",
			"HEARTBEATS, DISCONNECT, false" })
	void whatCountsAsActivityIsAPolicy(Activity activity, SimpMessageType type, boolean counts) {
		Link link = this.links.open("key", "id", Home.GONE);
		Instant before = link.lastActivity();
		this.clock.pass(Duration.ofSeconds(5));

		new LinkGuard(activity).preSend(message(type), new ExecutorSubscribableChannel());

		assertThat(Duration.between(before, link.lastActivity())).hasSeconds(counts ? 5 : 0);
	}

	private static Message<?> pass(Message<?> message) {
		return new LinkGuard(Activity.MESSAGES).preSend(message, new ExecutorSubscribableChannel());
	}

	private Message<?> message(SimpMessageType type) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(type);
		headers.setSessionAttributes(this.attributes);
		return MessageBuilder.createMessage(new byte[0], headers.getMessageHeaders());
	}

}
