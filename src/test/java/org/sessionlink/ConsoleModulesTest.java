package org.sessionlink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sessionlink.journey.Needed;

import static org.assertj.core.api.Assertions.assertThat;

/** B23: modules of the operators' console by themselves, which Node.js runs. */
class ConsoleModulesTest {

	private static final Path MODULES = Path.of("src/main/resources/META-INF/resources/session-link-console");

	private static final Path TESTS = Path.of("src/test/javascript/session-link-console");

	@TempDir
	private Path folder;

	@Test
	void theirTestsPass() throws Exception {
		Needed.command("Node.js", "node", "--version");
		copy(MODULES, this.folder.resolve("console"));
		copy(TESTS, this.folder);
		// What a browser knows of a script that is a module.
		Files.writeString(this.folder.resolve("package.json"), "{\"type\":\"module\"}");

		List<String> command = new ArrayList<>(List.of("node", "--no-warnings", "--test", "--test-reporter=tap"));
		try (Stream<Path> tests = Files.list(TESTS)) {
			tests.map((test) -> test.getFileName().toString()).sorted().forEach(command::add);
		}
		Path output = this.folder.resolve("output.txt");
		ProcessBuilder builder = new ProcessBuilder(command).directory(this.folder.toFile())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile());
		builder.environment().put("CONSOLE", this.folder.resolve("console").toUri().toString());
		Process process = builder.start();
		boolean ended = process.waitFor(Deadlines.ANY.toSeconds(), TimeUnit.SECONDS);
		process.destroyForcibly();

		assertThat(ended && process.exitValue() == 0).as(Files.readString(output)).isTrue();
		assertThat(output).content().contains("\n# fail 0\n").doesNotContain("\n# pass 0\n");
	}

	private static void copy(Path from, Path to) throws IOException {
		Files.createDirectories(to);
		try (Stream<Path> files = Files.list(from)) {
			for (Path file : files.toList()) {
				Files.copy(file, to.resolve(file.getFileName()));
			}
		}
	}

}
