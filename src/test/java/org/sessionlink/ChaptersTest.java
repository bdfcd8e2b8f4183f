package org.sessionlink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The README and its chapters: as short as they say, and true where that can be seen. */
class ChaptersTest {

	private static final Path README = Path.of("README.md");

	private static final Path CHAPTERS = Path.of("src/site/markdown");

	private static final int MOST_BYTES_OF_README = 14_000;

	private static final Pattern LINK = Pattern.compile("]\\(([^)]+)\\)");

	private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

	private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+(?:Test|IT))`");

	@Test
	void theReadmeIsReadInOneSitting() throws IOException {
		assertThat(Files.size(README)).isLessThanOrEqualTo(MOST_BYTES_OF_README);
	}

	@Test
	void everyChapterIsFoundFromTheReadme() throws IOException {
		String readme = Files.readString(README);

		assertThat(chapters()).isNotEmpty()
			.allSatisfy((chapter) -> assertThat(readme).contains("](" + chapter.toString().replace('\\', '/')));
	}

	@Test
	void everyLinkLeadsSomewhere() throws IOException {
		List<Path> texts = new ArrayList<>(chapters());
		texts.add(README);

		List<String> broken = new ArrayList<>();
		for (Path text : texts) {
			for (String link : matches(LINK, Files.readString(text))) {
				if (!link.startsWith("https://") && !isThere(text, link)) {
					broken.add(link + " in " + text);
				}
			}
		}

		assertThat(broken).isEmpty();
	}

	@Test
	void everyTestThatAChapterNamesIsThere() throws IOException {
		List<String> tests = names(Path.of("src/test/java"));

		assertThat(chapters()).allSatisfy((chapter) -> assertThat(matches(TEST, Files.readString(chapter)))
			.allSatisfy((test) -> assertThat(tests).contains(test + ".java")));
	}

	private static boolean isThere(Path text, String link) throws IOException {
		String[] parts = link.split("#", 2);
		Path folder = text.toAbsolutePath().getParent();
		Path target = parts[0].isEmpty() ? text : folder.resolve(parts[0]).normalize();
		return Files.exists(target) && (parts.length == 1 || matches(HEADING, Files.readString(target)).stream()
			.map(ChaptersTest::anchor)
			.anyMatch(URLDecoder.decode(parts[1], StandardCharsets.UTF_8)::equals));
	}

	// As git hosts make them.
	private static String anchor(String heading) {
		return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
	}

	private static List<String> matches(Pattern pattern, String text) {
		return pattern.matcher(text).results().map((MatchResult match) -> match.group(1)).toList();
	}

	private static List<Path> chapters() throws IOException {
		try (Stream<Path> files = Files.list(CHAPTERS)) {
			return files.filter((file) -> file.toString().endsWith(".md")).toList();
		}
	}

	private static List<String> names(Path folder) {
		try (Stream<Path> files = Files.walk(folder)) {
			return files.map((file) -> file.getFileName().toString()).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
