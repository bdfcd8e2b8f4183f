package org.sessionlink.journey;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.sessionlink.journey.benchapp.BenchController;
import org.sessionlink.journey.benchapp.link.LinkInitializer;

/**
 * Prints what more than one node costs: how long the end of a session takes to reach the
 * last socket at another node, and what the store has to do for links that are used and
 * for those that are not. It asserts nothing: the figures are to be read.
 *
 * <p>
 * The system properties {@code benchmarks.sockets}, {@code benchmarks.links} and
 * {@code benchmarks.rounds} say how many of each.
 */
public final class NodeFigures {

	private static final int SOCKETS = Integer.getInteger("benchmarks.sockets", 1000);

	private static final int LINKS = Integer.getInteger("benchmarks.links", 10_000);

	private static final int ROUNDS = Integer.getInteger("benchmarks.rounds", 10);

	private static final Duration TOLD = Duration.ofSeconds(70);

	private static final Duration WATCHED = Duration.ofSeconds(60);

	private static final String TIMEOUT = "sessionlink.session-timeout=60s\n";

	// The store is told of a use at once where the one before was told a tenth of the
	// timeout ago.
	private static final Duration PAUSE = Duration.ofSeconds(13);

	private static final String GENEROUS = """
			sessionlink.limits.sockets-per-link=0
			sessionlink.limits.links-per-address=0
			sessionlink.limits.frames-per-second=0
			""";

	private final Nodes nodes;

	private final LoadGenerator generator;

	private NodeFigures(Nodes nodes, LoadGenerator generator) {
		this.nodes = nodes;
		this.generator = generator;
	}

	/** Prints all figures. */
	public static void main(String[] arguments) throws IOException {
		try (Nodes nodes = Nodes.start(Map.of("bench", bench(""), "touched", bench(TIMEOUT)));
				LoadGenerator generator = new LoadGenerator()) {
			NodeFigures figures = new NodeFigures(nodes, generator);
			figures.endToLastSocket();
			figures.touches();
			figures.idleLinks();
		}
		System.exit(0);
	}

	private static War bench(String settings) {
		return War.embedding(List.of(BenchController.class.getPackage(), LinkInitializer.class.getPackage()),
				GENEROUS + settings);
	}

	private void endToLastSocket() {
		Site first = site(0, "bench");
		Site last = site(this.nodes.last(), "bench");
		List<Double> millis = new ArrayList<>();
		for (int round = 0; round < ROUNDS; round++) {
			String cookie = first.newSession();
			Crowd crowd = new Crowd(last, SOCKETS, "/topic/nothing", () -> cookie);
			crowd.expectClosing();
			long start = System.nanoTime();
			first.endSession(cookie);
			this.generator.await("the last close", () -> crowd.closed() == SOCKETS);
			millis.add((System.nanoTime() - start) / 1e6);
		}
		Collections.sort(millis);
		System.out.printf(
				"%s: logout at the first to the last of %d sockets closed at the last: p50 %.0f ms, p99 %.0f ms (of %d)%n",
				this.nodes, SOCKETS, millis.get(millis.size() / 2), millis.get(millis.size() * 99 / 100),
				millis.size());
	}

	private void touches() throws IOException {
		Crowd crowd = crowd(this.nodes.last(), "touched", SOCKETS);
		wait(PAUSE);
		this.nodes.redis().command("CONFIG", "RESETSTAT");
		BenchFrame frame = BenchFrame.send("/app/publish");
		crowd.clients().forEach((client) -> client.send(frame.with(0, 0)));
		wait(Duration.ofSeconds(3));
		printCommands(SOCKETS + " links used once each", Duration.ofSeconds(3));
		crowd.leave();
	}

	// A container alone may take fewer connections than that. What each of them did to
	// connect is told within a minute, and was no idling.
	private void idleLinks() throws IOException {
		List<Crowd> crowds = IntStream.range(0, this.nodes.size())
			.mapToObj((node) -> crowd(node, "bench", LINKS / this.nodes.size()))
			.toList();
		wait(TOLD);
		this.nodes.redis().command("CONFIG", "RESETSTAT");
		wait(WATCHED);
		printCommands(LINKS + " idle links of all nodes for " + WATCHED.toSeconds() + " s", WATCHED);
		crowds.forEach(Crowd::leave);
	}

	private Crowd crowd(int node, String application, int size) {
		Site site = site(node, application);
		return new Crowd(site, size, "/topic/nothing", site::newSession);
	}

	private Site site(int node, String application) {
		return new Site(this.nodes.container(node), application, this.generator);
	}

	private void wait(Duration time) {
		this.generator.runUntil(() -> false, time);
	}

	// What a script does is counted besides the script.
	private void printCommands(String what, Duration time) throws IOException {
		System.out.printf("%s, commands in the store:%n", what);
		this.nodes.redis()
			.command("INFO", "commandstats")
			.lines()
			.filter((line) -> line.startsWith("cmdstat_"))
			.forEach((line) -> System.out.printf("  %-20s %6.1f a second, %s us each%n",
					line.substring("cmdstat_".length(), line.indexOf(':')),
					number("calls", line) / time.toSeconds(), number("usec_per_call", line)));
	}

	private static double number(String name, String line) {
		return Double.parseDouble(line.replaceAll(".*\\b" + name + "=([\\d.]+).*", "$1"));
	}

}
