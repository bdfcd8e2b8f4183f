package org.sessionlink.journey;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;

/** B18: whatever a peer reads of a socket that is closed is whole, and has an end. */
@OnEveryContainer
@Execution(ExecutionMode.CONCURRENT)
class WholeFramesIT {

	private static final String FOXES = "🦊".repeat(90);

	private static final int PEERS = 10;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final Container container;

	WholeFramesIT(Container container) {
		this.container = container;
	}

	@AfterEach
	void stop() {
		this.threads.shutdownNow();
	}

	@Test
	void peersThatReadSlowlyAsTheirSessionEndsReadWholeFramesAndThenTheEnd() {
		SharedContainers.deploy(WholeFramesIT.class, War.withSettings("""
				sessionlink.limits.send-buffer=0
				sessionlink.limits.send-time=5m
				sessionlink.heartbeat=0
				sessionlink.limits.frames-per-second=0
				"""), "whole");
		Visitor visitor = new Visitor(this.container, "whole");
		visitor.change("POST", "/session");
		List<CompletableFuture<String>> ends = slowPeers("whole", visitor);

		publish("whole", 9_000);
		visitor.change("DELETE", "/session");

		assertThat(allOf(ends)).allSatisfy((end) -> assertThat(end).isIn("1008 session-ended", "cut off"));
	}

	@Test
	void peersThatReadTooSlowlyReadWholeFramesAndThenTheEnd() {
		SharedContainers.deploy(WholeFramesIT.class, War.withSettings("""
				sessionlink.limits.send-buffer=64KB
				sessionlink.heartbeat=0
				sessionlink.limits.frames-per-second=0
				"""), "too-slow");
		Visitor visitor = new Visitor(this.container, "too-slow");
		visitor.change("POST", "/session");
		List<CompletableFuture<String>> ends = slowPeers("too-slow", visitor);

		publish("too-slow", 12_000);
		visitor.change("DELETE", "/session");

		assertThat(allOf(ends))
			.allSatisfy((end) -> assertThat(end).isIn("1013 slow-consumer", "1008 session-ended", "cut off"));
	}

	private List<CompletableFuture<String>> slowPeers(String context, Visitor visitor) {
		return IntStream.range(0, PEERS).mapToObj((i) -> {
			StalledPeer peer = new StalledPeer(this.container.url(context, "/greeting"), visitor.sessionId());
			return CompletableFuture.supplyAsync(() -> {
				try (peer) {
					return peer.readSlowly(400_000 + i * 80_000);
				}
			}, this.threads);
		}).toList();
	}

	private void publish(String context, int count) {
		Socket publisher = new Visitor(this.container, context).connect().subscribe("1", "/topic/reply");
		for (int i = 0; i < count; i++) {
			publisher.send("/app/message", "{\"name\":\"" + FOXES + "#" + i + "#\"}");
			if (i % 50 == 0) {
				publisher.awaitMessage("1", "#" + i + "#");
			}
		}
		publisher.close();
	}

	private static List<String> allOf(List<CompletableFuture<String>> ends) {
		ends.forEach((end) -> end.completeOnTimeout("neither close nor end", 60, TimeUnit.SECONDS));
		return ends.stream().map(CompletableFuture::join).toList();
	}

}
