package org.sessionlink;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sessionlink.journey.Needed;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The browser module: its own tests, which Node.js runs, its types, and what is packed.
 */
class BrowserModuleTest {

	private static final Path MODULE = Path.of("src/main/resources/META-INF/resources/session-link");

	private static final Path TESTS = Path.of("src/test/javascript/session-link");

	private static final String STOMPJS = "node_modules/@stomp/stompjs";

	// What npm packs whatever is named.
	private static final List<String> ALWAYS_PACKED = List.of("package.json", "README.md", "LICENSE");

	@TempDir
	private Path folder;

	@Test
	void itsOwnTestsPass() throws Exception {
		Needed.command("Node.js (20.11 or newer)", "node", "-e", "require('node:test').mock.timers.setTime.name");
		install("stomp__stompjs", "**", STOMPJS);
		List<String> command = new ArrayList<>(List.of("--no-warnings", "--test", "--test-reporter=tap"));
		files(TESTS).filter((file) -> file.toString().endsWith(".test.js")).map(Path::toString).forEach(command::add);

		String output = node(command);

		assertThat(output).contains("\n# fail 0\n").doesNotContain("\n# pass 0\n", "\nnot ok ");
	}

	@Test
	void itsTypesFitItsCodeItsExampleAndAnApplication() throws Exception {
		Needed.command("Node.js", "node", "--version");
		install("stomp__stompjs", "**", STOMPJS);
		install("typescript", "lib/{_tsc.js,tsc.js,lib.*.d.ts}", "node_modules/typescript");
		copy(MODULE, this.folder.resolve("node_modules/session-link"));
		copy(MODULE, this.folder.resolve("module"));
		Files.copy(TESTS.resolve("types.ts"), this.folder.resolve("types.ts"));
		Files.writeString(this.folder.resolve("example.js"), example(MODULE.resolve("README.md")));
		Files.writeString(this.folder.resolve("tsconfig.json"), """
				{
				  "compilerOptions": {
				    "target": "es2022", "module": "es2022", "moduleResolution": "bundler", "lib": ["es2022", "dom"],
				    "types": [], "noEmit": true, "strict": true, "checkJs": true, "noImplicitAny": false
				  },
				  "include": ["types.ts", "example.js", "module/*"]
				}
				""");

		String output = node(List.of("node_modules/typescript/lib/tsc.js", "-p", "."));

		assertThat(output).isEmpty();
	}

	@Test
	void theExampleOfItsReadmeHasFifteenLines() throws IOException {
		assertThat(example(MODULE.resolve("README.md")).lines()).hasSize(15);
	}

	@Test
	void allThatIsThereIsPackedAndThere() throws IOException {
		List<String> named = new ArrayList<>(ALWAYS_PACKED);
		packageJson().get("files").forEach((pattern) -> named.add(pattern.asString()));

		List<String> names = files(MODULE).map((file) -> file.getFileName().toString()).toList();

		assertThat(names).allMatch((name) -> named.stream().anyMatch((pattern) -> fits(name, pattern)))
			.contains("session-link.js", "session-link.d.ts", "LICENSE", "README.md");
		assertThat(named).allMatch((pattern) -> names.stream().anyMatch((name) -> fits(name, pattern)));
		assertThat(getClass().getResource("/META-INF/resources/session-link/session-link.js")).isNotNull();
	}

	@Test
	void itsVersionAndItsLicenceAreThoseOfTheProject() throws IOException {
		Matcher version = Pattern.compile("<artifactId>sessionlink</artifactId>\\s*<version>([^<]+)</version>")
			.matcher(Files.readString(Path.of("pom.xml")));

		assertThat(version.find()).isTrue();
		assertThat(packageJson().get("version").asString()).isEqualTo(version.group(1));
		assertThat(packageJson().get("license").asString()).isEqualTo("Apache-2.0");
		assertThat(MODULE.resolve("LICENSE")).hasSameTextualContentAs(Path.of("LICENSE"));
	}

	private String node(List<String> arguments) throws Exception {
		List<String> command = new ArrayList<>(List.of("node"));
		command.addAll(arguments);
		Path output = this.folder.resolve("output.txt");
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.directory(arguments.contains("--test") ? null : this.folder.toFile());
		builder.environment().put("STOMPJS", this.folder.resolve(STOMPJS).resolve("esm6/index.js").toString());
		Process process = builder.start();
		boolean ended = process.waitFor(120, TimeUnit.SECONDS);
		process.destroyForcibly();
		String text = Files.readString(output);
		assertThat(ended && process.exitValue() == 0).as(text).isTrue();
		return text;
	}

	/** Puts a WebJar where npm would have put its package. */
	private void install(String webjar, String what, String where) throws IOException {
		String root = "META-INF/resources/webjars/" + webjar + "/";
		Pattern path = Pattern.compile(".*" + root + "[^/]+/(.+)");
		for (Resource resource : new PathMatchingResourcePatternResolver()
			.getResources("classpath*:" + root + "*/**")) {
			Matcher matcher = path.matcher(resource.getURL().toString());
			if (matcher.matches() && !matcher.group(1).endsWith("/") && fits(matcher.group(1), what)) {
				Path target = this.folder.resolve(where).resolve(matcher.group(1));
				Files.createDirectories(target.getParent());
				try (InputStream content = resource.getInputStream()) {
					Files.copy(content, target, StandardCopyOption.REPLACE_EXISTING);
				}
			}
		}
	}

	private static void copy(Path from, Path to) throws IOException {
		Files.createDirectories(to);
		for (Path file : files(from).toList()) {
			Files.copy(file, to.resolve(file.getFileName()));
		}
	}

	private static Stream<Path> files(Path folder) throws IOException {
		try (Stream<Path> files = Files.list(folder)) {
			return files.sorted().toList().stream();
		}
	}

	private static boolean fits(String name, String pattern) {
		return FileSystems.getDefault().getPathMatcher("glob:" + pattern).matches(Path.of(name));
	}

	private static String example(Path readme) throws IOException {
		String text = Files.readString(readme);
		int start = text.indexOf("```js\n") + "```js\n".length();
		return text.substring(start, text.indexOf("```", start));
	}

	private static JsonNode packageJson() throws IOException {
		return JsonMapper.shared().readTree(Files.readString(MODULE.resolve("package.json")));
	}

}
