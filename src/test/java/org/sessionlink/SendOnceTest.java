package org.sessionlink;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sessionlink.InProcess.Peer;
import org.sessionlink.InProcess.Received;
import org.sessionlink.handling.Blocking;
import org.sessionlink.link.Link;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.TextMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B52: a SEND that is repeated takes effect once, and gets its RECEIPT each time. */
class SendOnceTest {

	private InProcess server;

	private Link link;

	private Peer first;

	private Counting counting;

	@BeforeEach
	void start() {
		this.server = InProcess.onSessionLink(Counted.class, Map.of());
		this.counting = this.server.bean(Counting.class);
		this.link = this.server.link();
		this.first = this.server.connect("1.2", this.link);
	}

	@AfterEach
	void stop() {
		this.counting.goOn.countDown();
		this.server.close();
	}

	@Test
	void whatComesAgainOverAnotherSocketIsNotHandledAgain() {
		send(this.first, "/app/count", "a", "1");
		awaitReceipts(this.first, "1");
		this.server.cut(this.first);
		Peer back = this.server.connect("1.2", this.link);

		send(back, "/app/count", "a", "2");
		awaitReceipts(back, "2");
		send(back, "/app/count", "b", "3");

		awaitReceipts(back, "2", "3");
		assertThat(this.counting.calls).hasValue(2);
	}

	@Test
	void whatComesWhileTheFirstIsHandledIsToldWhereThatFails() {
		send(this.first, "/app/wait-and-fail", "a", "1");
		await().until(() -> this.counting.calls.get() == 1);
		Peer back = this.server.connect("1.2", this.link);
		this.server.handle(back, new TextMessage("SUBSCRIBE\nid:e\ndestination:/user/queue/errors\n\n\0"));
		send(back, "/app/count", "a", "2");

		this.counting.goOn.countDown();
		await()
			.untilAsserted(() -> assertThat(back.bodies()).singleElement().asString().contains("message-not-handled"));
		send(back, "/app/count", "a", "3");

		awaitReceipts(back, "3");
		assertThat(this.counting.calls).hasValue(2);
	}

	@Test
	void anotherSessionHasIdsOfItsOwn() {
		send(this.first, "/app/count", "a", "1");
		Peer other = this.server.connect("1.2");

		send(other, "/app/count", "a", "1");

		awaitReceipts(other, "1");
		assertThat(this.counting.calls).hasValue(2);
	}

	@Test
	void whatComesWhileTheFirstIsHandledGetsItsReceiptAfterwards() {
		send(this.first, "/app/wait", "a", "1");
		await().until(() -> this.counting.calls.get() == 1);
		Peer back = this.server.connect("1.2", this.link);
		send(back, "/app/wait", "a", "2");
		send(back, "/app/count", "b", "3");
		awaitReceipts(back, "3");
		assertThat(receipts(this.first)).isEmpty();

		this.counting.goOn.countDown();

		awaitReceipts(back, "3", "2");
		awaitReceipts(this.first, "1");
		assertThat(this.counting.calls).hasValue(2);
	}

	@Test
	void whatHasFailedMayBeSentAgain() {
		send(this.first, "/app/fail", "a", "1");
		send(this.first, "/app/count", "a", "2");

		awaitReceipts(this.first, "2");
		assertThat(this.counting.calls).hasValue(2);
	}

	@Test
	void whatWasRefusedMayBeSentAgain() {
		send(this.first, "/nowhere", "a", "1");
		send(this.first, "/app/count", "a", "2");

		awaitReceipts(this.first, "2");
		assertThat(this.counting.calls).hasValue(1);
	}

	@Test
	void othersDoNotSeeTheId() {
		this.server.handle(this.first, new TextMessage("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n\0"));

		send(this.first, "/topic/a", "mine", "1");

		awaitReceipts(this.first, "1");
		assertThat(this.first.bodies()).hasSize(1);
		assertThat(this.first.messageIds()).isNotEmpty().doesNotContain("mine");
	}

	@Test
	void nothingIsLeftOfALinkThatNeverUsesIt() {
		this.server.handle(this.first, new TextMessage("SEND\ndestination:/app/count\nreceipt:1\n\n\0"));
		this.server.handle(this.first, new TextMessage("SEND\ndestination:/app/count\nreceipt:2\n\n\0"));

		awaitReceipts(this.first, "1", "2");
		assertThat(this.counting.calls).hasValue(2);
		assertThat(this.link.sentIds().size()).isZero();
	}

	@Test
	void anIdThatIsABurdenIsRefused() {
		send(this.first, "/app/count", "x".repeat(65), "1");

		await().until(() -> !this.first.isOpen());
		assertThat(this.counting.calls).hasValue(0);
	}

	@Test
	void eachSendOfATransactionHasItsOwnId() {
		this.server.handle(this.first, new TextMessage("BEGIN\ntransaction:t\n\n\0"));
		this.server.handle(this.first,
				new TextMessage("SEND\ndestination:/app/count\ntransaction:t\nmessage-id:a\n\n\0"));
		this.server.handle(this.first,
				new TextMessage("SEND\ndestination:/app/count\ntransaction:t\nmessage-id:b\n\n\0"));
		assertThat(this.counting.calls).hasValue(0);

		this.server.handle(this.first, new TextMessage("COMMIT\ntransaction:t\nreceipt:c\n\n\0"));
		awaitReceipts(this.first, "c");
		send(this.first, "/app/count", "a", "1");

		awaitReceipts(this.first, "c", "1");
		assertThat(this.counting.calls).hasValue(2);
	}

	private void send(Peer peer, String destination, String id, String receipt) {
		this.server.handle(peer, new TextMessage(
				"SEND\ndestination:" + destination + "\nmessage-id:" + id + "\nreceipt:" + receipt + "\n\n\0"));
	}

	private static void awaitReceipts(Peer peer, String... ids) {
		await().untilAsserted(() -> assertThat(receipts(peer)).containsExactly(ids));
	}

	private static List<String> receipts(Peer peer) {
		return peer.received()
			.stream()
			.map(Received::headers)
			.filter((headers) -> headers.containsKey("receipt-id"))
			.map((headers) -> headers.get("receipt-id").get(0))
			.toList();
	}

	/** Counts what is handled. */
	@Controller
	static class Counting {

		final AtomicInteger calls = new AtomicInteger();

		final CountDownLatch goOn = new CountDownLatch(1);

		@MessageMapping("/count")
		void count() {
			this.calls.incrementAndGet();
		}

		@Blocking
		@MessageMapping("/wait")
		void waitForIt() throws InterruptedException {
			this.calls.incrementAndGet();
			this.goOn.await();
		}

		@Blocking
		@MessageMapping("/wait-and-fail")
		void waitAndFail() throws InterruptedException {
			waitForIt();
			throw new IllegalStateException("On purpose");
		}

		@MessageMapping("/fail")
		void fail() {
			this.calls.incrementAndGet();
			throw new IllegalStateException("On purpose");
		}

	}

	/** Topics, and what counts. */
	@Configuration(proxyBeanMethods = false)
	@EnableSessionLink
	static class Counted extends OneEndpoint {

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic/", "/queue/");
			registry.setApplicationDestinationPrefixes("/app");
		}

		@Bean
		Counting counting() {
			return new Counting();
		}

	}

}
