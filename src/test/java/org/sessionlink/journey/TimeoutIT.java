package org.sessionlink.journey;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

/** B43: timeouts that an application changes, and requests that are longer. */
@OnEveryContainer
@InPhase(Phase.TIME)
@Execution(ExecutionMode.CONCURRENT)
class TimeoutIT {

	private final Container container;

	TimeoutIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		EmbeddingIT.deploy();
	}

	@Test
	void aTimeoutThatAMessageMethodSetsIsInForceAtOnce() {
		Visitor shorter = new Visitor(this.container, "shop");
		Socket closes = shorter.connect().subscribe("s", "/user/queue/session");
		List<Socket> stay = Stream.of("3600", "-1").map((seconds) -> {
			Visitor visitor = new Visitor(this.container, "shop");
			visitor.get("/habits/timeout?seconds=2");
			return visitor.connect().send("/app/timeout", seconds);
		}).toList();
		long start = System.nanoTime();
		closes.send("/app/timeout", "2");

		assertThat(closes.awaitMessage("s", "EXPIRING").body()).contains("\"remainingSeconds\":");
		assertThat(closes.awaitClose().reason()).isEqualTo("session-expired");
		assertThat(closes.awaitClose().after(start)).isBetween(Duration.ofSeconds(2),
				Standstills.addedTo(Duration.ofSeconds(3), start));
		String id = shorter.sessionId();
		shorter.get("/link");
		assertThat(shorter.sessionId()).isNotEqualTo(id);
		await().until(() -> System.nanoTime() - start > Duration.ofSeconds(3).toNanos());
		assertThat(stay).allSatisfy((socket) -> assertThat(socket.whoami()).endsWith("nobody"));
	}

	@Test
	void aRequestThatTakesLongerThanTheTimeoutKeepsItsSessionAndLeavesItsTimeToIt() {
		List<CompletableFuture<Void>> visitors = Stream
			.of("slow", "slow-start", "slow-async", "slow-complete", "slow-include", "slow-error")
			.map((path) -> CompletableFuture.runAsync(() -> assertOutlives("/habits/" + path),
					(task) -> new Thread(task).start()))
			.toList();

		assertThat(visitors).allSatisfy(
				(visitor) -> assertThatCode(() -> visitor.get(20, TimeUnit.SECONDS)).doesNotThrowAnyException());
	}

	private void assertOutlives(String path) {
		Visitor visitor = new Visitor(this.container, "shop");
		if (!path.endsWith("start")) {
			visitor.get("/habits/timeout?seconds=2");
		}
		long start = System.nanoTime();
		HttpResponse<String> answer = visitor.get(path + "?millis=3000");
		assertThat(answer.statusCode()).as(path).isEqualTo(path.endsWith("error") ? 503 : 200);
		String id = visitor.sessionId();
		Socket socket = visitor.open(Map.of(), "v12.stomp").send("CONNECT\naccept-version:1.2\nreconnect:true\n\n\0");
		socket.await("CONNECTED");
		long connected = System.nanoTime();

		assertThat(socket.awaitClose().reason()).as(path).isEqualTo("session-expired");
		assertThat(socket.awaitClose().after(start)).as(path).isGreaterThanOrEqualTo(Duration.ofSeconds(5));
		assertThat(socket.awaitClose().after(connected)).as(path)
			.isLessThanOrEqualTo(Standstills.addedTo(Duration.ofSeconds(3), connected));
		visitor.get("/link");
		assertThat(visitor.sessionId()).as(path).isNotEqualTo(id);
	}

}
