package org.sessionlink.inbound;

import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.OnPurpose;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.FakeSession;
import org.sessionlink.link.Home;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.NoLiveSessionException;
import org.sessionlink.link.SocketLink;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageDeliveryException;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.support.MessageHeaderAccessor;

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

		assertThat(pass(message).getPayload()).isSameAs(message.getPayload());
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
	@OnPurpose("the handler of STOMP takes sockets from any mapping")
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

	@Test
	void aClientThatComesBackByItselfIsNoActivityUntilItDoesMore() {
		Link link = this.links.open("key", "id", Home.GONE);
		Instant before = link.lastActivity();
		this.clock.pass(Duration.ofSeconds(1));

		pass(connect("true"));
		pass(message(SimpMessageType.SUBSCRIBE));
		pass(message(SimpMessageType.SUBSCRIBE));
		assertThat(link.lastActivity()).isEqualTo(before);
		pass(message(SimpMessageType.MESSAGE));
		assertThat(link.lastActivity()).isEqualTo(this.clock.now());
		this.clock.pass(Duration.ofSeconds(1));
		pass(message(SimpMessageType.SUBSCRIBE));

		assertThat(link.lastActivity()).isEqualTo(this.clock.now());
	}

	@ParameterizedTest
	@CsvSource({ "true, UNSUBSCRIBE", "false, SUBSCRIBE", ", SUBSCRIBE", "perhaps, CONNECT" })
	void whatSomebodyDoesIsActivity(String reconnect, SimpMessageType next) {
		Link link = this.links.open("key", "id", Home.GONE);
		pass(connect(reconnect));
		this.clock.pass(Duration.ofSeconds(1));

		pass(message(next));

		assertThat(link.lastActivity()).isEqualTo(this.clock.now());
	}

	@Test
	void whereHeartbeatsCountTheyDoSoFromAClientThatCameBackByItself() {
		Link link = this.links.open("key", "id", Home.GONE);
		LinkGuard guard = new LinkGuard(Activity.HEARTBEATS);
		guard.preSend(connect("true"), new ExecutorSubscribableChannel());
		this.clock.pass(Duration.ofSeconds(1));

		guard.preSend(message(SimpMessageType.HEARTBEAT), new ExecutorSubscribableChannel());

		assertThat(link.lastActivity()).isEqualTo(this.clock.now());
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

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whateverUserSpringRemembersAFrameComesFromTheCurrentOne(boolean mutable) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(SimpMessageType.MESSAGE);
		headers.setSessionAttributes(this.attributes);
		headers.setUser(() -> "of the CONNECT frame");
		headers.setLeaveMutable(mutable);
		Message<?> message = MessageBuilder.createMessage(new byte[0], headers.getMessageHeaders());
		Principal ada = () -> "ada";

		this.links.open("key", "id", Home.GONE).identify(new Identity(ada, Set.of()));
		Message<?> passed = pass(message);
		this.links.open("key", "id", Home.GONE).identify(Identity.ANONYMOUS);

		assertThat(SimpMessageHeaderAccessor.getUser(passed.getHeaders())).isSameAs(ada);
		assertThat(SimpMessageHeaderAccessor.getUser(pass(passed).getHeaders())).isNull();
	}

	@Test
	void whomAnotherInterceptorFindsBehindAConnectStaysBehindTheSocket() {
		Principal ada = () -> "ada";
		ExecutorSubscribableChannel channel = channelThatLogsIn(ada);

		channel.send(mutable(SimpMessageType.CONNECT));

		assertThat(SocketLink.in(this.attributes).identity().principal()).isSameAs(ada);
		assertThat(SimpMessageHeaderAccessor.getUser(pass(message(SimpMessageType.MESSAGE)).getHeaders()))
			.isSameAs(ada);
	}

	@Test
	void aConnectThatNobodyElseLooksAtLogsNobodyIn() {
		this.links.open("key", "id", Home.GONE).identify(new Identity(() -> "ada", Set.of()));
		ExecutorSubscribableChannel channel = channelThatLogsIn(null);

		channel.send(mutable(SimpMessageType.CONNECT));
		this.links.open("key", "id", Home.GONE).identify(Identity.ANONYMOUS);

		assertThat(SocketLink.in(this.attributes).identity()).isEqualTo(Identity.ANONYMOUS);
	}

	private static ExecutorSubscribableChannel channelThatLogsIn(Principal user) {
		ExecutorSubscribableChannel channel = new ExecutorSubscribableChannel();
		channel.addInterceptor(new LinkGuard(Activity.MESSAGES));
		channel.addInterceptor(new ChannelInterceptor() {

			@Override
			public Message<?> preSend(Message<?> message, MessageChannel inbound) {
				if (user != null) {
					MessageHeaderAccessor.getAccessor(message, SimpMessageHeaderAccessor.class).setUser(user);
				}
				return message;
			}

		});
		channel.subscribe((message) -> {
		});
		return channel;
	}

	private Message<?> mutable(SimpMessageType type) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(type);
		headers.setSessionAttributes(this.attributes);
		headers.setLeaveMutable(true);
		return MessageBuilder.createMessage(new byte[0], headers.getMessageHeaders());
	}

	private static Message<?> pass(Message<?> message) {
		return new LinkGuard(Activity.MESSAGES).preSend(message, new ExecutorSubscribableChannel());
	}

	private Message<?> connect(String reconnect) {
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.CONNECT);
		headers.setSessionAttributes(this.attributes);
		headers.setNativeHeader("reconnect", reconnect);
		return MessageBuilder.createMessage(new byte[0], headers.getMessageHeaders());
	}

	private Message<?> message(SimpMessageType type) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(type);
		headers.setSessionAttributes(this.attributes);
		return MessageBuilder.createMessage(new byte[0], headers.getMessageHeaders());
	}

}
