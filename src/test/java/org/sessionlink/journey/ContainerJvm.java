package org.sessionlink.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

import static org.awaitility.Awaitility.await;

/** The process that a container runs in, and what its JVM says of itself. */
final class ContainerJvm {

	private volatile Process process;

	/** Starts the process, in this folder, which writes to the end of this log. */
	void start(List<String> command, Path folder, Path log) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
		builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
		builder.environment().remove("JAVA_TOOL_OPTIONS");
		this.process = builder.start();
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	/** Returns the id of the process of the JVM itself, which a script may wrap. */
	long pid() {
		return this.process.descendants().findFirst().map(ProcessHandle::pid).orElse(this.process.pid());
	}

	/** Returns how many objects of a class live, after a full collection of garbage. */
	long liveObjects(String className) {
		return sumOfHistogram(1, className::equals);
	}

	/**
	 * Returns the bytes of all objects whose class name starts so, after a full
	 * collection of garbage.
	 */
	long heapOf(String prefix) {
		return sumOfHistogram(2, (name) -> name.startsWith(prefix));
	}

	// Its columns: number, instances, bytes, class name.
	private long sumOfHistogram(int column, Predicate<String> className) {
		return jcmd("GC.class_histogram").lines()
			.map((line) -> line.strip().split("\\s+"))
			.filter((columns) -> columns.length >= 4 && columns[0].endsWith(":") && className.test(columns[3]))
			.mapToLong((columns) -> Long.parseLong(columns[column]))
			.sum();
	}

	/** Returns how many threads live whose name starts so. */
	long threads(String prefix) {
		return jcmd("Thread.print").lines().filter((line) -> line.startsWith("\"" + prefix)).count();
	}

	/** Returns how much of the machine's memory the process has, where Linux says so. */
	long residentBytes() {
		try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid()), "status"))) {
			return lines.filter((line) -> line.startsWith("VmRSS:"))
				.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
				.sum();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private String jcmd(String command) {
		Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
		try {
			Process asked = new ProcessBuilder(jcmd.toString(), Long.toString(pid()), command).redirectErrorStream(true)
				.start();
			return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Stops its clock: its connections stay, and nothing answers. */
	void freeze() {
		Signal.STOP.sendTo(this.process.toHandle());
	}

	/** Has it go on. */
	void thaw() {
		Signal.CONT.sendTo(this.process.toHandle());
	}

	/** Asks the process to end, and waits until it has. */
	void stop() {
		List<ProcessHandle> all = Stream.concat(this.process.descendants(), Stream.of(this.process.toHandle()))
			.toList();
		// What wraps it ends by itself.
		ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroy);
		await("stop of the container").atMost(Duration.ofSeconds(60))
			.until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
	}

	/** Ends the process as a power cut would. */
	void kill() {
		if (this.process == null) {
			return;
		}
		List<ProcessHandle> children = this.process.descendants().toList();
		this.process.destroyForcibly();
		children.forEach(ProcessHandle::destroyForcibly);
		try {
			this.process.waitFor(30, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
