package org.sessionlink.journey;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * B6, B30 and B54 as one node after another is restarted under load, behind a proxy
 * without sticky sessions. What became of the messages is printed.
 */
@OnFaultyNodes
@InPhase(Phase.TIME)
class NodesRollingIT {

	private static final int WALKERS = 12;

	private static final String DESTINATION = "/topic/rolling";

	private final Nodes nodes;

	NodesRollingIT(Nodes nodes) {
		this.nodes = nodes;
	}

	/** Waits until all is well again, for whoever is next. */
	@AfterEach
	void awaitReadiness() {
		this.nodes.awaitReadiness();
	}

	@Test
	void nodesThatLeaveOneAfterAnotherLoseNobodyAndNoMessageThatWasConfirmed() throws IOException {
		List<Walker> walkers = replace("restart", this.nodes.size(), Container::stop);

		assertThat(walkers).flatExtracting(Walker::ends).isNotEmpty().containsOnly("1001 server-restart");
		assertThat(walkers).flatExtracting(Walker::hints).hasSizeGreaterThan(WALKERS / 2);
		// A dozen hints of at least a second's spread are not all one.
		assertThat(walkers.stream().flatMap((walker) -> walker.hints().stream()).distinct()).hasSizeGreaterThan(1);
	}

	@Test
	void aNodeThatIsKilledLosesNobodyAndNoMessageThatWasConfirmed() throws IOException {
		List<Walker> walkers = replace("kill", 1, Container::kill);

		assertThat(walkers).flatExtracting(Walker::ends).isNotEmpty().isSubsetOf("reset", "1006 ");
	}

	private List<Walker> replace(String what, int nodes, Consumer<Container> end) throws IOException {
		try (Balancer balancer = Balancer.before(this.nodes, Nodes.RELAYED)) {
			List<Walker> walkers = IntStream.range(0, WALKERS).mapToObj((i) -> walker(balancer, what, i)).toList();
			List<String> links = walkers.stream().map((walker) -> walker.visitor().link()).toList();
			for (int node = 0; node < nodes; node++) {
				replace(node, end, walkers);
			}
			assertThat(walkers).extracting((walker) -> walker.visitor().link()).isEqualTo(links);
			for (Walker walker : walkers) {
				walker.close();
			}
			System.out.printf("%s of %d of %d nodes: %d sent, %d confirmed, none of these lost or doubled, %s%n", what,
					nodes, this.nodes.size(), walkers.stream().mapToInt(Walker::sent).sum(),
					walkers.stream().mapToInt(Walker::confirmed).sum(),
					walkers.stream()
						.flatMap((walker) -> walker.ends().stream())
						.collect(Collectors.groupingBy(Function.identity(), Collectors.counting())));
			return walkers;
		}
	}

	private static Walker walker(Balancer balancer, String what, int number) {
		Visitor visitor = balancer.visitor(Nodes.RELAYED);
		visitor.get("/be?name=" + what + number);
		return new Walker(visitor, what + number, DESTINATION);
	}

	// Those who listen at the other nodes hear each message that was confirmed, once.
	private void replace(int node, Consumer<Container> end, List<Walker> walkers) throws IOException {
		Roamer listener = this.nodes.roamer(Nodes.RELAYED);
		List<Socket> others = IntStream.range(0, this.nodes.size())
			.filter((other) -> other != node)
			.mapToObj((other) -> listener.at(other).connect())
			.toList();
		others.forEach(
				(socket) -> socket.send("SUBSCRIBE\nid:s\ndestination:" + DESTINATION + "\nreceipt:subscribed\n\n\0")
					.await("RECEIPT"));
		long from = System.nanoTime();

		end.accept(this.nodes.container(node));
		this.nodes.container(node).start();
		this.nodes.awaitReadiness();

		long to = System.nanoTime();
		listener.at((node + 1) % this.nodes.size()).get("/publish?destination=" + DESTINATION + "&text=end-" + node);
		List<Map<String, Long>> heard = others.stream().map((socket) -> heardBefore("end-" + node, socket)).toList();
		List<String> confirmed = new ArrayList<>();
		walkers.forEach((walker) -> confirmed.addAll(walker.confirmed(from, to)));
		assertThat(confirmed).isNotEmpty();
		assertThat(heard).allSatisfy((each) -> {
			assertThat(each.keySet()).containsAll(confirmed);
			assertThat(each.values()).containsOnly(1L);
		});
		others.forEach(Socket::assertOpen);
		others.forEach(Socket::drop);
	}

	private static Map<String, Long> heardBefore(String end, Socket socket) {
		List<String> heard = new ArrayList<>();
		do {
			heard.add(socket.awaitMessage("s").body());
		}
		while (!heard.get(heard.size() - 1).equals(end));
		return heard.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
	}

}
