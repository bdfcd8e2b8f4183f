package org.sessionlink.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import static org.awaitility.Awaitility.await;

/**
 * A store or a broker that nodes share: a process on free ports of 127.0.0.1, with a
 * folder of its own, that can be killed, frozen and started again with what it has
 * written down.
 */
abstract class Engine implements AutoCloseable {

	private final Path folder;

	private final int port = Container.freePort();

	private Process process;

	Engine(String name) {
		Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
		try {
			this.folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "journey")), name + "-")
				.toAbsolutePath();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Returns the command that runs it in the foreground. */
	abstract List<String> command() throws IOException;

	/** Returns what its environment has besides. */
	Map<String, String> environment() {
		return Map.of();
	}

	/** Returns whether it serves who connects. */
	abstract boolean answers() throws IOException;

	/** Starts it, again too, on the same port, and waits until it serves. */
	final void start() {
		try {
			ProcessBuilder builder = new ProcessBuilder(command()).directory(this.folder.toFile())
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
			builder.environment().remove("JAVA_TOOL_OPTIONS");
			builder.environment().putAll(environment());
			this.process = builder.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		await("answer, see " + log()).atMost(Duration.ofMinutes(3))
			.pollInterval(Duration.ofMillis(100))
			.failFast("it stopped, see " + log(), () -> !this.process.isAlive())
			.ignoreExceptionsInstanceOf(IOException.class)
			.until(this::answers);
	}

	/** Ends it as a power cut would, at once. */
	void kill() {
		if (this.process == null) {
			return;
		}
		List<ProcessHandle> children = this.process.descendants().toList();
		this.process.destroyForcibly();
		children.forEach(ProcessHandle::destroyForcibly);
		await().until(() -> !this.process.isAlive() && children.stream().noneMatch(ProcessHandle::isAlive));
	}

	/** Stops its clock: its connections stay, and nothing answers. */
	final void freeze() {
		Signal.STOP.sendTo(this.process.toHandle());
	}

	/** Has it go on. */
	final void thaw() {
		Signal.CONT.sendTo(this.process.toHandle());
	}

	@Override
	public final void close() {
		kill();
	}

	final int port() {
		return this.port;
	}

	final Path folder() {
		return this.folder;
	}

	private Path log() {
		return this.folder.resolve("console.log");
	}

}
