package org.sessionlink.journey;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * B24, B32, B33 and user destinations where who sends and who hears are at different
 * nodes.
 */
@OnNodes
@Execution(ExecutionMode.CONCURRENT)
class NodesMessagesIT {

	private static final int MANY = 200;

	private final Nodes nodes;

	NodesMessagesIT(Nodes nodes) {
		this.nodes = nodes;
	}

	@Test
	void aMessageMethodAtOneNodeWritesTheSessionThatAllNodesRead() {
		Roamer visitor = this.nodes.roamer(Nodes.SHOP);
		visitor.first().get("/colour?value=green");
		List<Socket> sockets = visitor.connect();
		sockets.forEach((socket) -> socket.subscribe("me", "/user/queue/me"));

		List<String> carts = IntStream.range(0, sockets.size())
			.mapToObj((i) -> sockets.get(i).send("/app/cart", "item" + i).awaitMessage("me").body())
			.toList();

		String last = carts.get(carts.size() - 1);
		assertThat(last)
			.isEqualTo(String.join(",", IntStream.range(0, sockets.size()).mapToObj((i) -> "item" + i).toList()));
		assertThat(visitor.everywhere()).extracting((each) -> each.get("/cart").body()).containsOnly(last);
	}

	@Test
	void whatIsPublishedAtOneNodeReachesEverySubscriberOnceAndInOrder() {
		Roamer visitor = this.nodes.roamer(Nodes.RELAYED);
		List<Socket> sockets = visitor.connect();
		sockets.forEach((socket) -> subscribe(socket, "/topic/order"));

		for (int i = 0; i < MANY; i++) {
			sockets.get(0).send("/topic/order", "m" + i);
		}
		sockets.get(0).send("/topic/order", "the end");

		List<String> sent = Stream.concat(IntStream.range(0, MANY).mapToObj((i) -> "m" + i), Stream.of("the end"))
			.toList();
		assertThat(sockets).allSatisfy(
				(socket) -> assertThat(Stream.generate(() -> socket.awaitMessage("s").body()).limit(sent.size()))
					.isEqualTo(sent));
		assertThat(sockets).allSatisfy((socket) -> assertThat(socket.rest()).isEmpty());
	}

	@Test
	void whatAUserIsToldAtOneNodeReachesEachOfTheirTabsOnce() {
		Roamer visitor = this.nodes.roamer(Nodes.RELAYED);
		visitor.first().get("/be?name=tara");
		List<Socket> sockets = visitor.connect();
		sockets.forEach((socket) -> subscribe(socket, "/user/queue/me"));
		for (int node = 0; node < this.nodes.size(); node++) {
			awaitHeard(visitor.at(node), "ready" + node, sockets);
		}

		visitor.everywhere().forEach((each) -> each.get("/tell?name=tara&text=hello"));
		visitor.everywhere().forEach((each) -> each.get("/tell?name=tara&text=end"));

		assertThat(sockets).extracting(this::heardToTheEnd)
			.allSatisfy((heard) -> assertThat(heard).filteredOn("hello"::equals).hasSize(this.nodes.size()));
	}

	// Nodes tell each other of their users now and then.
	private static void awaitHeard(Visitor teller, String text, List<Socket> sockets) {
		Set<Socket> reached = new HashSet<>();
		await().until(() -> {
			teller.get("/tell?name=tara&text=" + text);
			sockets.stream()
				.filter((socket) -> socket.rest().stream().anyMatch((frame) -> frame.body().equals(text)))
				.forEach(reached::add);
			return reached.size() == sockets.size();
		});
	}

	// One end from each node, each behind its hello.
	private List<String> heardToTheEnd(Socket socket) {
		List<String> heard = new ArrayList<>();
		do {
			heard.add(socket.awaitMessage("s").body());
		}
		while (Collections.frequency(heard, "end") < this.nodes.size());
		return heard;
	}

	@Test
	void aFrameForTheBrokerGetsOneReceiptAndWhatIsAbortedIsNotDelivered() {
		Roamer visitor = this.nodes.roamer(Nodes.RELAYED);
		Socket sender = visitor.first().connect();
		Socket hearer = visitor.last().connect();
		subscribe(hearer, "/topic/transactions");

		sender.send("BEGIN\ntransaction:t\n\n\0");
		sender.send("SEND\ndestination:/topic/transactions\ntransaction:t\n\naborted\0");
		sender.send("ABORT\ntransaction:t\nreceipt:1\n\n\0");
		sender.send("SEND\ndestination:/topic/transactions\nreceipt:2\n\nsent\0");

		assertThat(hearer.awaitMessage("s").body()).isEqualTo("sent");
		assertThat(sender.await("RECEIPT").header("receipt-id")).isEqualTo("1");
		assertThat(sender.await("RECEIPT").header("receipt-id")).isEqualTo("2");
		assertThat(sender.rest()).isEmpty();
	}

	private static void subscribe(Socket socket, String destination) {
		socket.send("SUBSCRIBE\nid:s\ndestination:" + destination + "\nreceipt:subscribed\n\n\0").await("RECEIPT");
	}

}
