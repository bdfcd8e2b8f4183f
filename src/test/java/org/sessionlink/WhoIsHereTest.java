package org.sessionlink;

import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.sessionlink.link.DestinationPolicy;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.Presence;
import org.sessionlink.link.Present;
import org.sessionlink.link.SocketLink;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.support.AbstractSubscribableChannel;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.web.socket.TextMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B37: who else is here, to those who are and ask, and to nobody else. */
class WhoIsHereTest {

	private static final Map<String, String> ON = Map.of("sessionlink.destinations.presence",
			"/topic/**, /queue/**, /user/queue/mine");

	@Test
	void whoAsksIsToldInTheMessagesOfThatSubscriptionByAHeader() {
		try (InProcess server = InProcess.onSessionLink(App.class, ON)) {
			InProcess.Peer ada = peer(server, "ada");
			subscribe(server, ada, "1", "/topic/room", "presence:on\n");
			await().until(() -> news(ada).size() == 1);

			InProcess.Peer visitor = peer(server, null);
			subscribe(server, visitor, "1", "/topic/room", "");
			await().until(() -> news(ada).size() == 2);
			InProcess.Received list = news(ada).get(0);
			InProcess.Received joined = news(ada).get(1);

			assertThat(list.headers()).containsEntry("destination", List.of("/topic/room"))
				.containsEntry("subscription", List.of("1"))
				.containsEntry("presence", List.of("here"))
				.containsEntry("content-type", List.of("application/json"));
			assertThat(list.text())
				.matches("\\{\"present\":\\[\\{\"user\":\"ada\",\"id\":\"[0-9a-f]{16}\"}],\"more\":0}");
			assertThat(joined.headers()).containsEntry("presence", List.of("changed"));
			assertThat(joined.text())
				.matches("\\{\"joined\":\\[\\{\"user\":null,\"id\":\"[0-9a-f]{16}\"}],\"left\":\\[],\"more\":0}");
			assertThat(joined.text()).doesNotContain(visitor.link().fingerprint(), visitor.link().key(),
					visitor.getId());
			server.template().convertAndSend("/topic/room", "hello");
			await().until(() -> visitor.bodies().contains("hello"));
			assertThat(news(visitor)).isEmpty();
		}
	}

	@Test
	void whoGetsTheReceiptOfASubscriptionIsThere() {
		try (InProcess server = InProcess.onSessionLink(App.class, ON)) {
			List<String> interceptors = server.bean("clientInboundChannel", AbstractSubscribableChannel.class)
				.getInterceptors()
				.stream()
				.map((interceptor) -> interceptor.getClass().getSimpleName())
				.toList();

			// The last one hears first that a frame has been handled.
			assertThat(interceptors).containsSubsequence("Receipts", "PresenceRequests");
		}
	}

	@Test
	void whoMayNotSubscribeIsNotThereAndIsToldNothing() {
		try (InProcess server = InProcess.onSessionLink(App.class, ON)) {
			InProcess.Peer staff = peer(server, "ada", "STAFF");
			subscribe(server, staff, "1", "/topic/staff", "presence:on\n");
			InProcess.Peer bob = peer(server, "bob");

			subscribe(server, bob, "1", "/topic/staff", "presence:on\n");
			subscribe(server, bob, "2", "/topic/stopped", "presence:on\n");
			subscribe(server, bob, "3", "/topic/room", "presence:on\n");

			await().until(() -> !news(bob).isEmpty());
			assertThat(bob.received()).noneSatisfy((frame) -> assertThat(frame.headers().toString()).contains("staff"));
			assertThat(presence(server).at("/topic/staff")).extracting(Present::user).containsExactly("ada");
			assertThat(presence(server).at("/topic/stopped")).isEmpty();
		}
	}

	@Test
	void whoLosesARoleHasLeftAndHearsNothingMore() {
		try (InProcess server = InProcess.onSessionLink(App.class, ON)) {
			InProcess.Peer ada = peer(server, "ada", "STAFF");
			subscribe(server, ada, "1", "/topic/staff", "presence:on\n");
			InProcess.Peer eve = peer(server, "eve", "STAFF");
			subscribe(server, eve, "1", "/topic/staff", "presence:on\n");
			await().until(() -> news(ada).size() == 2);

			eve.link().identify(identity("eve"));
			await().until(() -> news(ada).size() == 3);
			int heard = news(eve).size();
			InProcess.Peer bob = peer(server, "bob", "STAFF");
			subscribe(server, bob, "1", "/topic/staff", "");
			await().until(() -> news(ada).size() == 4);

			assertThat(news(ada).get(2).text()).contains("\"joined\":[]").contains("\"left\":[{\"user\":\"eve\"");
			subscribe(server, eve, "2", "/topic/room", "presence:on\n");
			await().until(() -> news(eve).size() == heard + 1);
			assertThat(news(eve)).noneSatisfy((frame) -> assertThat(frame.text()).contains("bob"));
		}
	}

