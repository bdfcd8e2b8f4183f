package org.sessionlink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.type.MethodMetadata;
import org.springframework.core.type.classreading.CachingMetadataReaderFactory;
import org.springframework.core.type.classreading.MetadataReaderFactory;

import static org.assertj.core.api.Assertions.assertThat;

/** B39: the table of what differs on purpose says what tests show, row by row. */
class DifferencesTest {

	private static final Path CHAPTER = Path.of("src/site/markdown/embedding.md");

	private static final String HEADING = "## What differs on purpose";

	private static final List<MethodMetadata> showing = new ArrayList<>();

	@BeforeAll
	static void findWhatShowsDifferences() throws IOException {
		MetadataReaderFactory readers = new CachingMetadataReaderFactory();
		for (Resource file : new PathMatchingResourcePatternResolver()
			.getResources("classpath*:org/sessionlink/**/*.class")) {
			showing.addAll(readers.getMetadataReader(file)
				.getAnnotationMetadata()
				.getAnnotatedMethods(OnPurpose.class.getName()));
		}
	}

	@Test
	void everyRowIsShownByATestAndEveryDifferenceHasItsRow() throws IOException {
		Set<String> shown = showing.stream()
			.flatMap((method) -> Stream.of(method.getAnnotations().get(OnPurpose.class).getStringArray("value")))
			.collect(Collectors.toSet());

		List<String> rows = rows().stream().map((cells) -> cells.get(0)).toList();

		assertThat(rows).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(shown);
	}

	@Test
	void whatShowsADifferenceIsATest() {
		assertThat(showing).isNotEmpty()
			.allSatisfy((method) -> assertThat(method.isAnnotated(Testable.class.getName()))
				.as(method.getDeclaringClassName() + "." + method.getMethodName())
				.isTrue());
	}

	@Test
	void everyRowSaysWhatSpringDoesWhatSessionLinkDoesAndWhy() throws IOException {
		assertThat(rows()).isNotEmpty().allSatisfy((cells) -> assertThat(cells).hasSize(3).doesNotContain(""));
	}

	private static List<List<String>> rows() throws IOException {
		return Files.readString(CHAPTER)
			.lines()
			.dropWhile((line) -> !line.equals(HEADING))
			.dropWhile((line) -> !line.startsWith("|"))
			.takeWhile((line) -> line.startsWith("|"))
			.skip(2)
			.map((line) -> Stream.of(line.substring(1, line.length() - 1).split("\\|")).map(String::strip).toList())
			.toList();
	}

}
