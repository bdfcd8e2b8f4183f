package org.sessionlink.journey;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A broker that goes away closes nobody: clients are told, and once it is back their
 * subscriptions are there without them.
 */
@OnFaultyNodes
@InPhase(Phase.TIME)
class NodesBrokerIT {

	private final Nodes nodes;

	NodesBrokerIT(Nodes nodes) {
		this.nodes = nodes;
	}

	/** Waits until all is well again, for whoever is next. */
	@AfterEach
	void awaitReadiness() {
		this.nodes.awaitReadiness();
	}

	@Test
	void aBrokerThatIsKilledClosesNobodyAndWhoSubscribedHearsAgainOnceItIsBack() {
		Roamer visitor = this.nodes.roamer(Nodes.RELAYED);
		visitor.first().get("/be?name=wanda");
		List<Socket> sockets = listening(visitor);

		this.nodes.broker().kill();
		try {
			sockets.forEach((socket) -> socket.awaitMessage("session", "BROKER_DOWN"));
			sockets.forEach((socket) -> socket.send("SEND\ndestination:/topic/news\n\nlost\0")
				.awaitMessage("errors", "broker-away"));
		}
		finally {
			this.nodes.broker().start();
		}
		sockets.forEach((socket) -> socket.awaitMessage("session", "BROKER_UP"));
		visitor.everywhere().forEach((each) -> each.get("/publish?destination=/topic/news&text=back"));
		visitor.first().get("/publish?destination=/topic/news&text=end");

		assertThat(sockets).extracting(NodesBrokerIT::newsToTheEnd)
			.allSatisfy((heard) -> assertThat(heard).hasSize(this.nodes.size()).containsOnly("back"));
		// Users are reached from every node, also who logged in before.
		sockets.forEach((socket) -> await().until(() -> {
			visitor.everywhere().forEach((each) -> each.get("/tell?name=wanda&text=you"));
			return hasHeard(socket, "me", "you");
		}));
		assertThat(sockets).allSatisfy(Socket::assertOpen);
	}

	@Test
	void whatWasConfirmedBeforeABrokerWasKilledAndAfterItCameBackIsHeardOnceByEverybody() {
		Roamer visitor = this.nodes.roamer(Nodes.RELAYED);
		visitor.first().get("/be?name=xenia");
		List<Socket> sockets = listening(visitor);
		Roamer sender = this.nodes.roamer(Nodes.RELAYED);
		sender.first().get("/be?name=yuri");
		List<String> before;
		List<String> after;
		int sent;
		int confirmed;
		try (Walker walker = new Walker(sender.first(), "kept", "/topic/news")) {
			long start = System.nanoTime();
			await().until(() -> walker.confirmed() >= 20);
			before = walker.confirmed(start, System.nanoTime());
			sockets.forEach((socket) -> socket.awaitMessage("news", last(before)));
			this.nodes.broker().kill();
			try {
				sockets.forEach((socket) -> socket.awaitMessage("session", "BROKER_DOWN"));
			}
			finally {
				this.nodes.broker().start();
			}
			sockets.forEach((socket) -> socket.awaitMessage("session", "BROKER_UP"));
			long back = System.nanoTime();
			int known = walker.confirmed();
			await().until(() -> walker.confirmed() >= known + 20);
			after = walker.confirmed(back, System.nanoTime());
			sent = walker.sent();
			confirmed = walker.confirmed();
			assertThat(walker.ends()).isEmpty();
		}
		visitor.first().get("/publish?destination=/topic/news&text=end");

		List<List<String>> heard = sockets.stream().map(NodesBrokerIT::newsToTheEnd).toList();
		assertThat(after).isNotEmpty();
		assertThat(heard).allSatisfy((each) -> assertThat(each).doesNotHaveDuplicates().containsAll(after));
		System.out.printf("A broker killed under a sender: %d sent, %d confirmed, %d heard since%n", sent, confirmed,
				heard.get(0).size());
	}

	static List<Socket> listening(Roamer visitor) {
		return visitor.connect()
			.stream()
			.map((socket) -> subscribe(socket, "session", "/user/queue/session"))
			.map((socket) -> subscribe(socket, "errors", "/user/queue/errors"))
			.map((socket) -> subscribe(socket, "news", "/topic/news"))
			.map((socket) -> subscribe(socket, "me", "/user/queue/me"))
			.toList();
	}

	private static Socket subscribe(Socket socket, String id, String destination) {
		socket.send("SUBSCRIBE\nid:" + id + "\ndestination:" + destination + "\nreceipt:" + id + "\n\n\0")
			.await("RECEIPT");
		return socket;
	}

	/**
	 * Returns whether this has come under a subscription, of what nobody has waited for.
	 */
	static boolean hasHeard(Socket socket, String subscription, String text) {
		return socket.rest()
			.stream()
			.anyMatch((frame) -> subscription.equals(frame.header("subscription")) && frame.body().equals(text));
	}

	/** Returns the news that have come and that nobody has waited for. */
	static List<String> newsSoFar(Socket socket) {
		return socket.rest()
			.stream()
			.filter((frame) -> "news".equals(frame.header("subscription")))
			.map(Frame::body)
			.toList();
	}

	private static String last(List<String> messages) {
		return messages.stream().max((one, other) -> Integer.compare(number(one), number(other))).orElseThrow();
	}

	static int number(String message) {
		return Integer.parseInt(message.replaceAll(".*-", ""));
	}

	static List<String> newsToTheEnd(Socket socket) {
		List<String> heard = new ArrayList<>();
		String next = socket.awaitMessage("news").body();
		while (!next.equals("end")) {
			heard.add(next);
			next = socket.awaitMessage("news").body();
		}
		return heard;
	}

}
