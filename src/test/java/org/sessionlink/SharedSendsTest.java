package org.sessionlink;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import io.lettuce.core.ScriptOutputType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.sessionlink.InProcess.Peer;
import org.sessionlink.SendOnceTest.Counting;
import org.sessionlink.cluster.RealRedis;
import org.sessionlink.link.Home;
import org.sessionlink.link.Link;
import org.sessionlink.link.Links;
import org.sessionlink.watch.HealthCheck;

import org.springframework.web.socket.TextMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B52 where a SEND is repeated over another server of two. */
@Execution(ExecutionMode.CONCURRENT)
class SharedSendsTest {

	private final RealRedis redis = new RealRedis();

	private final InProcess a = server();

	private final InProcess b = server();

	private Peer atA;

	private Peer atB;

	private InProcess server() {
		return InProcess.onSessionLink(SendOnceTest.Counted.class, Map.of("sessionlink.redis.url", this.redis.url(),
				"sessionlink.redis.grace", "1h", "sessionlink.redis.namespace", "test"));
	}

	@BeforeEach
	void connect() {
		String key = UUID.randomUUID().toString();
		this.atA = this.a.connect("1.2", link(this.a, key));
		this.atB = this.b.connect("1.2", link(this.b, key));
	}

	private static Link link(InProcess server, String key) {
		return server.bean(Links.class).open(key, key, Home.GONE);
	}

	@AfterEach
	void stop() {
		this.redis.thaw();
		Stream.of(this.a, this.b).forEach((server) -> counting(server).goOn.countDown());
		this.a.close();
		this.b.close();
		this.redis.close();
	}

	private static Counting counting(InProcess server) {
		return server.bean(Counting.class);
	}

	@Test
	void whatWasHandledAtOneServerIsNotHandledAtAnother() {
		send(this.a, this.atA, "/app/count", "x", "1");
		awaitReceipts(this.atA, "1");

		send(this.b, this.atB, "/app/count", "x", "2");
		send(this.b, this.atB, "/app/count", "y", "3");
		send(this.b, this.atB, "/app/count", "x", "4");

		awaitReceipts(this.atB, "2", "3", "4");
		assertThat(counting(this.a).calls).hasValue(1);
		assertThat(counting(this.b).calls).hasValue(1);
	}

	@Test
	void whatIsBeingHandledAtOneServerGetsItsReceiptAtTheOtherAfterwards() {
		send(this.a, this.atA, "/app/wait", "x", "1");
		await().until(() -> counting(this.a).calls.get() == 1);
		send(this.b, this.atB, "/app/count", "x", "2");
		send(this.b, this.atB, "/app/count", "y", "3");
		awaitReceipts(this.atB, "3");

		counting(this.a).goOn.countDown();

		awaitReceipts(this.atB, "3", "2");
		assertThat(counting(this.b).calls).hasValue(1);
	}

	@Test
	void whatHasFailedAtOneServerMayBeSentAgainToTheOther() {
		send(this.a, this.atA, "/app/fail", "x", "1");
		send(this.b, this.atB, "/app/count", "x", "2");

		awaitReceipts(this.atB, "2");
		assertThat(counting(this.b).calls).hasValue(1);
	}

	/** Whoever handled it is gone, and nobody knows how far it has come. */
	@Test
	void whatAServerHandledThatIsGoneIsHandledAgain() {
		send(this.a, this.atA, "/app/wait", "x", "1");
		await().until(() -> counting(this.a).calls.get() == 1);
		String states = this.redis.ask().keys("{test}:sends:*").get(0);
		this.redis.ask().hset(states, "x", "by somebody-who-is-gone");

		send(this.b, this.atB, "/app/count", "x", "2");

		awaitReceipts(this.atB, "2");
		assertThat(counting(this.b).calls).hasValue(1);
	}

	/** It was killed a moment ago, and nobody knows that yet. */
	@Test
	void whoWaitsForAServerThatIsGoneIsToldToSendAgain() {
		errors(this.b, this.atB);
		send(this.a, this.atA, "/app/wait", "x", "1");
		await().until(() -> counting(this.a).calls.get() == 1);
		String states = this.redis.ask().keys("{test}:sends:*").get(0);
		this.redis.ask().hset(states, "x", "by somebody-who-is-gone");
		this.redis.ask()
			.eval("return redis.call('ZADD', KEYS[1], redis.call('TIME')[1] * 1000 - 8000, ARGV[1])",
					ScriptOutputType.INTEGER, new String[] { "{test}:nodes" }, "somebody-who-is-gone");

		send(this.b, this.atB, "/app/count", "x", "2");
		awaitNotHandled(this.atB);
		send(this.b, this.atB, "/app/count", "x", "3");

		awaitReceipts(this.atB, "3");
		assertThat(counting(this.b).calls).hasValue(1);
	}

