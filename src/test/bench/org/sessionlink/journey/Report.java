package org.sessionlink.journey;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What the benchmarks have found, on standard output and as a file as it comes. */
final class Report {

	private static final Path FOLDER = Path.of("target", "benchmarks");

	private final StringBuilder text = new StringBuilder();

	private final Chart chart = new Chart();

	/** Starts the table of a container. */
	void start(Container container, String conditions) throws IOException {
		String jdk = System.getProperty("java.version");
		add(String.format("%n%s: %d cores, JDK %s, %s %s %s; %s%n%n%s", container.home().getFileName(),
				Runtime.getRuntime().availableProcessors(), jdk, System.getProperty("os.name"),
				System.getProperty("os.version"), System.getProperty("os.arch"), conditions, Row.HEAD));
	}

	void add(Container container, Outcome outcome) throws IOException {
		for (Row row : outcome.rows()) {
			this.chart.add(container.toString(), row);
			add(row + System.lineSeparator());
		}
	}

	/** Adds sentences below a table. */
	void add(List<String> remarks) throws IOException {
		for (String remark : remarks) {
			add(String.format("%n%s%n", remark));
		}
	}

	/** Adds what a call costs that was measured without a container. */
	void addCall(String name, double nanos) throws IOException {
		add(String.format(Locale.ROOT, "%n%s: %.1f ns a frame%n", name, nanos));
	}

	/** Draws the gains of all containers. */
	void draw() throws IOException {
		this.chart.write(FOLDER.resolve("ratios.svg"));
	}

	private void add(String more) throws IOException {
		System.out.print(more);
		this.text.append(more);
		Files.createDirectories(FOLDER);
		Files.writeString(FOLDER.resolve("report.md"), this.text);
	}

}
