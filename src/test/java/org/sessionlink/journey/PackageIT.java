package org.sessionlink.journey;

import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.StreamSupport;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** What the build makes: the WAR with the list of its parts, and the jar for others. */
class PackageIT {

	private static final Path WAR = Path.of(System.getProperty("it.war", "target/sessionlink.war"));

	private static final String BOM = "META-INF/sbom/sessionlink.cdx.json";

	private static final String LIBRARIES = "WEB-INF/lib/";

	@Test
	void theWarSaysWhatIsInIt() throws IOException {
		try (ZipFile war = new ZipFile(WAR.toFile())) {
			ZipEntry entry = war.getEntry(BOM);
			Needed.that(entry != null, "list of the WAR's parts, which an offline build does not make,");
			JsonNode bom = JsonMapper.shared().readTree(war.getInputStream(entry));

			List<String> listed = StreamSupport.stream(bom.path("components").spliterator(), false)
				.map((part) -> part.path("name").stringValue() + "-" + part.path("version").stringValue() + ".jar")
				.toList();
			assertThat(bom.path("bomFormat").stringValue()).isEqualTo("CycloneDX");
			assertThat(bom.path("metadata").path("component").path("type").stringValue()).isEqualTo("application");
			assertThat(listed).containsExactlyInAnyOrderElementsOf(libraries(war));
		}
	}

	private static List<String> libraries(ZipFile war) {
		return war.stream()
			.map((entry) -> entry.getName())
			.filter((name) -> name.startsWith(LIBRARIES) && name.length() > LIBRARIES.length())
			.map((name) -> name.substring(LIBRARIES.length()))
			.toList();
	}

	@Test
	void theJarForOthersHasAModuleNameAndNothingOfTheGreetings() throws IOException {
		Path path = WAR.resolveSibling("sessionlink-classes.jar");

		assertThat(ModuleFinder.of(path).find("org.sessionlink")).isPresent();
		try (JarFile jar = new JarFile(path.toFile())) {
			assertThat(jar.stream().map((entry) -> entry.getName())).contains("org/sessionlink/EnableSessionLink.class")
				.noneMatch((name) -> name.startsWith("org/sessionlink/app/") || name.equals("logback.xml"));
		}
	}

}
