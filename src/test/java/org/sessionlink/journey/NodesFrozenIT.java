package org.sessionlink.journey;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * B4, B6, B21 and B22 while a node, the Redis or the broker stands still for half a
 * minute, with all its connections open, and after a node has died.
 */
@OnNodes
@InPhase(Phase.TIME)
@ResourceLock(Nodes.CALM)
class NodesFrozenIT {

	/** What an end may take that a node has to find by itself (B22). */
	private static final Duration RECONCILED = Duration.ofSeconds(10);

	private static final Duration TIMEOUT = Duration.ofSeconds(Nodes.BRIEF_SECONDS);

	private static final Duration FROZEN = Duration.ofSeconds(30);

	private final Nodes nodes;

	NodesFrozenIT(Nodes nodes) {
		this.nodes = nodes;
	}

	/** Waits until all is well again, for whoever is next. */
	@AfterEach
	void awaitReadiness() {
		this.nodes.awaitReadiness();
	}

	@Test
	void aSessionThatANodeTookToItsGraveStillExpiresOnTime() throws IOException {
		Roamer visitor = this.nodes.roamer(Nodes.BRIEF);
		visitor.first().change("POST", "/session");
		visitor.first().connect();
		long start = System.nanoTime();
		Socket socket = visitor.last().connect();
		long connected = System.nanoTime();

		this.nodes.container(0).kill();
		try {
			assertThat(socket.awaitEnd()).isEqualTo("1008 session-expired");
			assertOnTime(socket, start, connected);
			assertThat(visitor.last().get("/session").statusCode()).isEqualTo(404);
		}
		finally {
			this.nodes.container(0).start();
		}
	}

	@Test
	void aFrozenNodeDelaysNobodyElseAndMakesUpForItLater() {
		Roamer visitor = this.nodes.roamer(Nodes.BRIEF);
		visitor.last().change("POST", "/session");
		Socket frozen = visitor.first().connect();
		long start = System.nanoTime();
		Socket elsewhere = visitor.last().connect();
		long connected = System.nanoTime();
		Roamer ada = this.nodes.loggedIn(Nodes.PEOPLE, "ada");
		Socket lasting = ada.first().connect();
		String link = ada.last().link();

		this.nodes.container(0).jvm().freeze();
		try {
			assertThat(elsewhere.awaitEnd()).isEqualTo("1008 session-expired");
			assertOnTime(elsewhere, start, connected);
			await().pollDelay(FROZEN).atMost(FROZEN.plusSeconds(30)).until(() -> ada.last().link().equals(link));
		}
		finally {
			this.nodes.container(0).jvm().thaw();
		}
		long thawed = System.nanoTime();

		assertThat(frozen.awaitEnd()).isEqualTo("1008 session-expired");
		assertThat(frozen.awaitClose().after(thawed)).isLessThan(Standstills.addedTo(RECONCILED, thawed));
		this.nodes.awaitReadiness();
		visitor.assertNoSession();
		ada.assertLinked(link);
		lasting.assertOpen();
	}

	@Test
	void aFrozenRedisEndsNobodyAndClosesNobodyWithinTheGrace() {
		Roamer ada = this.nodes.loggedIn(Nodes.PEOPLE, "ada");
		List<Socket> sockets = ada.connect();
		String link = ada.first().link();

		this.nodes.redis().freeze();
		try {
			await().during(FROZEN)
				.atMost(FROZEN.plusSeconds(30))
				.until(() -> sockets.stream().allMatch(Socket::isOpen));
		}
		finally {
			this.nodes.redis().thaw();
		}

		this.nodes.awaitReadiness();
		ada.assertLinked(link);
		assertThat(sockets).allSatisfy(Socket::assertOpen);
		ada.first().change("POST", "/logout");
		assertThat(sockets).extracting(Socket::awaitEnd).containsOnly("1008 session-ended");
	}

	@Test
	void aFrozenBrokerClosesNobodyAndDoublesNothing() {
		Roamer visitor = this.nodes.roamer(Nodes.RELAYED);
		List<Socket> sockets = NodesBrokerIT.listening(visitor);
		List<List<String>> heard = sockets.stream().<List<String>>map((socket) -> new ArrayList<>()).toList();
		try (Walker walker = new Walker(this.nodes.roamer(Nodes.RELAYED).last(), "frozen", "/topic/news")) {
			await().until(() -> walker.confirmed() > 0);

			this.nodes.broker().freeze();
			try {
				await().during(FROZEN)
					.atMost(FROZEN.plusSeconds(30))
					.until(() -> sockets.stream().allMatch(Socket::isOpen));
			}
			finally {
				this.nodes.broker().thaw();
			}
			int sent = walker.sent();

			// Sent after it, that is: what is under way as servers give up may be lost.
			IntStream.range(0, sockets.size()).forEach((i) -> await().until(() -> {
				heard.get(i).addAll(NodesBrokerIT.newsSoFar(sockets.get(i)));
				return heard.get(i).stream().anyMatch((text) -> NodesBrokerIT.number(text) > sent);
			}));
			assertThat(walker.ends()).isEmpty();
		}
		assertThat(heard).allSatisfy((each) -> assertThat(each).doesNotHaveDuplicates());
		assertThat(sockets).allSatisfy(Socket::assertOpen);
	}

	private static void assertOnTime(Socket socket, long start, long used) {
		assertThat(socket.awaitClose().after(start)).isGreaterThanOrEqualTo(TIMEOUT);
		assertThat(socket.awaitClose().after(used))
			.isLessThanOrEqualTo(Standstills.addedTo(TIMEOUT.plusSeconds(1), used));
	}

}