	@Test
	void whoWaitsForWhatFailsAtAnotherServerIsToldToSendAgain() {
		errors(this.b, this.atB);
		send(this.a, this.atA, "/app/wait-and-fail", "x", "1");
		await().until(() -> counting(this.a).calls.get() == 1);
		send(this.b, this.atB, "/app/count", "x", "2");

		counting(this.a).goOn.countDown();
		awaitNotHandled(this.atB);
		send(this.b, this.atB, "/app/count", "x", "3");

		awaitReceipts(this.atB, "3");
		assertThat(counting(this.b).calls).hasValue(1);
	}

	@Test
	void whatWasHandledWhileTheStoreWasAwayIsToldOnceItIsBack() {
		send(this.a, this.atA, "/app/wait", "x", "1");
		await().until(() -> counting(this.a).calls.get() == 1);
		this.redis.freeze();
		await().until(() -> isAway(this.a));
		counting(this.a).goOn.countDown();
		awaitReceipts(this.atA, "1");
		this.redis.thaw();
		await().until(() -> !isAway(this.a) && !isAway(this.b));

		send(this.b, this.atB, "/app/count", "x", "2");

		awaitReceipts(this.atB, "2");
		assertThat(counting(this.b).calls).hasValue(0);
	}

	/** As the news of it were lost. */
	@Test
	void whatAnotherServerHasHandledIsFoundByALook() {
		send(this.a, this.atA, "/app/wait", "x", "1");
		await().until(() -> counting(this.a).calls.get() == 1);
		send(this.b, this.atB, "/app/count", "x", "2");
		String states = this.redis.ask().keys("{test}:sends:*").get(0);

		this.redis.ask().hset(states, "x", "handled");

		awaitReceipts(this.atB, "2");
		assertThat(counting(this.b).calls).hasValue(0);
	}

	private static boolean isAway(InProcess server) {
		return server.bean("org.sessionlink.storeCheck", HealthCheck.class).concern() != null;
	}

	private static void errors(InProcess server, Peer peer) {
		server.handle(peer, new TextMessage("SUBSCRIBE\nid:e\ndestination:/user/queue/errors\n\n\0"));
	}

	private static void awaitNotHandled(Peer peer) {
		await()
			.untilAsserted(() -> assertThat(peer.bodies()).singleElement().asString().contains("message-not-handled"));
	}

	@Test
	void noMoreThanTheLastThousandAreRemembered() {
		for (int i = 0; i < 1_005; i++) {
			send(this.a, this.atA, "/app/count", "id " + i, "r" + i);
		}

		assertThat(this.redis.ask().hlen(this.redis.ask().keys("{test}:sends:*").get(0))).isEqualTo(1_000);
		assertThat(this.redis.ask().pttl(this.redis.ask().keys("{test}:sent:*").get(0))).isBetween(1L, 300_000L);
		send(this.b, this.atB, "/app/count", "id 1004", "again");
		awaitReceipts(this.atB, "again");
		assertThat(counting(this.b).calls).hasValue(0);
	}

	@Test
	void aSendWithoutAnIdCostsNothingThere() {
		this.a.handle(this.atA, new TextMessage("SEND\ndestination:/app/count\nreceipt:1\n\n\0"));

		awaitReceipts(this.atA, "1");
		assertThat(this.redis.ask().keys("{test}:sen*")).isEmpty();
	}

	@Test
	void whileTheStoreIsAwayEachServerKnowsItsOwn() {
		this.redis.close();

		send(this.a, this.atA, "/app/count", "x", "1");
		send(this.a, this.atA, "/app/count", "x", "2");

		awaitReceipts(this.atA, "1", "2");
		assertThat(counting(this.a).calls).hasValue(1);
	}

	private static void send(InProcess server, Peer peer, String destination, String id, String receipt) {
		server.handle(peer, new TextMessage(
				"SEND\ndestination:" + destination + "\nmessage-id:" + id + "\nreceipt:" + receipt + "\n\n\0"));
	}

	private static void awaitReceipts(Peer peer, String... receipts) {
		await().untilAsserted(() -> assertThat(peer.received()
			.stream()
			.flatMap((one) -> one.headers().getOrDefault("receipt-id", List.of()).stream())
			.toList()).contains(receipts));
	}

}
