package org.sessionlink.journey;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.sessionlink.Deadlines;
import org.sessionlink.journey.shop.Shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B33 and B45: methods that wait, and clients that make the most of it. */
@OnEveryContainer
class BlockingIT {

	private final Container container;

	BlockingIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		SharedContainers.deploy(BlockingIT.class,
				War.embedding(Shop.class.getPackage(), "sessionlink.limits.frames-per-second=0"), "waits");
	}

	@Test
	void aMethodIsKnownToWaitHoweverItsDestinationIsWritten() {
		List<Socket> waiting = everywhere((socket, number) -> socket
			.sendInParts("SEND\ndestination:/app" + "/".repeat(2_100), "wait/slashes\n\nwaited\0"));
		Visitor visitor = new Visitor(this.container, "waits");

		assertThat(within(() -> visitor.get("/").body())).isEqualTo("open");
		await().untilAsserted(() -> assertThat(within(() -> visitor.get("/waiting").body())).isEqualTo("64"));
		assertThat(within(() -> visitor.get("/").body())).isEqualTo("open");
		within(visitor::connect).send("/app/open/slashes", "");

		assertThat(waiting).allSatisfy((socket) -> assertThat(socket.awaitMessage("me").body()).isEqualTo("waited"));
		waiting.forEach(Socket::close);
	}

	@Test
	void anyNumberOfFramesBehindOneThatWaitsHoldsNoThread() {
		List<Socket> waiting = everywhere((socket, number) -> {
			socket.send("/app/wait/behind", "waited");
			for (int i = 0; i < 200; i++) {
				socket.trySend("SEND\ndestination:/app/count\n\n\0");
			}
		});
		Visitor visitor = new Visitor(this.container, "waits");

		assertThat(within(() -> visitor.get("/").body())).isEqualTo("open");
		assertThat(within(() -> visitor.get("/waiting").body())).isEqualTo("64");
		assertThat(within(() -> visitor.get("/counted").body())).isEqualTo("0");
		within(visitor::connect).send("/app/open/behind", "");

		if (this.container.stopsReading()) {
			await().untilAsserted(() -> assertThat(visitor.get("/counted").body()).isEqualTo("48000"));
			assertThat(waiting).allSatisfy(Socket::assertOpen);
		}
		else {
			assertThat(waiting)
				.allSatisfy((socket) -> assertThat(socket.awaitEnd()).isIn("1013 too-many-waiting", "reset"));
		}
		waiting.stream().filter(Socket::isOpen).forEach(Socket::close);
	}

	/** As many sockets as no container has threads for. */
	private List<Socket> everywhere(BiConsumer<Socket, Integer> step) {
		List<Socket> sockets = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			Visitor visitor = new Visitor(this.container, "waits");
			for (int k = 0; k < 60; k++) {
				Socket socket = within(visitor::connect).subscribe("me", "/user/queue/me");
				step.accept(socket, k);
				sockets.add(socket);
			}
		}
		return sockets;
	}

	private static <T> T within(Supplier<T> step) {
		return CompletableFuture.supplyAsync(step).orTimeout(Deadlines.ANY.toSeconds(), TimeUnit.SECONDS).join();
	}

}
