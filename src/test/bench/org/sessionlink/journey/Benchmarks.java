package org.sessionlink.journey;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.sessionlink.journey.benchapp.BenchController;
import org.sessionlink.journey.benchapp.link.LinkInitializer;
import org.sessionlink.journey.benchapp.plain.PlainInitializer;

/**
 * Measures one application on plain Spring and on SessionLink side by side, in the same
 * process of each container of the system property {@code it.containers}. The figures are
 * to be read; where SessionLink closes a socket, or a subscriber misses a message, the
 * program says so and fails.
 */
public final class Benchmarks {

	private static final String HEAP = System.getProperty("benchmarks.heap", "1g");

	private static final int ROUNDS = Integer.getInteger("benchmarks.rounds", 5);

	private static final int SECONDS = Integer.getInteger("benchmarks.seconds", 3);

	private static final String SCENARIOS = System.getProperty("benchmarks.scenarios", "all");

	// Every check is made, and none refuses what is measured.
	private static final String GENEROUS = """
			sessionlink.limits.sockets-per-link=999999999
			sessionlink.limits.links-per-address=999999999
			sessionlink.limits.frames-per-second=999999999
			sessionlink.limits.frame-burst=999999999
			""";

	private final Report report = new Report();

	private final List<String> failures = new ArrayList<>();

	private Benchmarks() {
	}

	/** Prints all figures, and writes them down. */
	public static void main(String[] arguments) throws Exception {
		Benchmarks benchmarks = new Benchmarks();
		benchmarks.measureAll(chosen());
		benchmarks.failures.forEach(System.err::println);
		System.exit(benchmarks.failures.isEmpty() ? 0 : 1);
	}

	private void measureAll(List<Scenario> scenarios) throws Exception {
		for (String name : System.getProperty("it.containers", "jetty,tomcat").split(",")) {
			try (Container container = Container.start(name, HEAP); LoadGenerator generator = new LoadGenerator()) {
				measure(container, generator, scenarios);
			}
		}
		this.report.draw();
		if (Boolean.parseBoolean(System.getProperty("benchmarks.guard", "true"))) {
			measureGuard();
		}
	}

	private static List<Scenario> chosen() {
		List<Scenario> all = Scenario.all();
		if (SCENARIOS.equals("all")) {
			return all;
		}
		List<String> names = List.of(SCENARIOS.split(","));
		List<String> known = all.stream().map(Scenario::name).toList();
		if (!known.containsAll(names)) {
			throw new IllegalArgumentException(
					"benchmarks.scenarios is " + SCENARIOS + ": use all, or some of " + String.join(",", known));
		}
		return all.stream().filter((scenario) -> names.contains(scenario.name())).toList();
	}

	private void measure(Container container, LoadGenerator generator, List<Scenario> scenarios) throws IOException {
		Package shared = BenchController.class.getPackage();
		container.deploy(War.plain(List.of(shared, PlainInitializer.class.getPackage())), "plain");
		container.deploy(War.embedding(List.of(shared, LinkInitializer.class.getPackage()), GENEROUS), "link");
		Site plain = new Site(container, "plain", generator);
		Site link = new Site(container, "link", generator);
		this.report.start(container, String.format("%d rounds of %d s, heap %s", ROUNDS, SECONDS, HEAP));
		List<String> remarks = new ArrayList<>();
		for (Scenario scenario : scenarios) {
			Outcome outcome = scenario.measure(plain, link, ROUNDS, Duration.ofSeconds(SECONDS));
			this.report.add(container, outcome);
			outcome.failures().forEach((side, why) -> {
				String sentence = String.format("FAILED: %s of %s on %s: %s", scenario.name(), side, container, why);
				remarks.add(sentence);
				// What plain Spring, or a bare container, does not stand is worth a line
				// and no more.
				if (side == Row.Side.LINK) {
					this.failures.add(sentence);
				}
			});
		}
		this.report.add(remarks);
	}

	private void measureGuard() throws RunnerException, IOException {
		for (RunResult result : new Runner(new OptionsBuilder().include("GuardBenchmark").build()).run()) {
			this.report.addCall(result.getParams().getBenchmark(), result.getPrimaryResult().getScore());
		}
	}

}