	@Test
	void nobodyCanPretendToBeTheServer() {
		try (InProcess server = InProcess.onSessionLink(App.class, ON)) {
			InProcess.Peer ada = peer(server, "ada");
			subscribe(server, ada, "1", "/topic/room", "");
			InProcess.Peer eve = peer(server, "eve");

			server.handle(eve, new TextMessage(
					"SEND\ndestination:/topic/room\npresence:changed\n\n{\"joined\":[],\"left\":[],\"more\":0}\0"));

			await().until(() -> ada.bodies().size() == 1);
			assertThat(news(ada)).isEmpty();
		}
	}

	@Test
	void aDestinationOfAUsersOwnHasItAsOthersDo() {
		try (InProcess server = InProcess.onSessionLink(App.class, ON)) {
			InProcess.Peer ada = peer(server, "ada");

			subscribe(server, ada, "1", "/user/queue/mine", "presence:on\n");

			await().until(() -> news(ada).size() == 1);
			assertThat(news(ada).get(0).headers()).containsEntry("destination", List.of("/user/queue/mine"));
		}
	}

	@Test
	void onceAllAreGoneNothingIsKept() {
		try (InProcess server = InProcess.onSessionLink(App.class, ON)) {
			InProcess.Peer ada = peer(server, "ada");
			subscribe(server, ada, "1", "/topic/room", "presence:on\n");
			InProcess.Peer tab = server.connectBeside(ada);
			subscribe(server, tab, "1", "/topic/room/2", "");
			assertThat(presence(server).destinations()).isEqualTo(2);

			ada.link().end(EndCause.ENDED);

			await().until(() -> presence(server).destinations() == 0);
			assertThat(presence(server).ofLink(ada.link().fingerprint())).isEmpty();
		}
	}

	@Test
	void whereNoDestinationHasItNothingIsKeptOfAnySocket() {
		try (InProcess server = InProcess.onSessionLink(App.class)) {
			InProcess.Peer ada = peer(server, "ada");

			subscribe(server, ada, "1", "/topic/room", "presence:on\n");

			server.template().convertAndSend("/topic/room", "hello");
			await().until(() -> ada.bodies().contains("hello"));
			assertThat(news(ada)).isEmpty();
			assertThat(SocketLink.in(ada.getAttributes()).presence()).isNull();
			assertThat(presence(server).at("/topic/room")).isEmpty();
		}
	}

	private static Presence presence(InProcess server) {
		return server.bean(Presence.class);
	}

	private static InProcess.Peer peer(InProcess server, String user, String... roles) {
		Link link = server.link();
		link.identify((user != null) ? identity(user, roles) : Identity.ANONYMOUS);
		return server.connect("1.2", link);
	}

	private static Identity identity(String user, String... roles) {
		Principal principal = () -> user;
		return new Identity(principal, Set.of(roles));
	}

	private static void subscribe(InProcess server, InProcess.Peer peer, String id, String destination,
			String headers) {
		server.handle(peer,
				new TextMessage("SUBSCRIBE\nid:" + id + "\ndestination:" + destination + "\n" + headers + "\n\0"));
	}

	private static List<InProcess.Received> news(InProcess.Peer peer) {
		return peer.received().stream().filter((frame) -> frame.headers().containsKey("presence")).toList();
	}

	@Configuration
	@EnableSessionLink
	static class App extends OneEndpoint {

		@Bean
		DestinationPolicy policy() {
			return new DestinationPolicy() {

				@Override
				public boolean maySend(Identity identity, String destination) {
					return true;
				}

				@Override
				public boolean maySubscribe(Identity identity, String destination) {
					return !destination.startsWith("/topic/staff") || identity.roles().contains("STAFF");
				}

			};
		}

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic/", "/queue/");
			registry.setApplicationDestinationPrefixes("/app");
		}

		@Override
		public void configureClientInboundChannel(ChannelRegistration registration) {
			registration.interceptors(new ChannelInterceptor() {

				@Override
				public Message<?> preSend(Message<?> message, MessageChannel channel) {
					boolean stopped = "/topic/stopped"
						.equals(SimpMessageHeaderAccessor.getDestination(message.getHeaders()))
							&& SimpMessageHeaderAccessor
								.getMessageType(message.getHeaders()) == SimpMessageType.SUBSCRIBE;
					return stopped ? null : message;
				}

			});
		}

	}

}
