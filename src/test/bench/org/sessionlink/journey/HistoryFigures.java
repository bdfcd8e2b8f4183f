package org.sessionlink.journey;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

import org.sessionlink.journey.benchapp.BenchController;
import org.sessionlink.journey.benchapp.link.LinkInitializer;

/**
 * Prints what a publish costs where messages are kept for who comes back, beside one
 * where they are not, in the same process of each container of the system property
 * {@code it.containers}: {@code mvn verify -Pfigures -Dfigures=HistoryFigures}. It
 * asserts nothing but that no message is lost: the figures are to be read.
 */
public final class HistoryFigures {

	private static final int WARM_UPS = 2;

	private static final int ROUNDS = Integer.getInteger("benchmarks.rounds", 5);

	private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("benchmarks.seconds", 3));

	private static final String GENEROUS = """
			sessionlink.limits.sockets-per-link=0
			sessionlink.limits.links-per-address=0
			sessionlink.limits.frames-per-second=0
			""";

	private static final String KEPT = GENEROUS + "sessionlink.destinations.keep=/topic/fan\n";

	private final Container container;

	private final Map<String, Site> sites = new LinkedHashMap<>();

	private HistoryFigures(Container container, LoadGenerator generator) {
		this.container = container;
		container.deploy(bench(GENEROUS), "off");
		container.deploy(bench(KEPT), "kept");
		container.deploy(bench(KEPT), "asked");
		this.sites.put("kept nowhere", new Site(container, "off", generator));
		this.sites.put("kept, and nobody asks", new Site(container, "kept", generator));
		this.sites.put("kept, and all ask", new Site(container, "asked", generator).resuming());
	}

	/** Prints all figures. */
	public static void main(String[] arguments) {
		for (String name : System.getProperty("it.containers", "jetty,tomcat").split(",")) {
			try (Container container = Container.start(name, System.getProperty("benchmarks.heap", "1g"));
					LoadGenerator generator = new LoadGenerator()) {
				HistoryFigures figures = new HistoryFigures(container, generator);
				figures.measure(0, 1, Unheard::new);
				figures.measure(100, 100, (site) -> new FullFanOut(site, 100, 64));
				figures.measure(1000, 1000, (site) -> new FullFanOut(site, 1000, 4));
			}
		}
		System.exit(0);
	}

	private static War bench(String settings) {
		return War.embedding(List.of(BenchController.class.getPackage(), LinkInitializer.class.getPackage()), settings);
	}

	// One after the other in each round, so that what the machine does besides is on all.
	private void measure(int subscribers, int deliveries, Function<Site, Load> load) {
		Map<String, Load> loads = new LinkedHashMap<>();
		Map<String, Map<Figure, List<Double>>> measured = new LinkedHashMap<>();
		this.sites.forEach((side, site) -> loads.put(side, load.apply(site)));
		for (int round = -WARM_UPS; round < ROUNDS; round++) {
			boolean counts = round >= 0;
			loads.forEach((side, one) -> one.run(TIME).forEach((figure, value) -> {
				if (counts) {
					measured.computeIfAbsent(side, (first) -> new EnumMap<>(Figure.class))
						.computeIfAbsent(figure, (first) -> new ArrayList<>())
						.add(value);
				}
			}));
		}
		loads.values().forEach(Load::close);
		print(subscribers, deliveries, measured);
	}

	private void print(int subscribers, int deliveries, Map<String, Map<Figure, List<Double>>> measured) {
		double before = 0;
		double cpuBefore = 0;
		for (Map.Entry<String, Map<Figure, List<Double>>> side : measured.entrySet()) {
			double micros = 1e6 * deliveries / median(side.getValue().get(Figure.RATE));
			double cpu = deliveries * median(side.getValue().get(Figure.CPU));
			before = (before == 0) ? micros : before;
			cpuBefore = (cpuBefore == 0) ? cpu : cpuBefore;
			System.out.printf(Locale.ROOT,
					"%s, %,d subscribers, %s: %,.0f publishes a second, %.1f us each (%.2f times), server CPU %.1f us each (%.2f times)%n",
					this.container, subscribers, side.getKey(), 1e6 / micros, micros, micros / before, cpu,
					cpu / cpuBefore);
		}
	}

	private static double median(List<Double> values) {
		return values.stream().sorted().toList().get(values.size() / 2);
	}

}
