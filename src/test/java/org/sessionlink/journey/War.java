package org.sessionlink.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A WAR to deploy: the one that the build made, or one made from its parts. What is asked
 * for twice is made once.
 */
record War(Path file) {

	private static final Map<List<?>, War> made = new ConcurrentHashMap<>();

	/** Returns the WAR that the build made, byte for byte. */
	static War underTest() {
		return new War(Path.of(System.getProperty("it.war", "target/sessionlink.war")));
	}

	/** Returns a copy of the WAR under test with settings of its own. */
	static War withSettings(String properties) {
		return copy(List.of("settings", properties), (root) -> writeSettings(root, properties));
	}

	/** Returns a copy of the WAR under test with settings and one more file. */
	static War withSettingsAndFile(String properties, String path, String content) {
		return withSettingsAndFiles(properties, Map.of(path, content));
	}

	/**
	 * Returns a copy of the WAR under test with settings and more files, by their paths.
	 */
	static War withSettingsAndFiles(String properties, Map<String, String> files) {
		return copy(List.of("settings and files", properties, files), (root) -> {
			writeSettings(root, properties);
			for (Map.Entry<String, String> file : files.entrySet()) {
				Files.writeString(root.resolve(file.getKey()), file.getValue(), StandardCharsets.UTF_8);
			}
		});
	}

	/**
	 * Returns a copy of the WAR under test with settings and a package of test classes
	 * more.
	 */
	static War withSettingsAndClasses(String properties, Package more) {
		return copy(List.of("settings and classes", properties, more), (root) -> {
			writeSettings(root, properties);
			copyClasses(root, more.getName().replace('.', '/'));
		});
	}

	/**
	 * Returns another application: the libraries of the WAR under test, SessionLink's jar
	 * for others, a package of test classes, and settings.
	 */
	static War embedding(Package application, String properties) {
		return embedding(List.of(application), properties);
	}

	/** Returns another application from which libraries are missing, by their names. */
	static War embeddingWithout(List<String> libraries, Package application, String properties) {
		War whole = embedding(application, properties);
		return copy(whole, List.of("without", libraries, application, properties), (root) -> {
			for (Path library : list(root.resolve("WEB-INF/lib"))) {
				if (libraries.stream().anyMatch(library.getFileName().toString()::startsWith)) {
					Files.delete(library);
				}
			}
		});
	}

	/** Returns a copy of this one with one more file. */
	War and(String path, String content) {
		return copy(this, List.of("and", this, path, content),
				(root) -> Files.writeString(root.resolve(path), content, StandardCharsets.UTF_8));
	}

	/** Returns another application of several packages. */
	static War embedding(List<Package> application, String properties) {
		return copy(List.of("embedding", application, properties), (root) -> {
			replaceApplication(root, application);
			Path jar = Path.of(underTest().file().toString().replace(".war", "-classes.jar"));
			Files.copy(jar, root.resolve("WEB-INF/lib/sessionlink-classes.jar"));
			writeSettings(root, properties);
		});
	}

	/**
	 * Returns an application without SessionLink: the libraries of the WAR under test and
	 * packages of test classes.
	 */
	static War plain(List<Package> application) {
		return copy(List.of("plain", application), (root) -> replaceApplication(root, application));
	}

	private static void replaceApplication(Path root, List<Package> application) throws IOException {
		deleteFolder(root.resolve("WEB-INF/classes/org"));
		Files.delete(root.resolve("index.html"));
		for (Package part : application) {
			copyClasses(root, part.getName().replace('.', '/'));
		}
	}

	private static void copyClasses(Path root, String folder) throws IOException {
		Path classes = Files.createDirectories(root.resolve("WEB-INF/classes/" + folder));
		for (Path file : list(Path.of("target/test-classes", folder))) {
			Files.copy(file, classes.resolve(file.getFileName().toString()));
		}
	}

	private static List<Path> list(Path folder) throws IOException {
		try (Stream<Path> files = Files.list(folder)) {
			return files.filter(Files::isRegularFile).toList();
		}
	}

	private static War copy(List<?> recipe, Change change) {
		return copy(underTest(), recipe, change);
	}

	private static War copy(War original, List<?> recipe, Change change) {
		return made.computeIfAbsent(recipe, (first) -> copy(original, change));
	}

	private static War copy(War original, Change change) {
		try {
			Path folder = Files.createDirectories(Path.of("target", "journey"));
			Path copy = Files.createTempFile(folder, "variant", ".war");
			Files.copy(original.file(), copy, StandardCopyOption.REPLACE_EXISTING);
			try (FileSystem zip = FileSystems.newFileSystem(copy)) {
				change.apply(zip.getPath("/"));
			}
			return new War(copy);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void writeSettings(Path root, String properties) throws IOException {
		Files.writeString(root.resolve("WEB-INF/classes/sessionlink.properties"), properties, StandardCharsets.UTF_8);
	}

	private static void deleteFolder(Path folder) throws IOException {
		try (Stream<Path> files = Files.walk(folder)) {
			for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
				Files.delete(file);
			}
		}
	}

	@FunctionalInterface
	private interface Change {

		void apply(Path root) throws IOException;

	}

}
