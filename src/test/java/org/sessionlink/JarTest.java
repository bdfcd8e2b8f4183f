package org.sessionlink;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import javax.xml.parsers.DocumentBuilderFactory;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

/** What others get with the jar: what it needs, and nothing of the greeting's. */
@AnalyzeClasses(packages = "org.sessionlink", importOptions = DoNotIncludeTests.class)
class JarTest {

	private static final Path POM = Path.of("target/jar/pom.xml");

	@ArchTest
	static final ArchRule theJarUsesWhatItsPomNames = classes().that()
		.resideOutsideOfPackage("org.sessionlink.app..")
		.should()
		.onlyDependOnClassesThat()
		.resideInAnyPackage("java..", "javax.crypto..", "javax.management..", "javax.net.ssl..", "javax.xml.stream..",
				"jakarta.servlet..", "jakarta.websocket..", "org.sessionlink..", "org.springframework..", "org.slf4j..",
				"org.jspecify..", "tools.jackson..", "io.lettuce..", "io.netty..",
				// What is counted; of Prometheus's own classes none is used.
				"io.micrometer..",
				// By way of Spring and of Jackson.
				"org.apache.commons.logging..", "org.aopalliance..", "com.fasterxml.jackson.annotation..");

	@ArchTest
	static void itsPomNamesWhatItUsesAndLeavesSpringSecurityToTheApplication(JavaClasses classes) throws Exception {
		Document pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(POM.toFile());

		assertThat(dependencies(pom)).containsExactly("spring-webmvc", "spring-websocket", "spring-messaging",
				"jackson-databind", "jspecify", "slf4j-api", "spring-security-web, optional",
				"spring-security-messaging, optional", "micrometer-core, optional",
				"micrometer-registry-prometheus, optional", "spring-session-core, optional", "lettuce-core, optional");
		assertThat(pom.getDocumentElement().getTextContent()).contains("sessionlink-classes").doesNotContain("@", "${");
	}

	private static List<String> dependencies(Document pom) {
		NodeList elements = pom.getElementsByTagName("dependency");
		List<String> names = new ArrayList<>();
		for (int i = 0; i < elements.getLength(); i++) {
			Element dependency = (Element) elements.item(i);
			boolean optional = dependency.getElementsByTagName("optional").getLength() > 0;
			names.add(dependency.getElementsByTagName("artifactId").item(0).getTextContent()
					+ (optional ? ", optional" : ""));
		}
		return names;
	}

}
