package org.sessionlink;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;

import org.springframework.context.annotation.Configuration;
import org.springframework.core.PriorityOrdered;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.AbstractSubscribableChannel;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.web.socket.TextMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * B2, B26, B41: the gates stand first, whatever an application does to the interceptors
 * of a channel.
 */
class ForeignInterceptorsTest {

	private InProcess server;

	@AfterEach
	void stop() {
		this.server.close();
	}

	@ParameterizedTest
	@EnumSource
	void nothingIsLostAndNothingPassesWhateverIsDoneToThem(Change change) {
		InProcess.Peer peer = start(Plain.class);
		change.what.accept(channel("clientInboundChannel"));
		change.what.accept(channel("clientOutboundChannel"));

		send(peer, "SUBSCRIBE\nid:1\ndestination:/topic/a\nreceipt:r\n\n\0");
		send(peer, "SEND\ndestination:/topic/a\n\nforged\0");
		this.server.template().convertAndSend("/topic/a", "news");
		send(peer, "DISCONNECT\n\n\0");

		await().until(() -> !peer.isOpen());
		assertThat(peer.received()).extracting((frame) -> frame.command().toString())
			.containsExactly("CONNECTED", "RECEIPT", "MESSAGE");
		assertThat(this.server.bean(Links.class).refusals()).containsEntry(Refused.DESTINATION, 1L);
	}

	@ParameterizedTest
	@ValueSource(strings = { "clientInboundChannel", "clientOutboundChannel" })
	@OnPurpose("interceptors of both channels can be put before all others, or in their place")
	void whatTheApplicationPutsFirstStandsBehindTheGatesInItsOwnOrder(String name) {
		start(Plain.class);
		AbstractSubscribableChannel channel = channel(name);
		List<ChannelInterceptor> before = List.copyOf(channel.getInterceptors());
		Watching first = new Watching();
		Watching second = new Watching();

		channel.addInterceptor(0, second);
		channel.addInterceptor(0, first);

		List<ChannelInterceptor> after = new ArrayList<>(channel.getInterceptors());
		assertThat(after.indexOf(first)).isPositive().isEqualTo(after.indexOf(second) - 1);
		assertThat(after.get(after.indexOf(first) - 1).getClass().getName()).startsWith("org.sessionlink.");
		assertThat(channel.removeInterceptor(first)).isTrue();
		assertThat(channel.removeInterceptor(after.indexOf(first))).isSameAs(second);
		assertThat(channel.getInterceptors()).isEqualTo(before);
	}

	@Test
	void aConfigurerBeforeAllOthersSeesNothingOfWhatIsRefused() {
		InProcess.Peer peer = start(First.class);

		send(peer, "SEND\ndestination:/topic/a\n\nforged\0");

		assertThat(First.watching.seen).containsExactly("CONNECT");
	}

	@Test
	void aFrameOfWhichTheApplicationMakesAnotherMessageHasStillCome() {
		InProcess.Peer peer = start(Remaking.class);

		send(peer, "SUBSCRIBE\nid:1\ndestination:/topic/a\n\n\0");
		send(peer, "SUBSCRIBE\nid:2\ndestination:/topic/a\n\n\0");
		send(peer, "UNSUBSCRIBE\nid:2\n\n\0");

		SocketLink socket = SocketLink.in(peer.getAttributes());
		assertThat(socket.isConnected()).isTrue();
		assertThat(socket.subscriptions().all()).containsOnlyKeys("1");
	}

	private InProcess.Peer start(Class<?> application) {
		this.server = InProcess.onSessionLinkSet(application, Map.of());
		return this.server.connect("1.2");
	}

	private AbstractSubscribableChannel channel(String name) {
		return this.server.bean(name, AbstractSubscribableChannel.class);
	}

	private void send(InProcess.Peer peer, String frame) {
		this.server.handle(peer, new TextMessage(frame));
	}

	/** What an application may do. */
	enum Change {

		REPLACE((channel) -> channel.setInterceptors(List.of(new Watching()))),

		REPLACE_BY_NONE((channel) -> channel.setInterceptors(List.of())),

		TURN_AROUND((channel) -> {
			List<ChannelInterceptor> all = new ArrayList<>(channel.getInterceptors());
			Collections.reverse(all);
			channel.setInterceptors(all);
		}),

		REMOVE((channel) -> List.copyOf(channel.getInterceptors()).forEach(channel::removeInterceptor)),

		REMOVE_BY_INDEX((channel) -> {
			for (int i = channel.getInterceptors().size() - 1; i >= 0; i--) {
				channel.removeInterceptor(i);
			}
		});

		private final Consumer<AbstractSubscribableChannel> what;

		Change(Consumer<AbstractSubscribableChannel> what) {
			this.what = what;
		}

	}

	@Configuration
	@EnableSessionLink
	static class Plain extends OneEndpoint {

	}

	@Configuration
	@EnableSessionLink
	static class First extends OneEndpoint implements PriorityOrdered {

		private static final Watching watching = new Watching();

		@Override
		public int getOrder() {
			return HIGHEST_PRECEDENCE;
		}

		@Override
		public void configureClientInboundChannel(ChannelRegistration registration) {
			watching.seen.clear();
			registration.interceptors(watching);
		}

	}

	@Configuration
	@EnableSessionLink
	static class Remaking extends OneEndpoint implements ChannelInterceptor {

		@Override
		public void configureClientInboundChannel(ChannelRegistration registration) {
			registration.interceptors(this);
		}

		@Override
		public Message<?> preSend(Message<?> message, MessageChannel channel) {
			StompHeaderAccessor frame = StompHeaderAccessor.wrap(message);
			StompHeaderAccessor made = StompHeaderAccessor.create(frame.getCommand(), frame.toNativeHeaderMap());
			made.setSessionId(frame.getSessionId());
			return MessageBuilder.createMessage(message.getPayload(), made.getMessageHeaders());
		}

	}

	/** Sees what comes by. */
	static class Watching implements ChannelInterceptor {

		private final List<String> seen = new CopyOnWriteArrayList<>();

		@Override
		public Message<?> preSend(Message<?> message, MessageChannel channel) {
			this.seen.add(String.valueOf(message.getHeaders().get("simpMessageType")));
			return message;
		}

	}

}
