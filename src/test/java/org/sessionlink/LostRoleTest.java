package org.sessionlink;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.sessionlink.link.DestinationPolicy;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.messaging.SessionUnsubscribeEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * B12, B41 and B45: whoever loses a role loses what it was good for, in all tabs and at
 * once, whatever an application does with the news.
 */
class LostRoleTest {

	@Test
	void aListenerThatWaitsLeavesNoTabWithWhatItMayNotHave() throws Exception {
		try (InProcess server = InProcess.onSessionLink(Waiting.class)) {
			List<InProcess.Peer> tabs = staff(server);
			Waiting waiting = server.bean("waiting", Waiting.class);

			CompletableFuture<Void> logout = CompletableFuture.runAsync(() -> logOut(tabs.get(0)));
			assertThat(waiting.entered.await(10, TimeUnit.SECONDS)).isTrue();
			logout.get(10, TimeUnit.SECONDS);
			server.template().convertAndSend("/topic/staff", "secret");
			waiting.gate.countDown();

			assertThat(tabs).allSatisfy((tab) -> assertThat(commands(tab)).containsExactly("CONNECTED"));
		}
	}

	@Test
	void aListenerThatFailsLeavesNoTabWithWhatItMayNotHave() {
		try (InProcess server = InProcess.onSessionLink(Failing.class)) {
			List<InProcess.Peer> tabs = staff(server);
			Failing failing = server.bean("failing", Failing.class);

			logOut(tabs.get(0));
			await().until(() -> failing.heard.getCount() == 0);
			server.template().convertAndSend("/topic/staff", "secret");

			assertThat(tabs).allSatisfy((tab) -> assertThat(commands(tab)).containsExactly("CONNECTED"));
		}
	}

	private static List<InProcess.Peer> staff(InProcess server) {
		InProcess.Peer first = server.connect("1.2");
		first.link().identify(new Identity(() -> "olga", Set.of("STAFF")));
		List<InProcess.Peer> tabs = Stream
			.concat(Stream.of(first), Stream.generate(() -> server.connectBeside(first)).limit(2))
			.toList();
		tabs.forEach((tab) -> {
			server.handle(tab, new TextMessage("SUBSCRIBE\nid:1\ndestination:/topic/staff\n\n\0"));
			server.handle(tab, new TextMessage("SUBSCRIBE\nid:2\ndestination:/topic/staff/more\n\n\0"));
		});
		return tabs;
	}

	private static void logOut(InProcess.Peer tab) {
		Link link = tab.link();
		link.identify(Identity.ANONYMOUS);
	}

	private static List<String> commands(InProcess.Peer peer) {
		return peer.received().stream().map((frame) -> frame.command().toString()).toList();
	}

	@Configuration
	@EnableSessionLink
	static class StaffOnly extends LinkedBrokerTest.Plain {

		@Bean
		DestinationPolicy staffOnly() {
			return new DestinationPolicy() {

				@Override
				public boolean maySend(Identity identity, String destination) {
					return true;
				}

				@Override
				public boolean maySubscribe(Identity identity, String destination) {
					return identity.roles().contains("STAFF");
				}

			};
		}

	}

	@Configuration("waiting")
	@EnableSessionLink
	static class Waiting extends StaffOnly {

		final CountDownLatch entered = new CountDownLatch(1);

		final CountDownLatch gate = new CountDownLatch(1);

		@EventListener
		void lost(SessionUnsubscribeEvent event) throws InterruptedException {
			this.entered.countDown();
			this.gate.await(30, TimeUnit.SECONDS);
		}

	}

	@Configuration("failing")
	@EnableSessionLink
	static class Failing extends StaffOnly {

		final CountDownLatch heard = new CountDownLatch(6);

		@EventListener
		void lost(SessionUnsubscribeEvent event) {
			this.heard.countDown();
			throw new StackOverflowError(String.valueOf(event.getUser()));
		}

	}

}
