package org.sessionlink.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
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
 * A WAR to deploy: the one that the build made, or one made from its parts, which is a
 * folder and shares with others what is the same. What is asked for twice is made once.
 */
record War(Path path) {

	private static final War UNDER_TEST = new War(Path.of(System.getProperty("it.war", "target/sessionlink.war")));

	private static final Map<String, String> PACKED = Map.of("create", "true", "compressionMethod", "STORED");

	private static final Map<List<?>, War> made = new ConcurrentHashMap<>();

	/** Returns the WAR that the build made, byte for byte. */
	static War underTest() {
		return UNDER_TEST;
	}

	/** Puts a copy here: a folder, where that is what it is. */
	void placeAt(Path copy) throws IOException {
		if (Files.isDirectory(this.path)) {
			link(this.path, copy);
		}
		else {
			Files.copy(this.path, copy, StandardCopyOption.REPLACE_EXISTING);
		}
	}

	/** Puts a copy here that is one file. */
	void packAt(Path copy) throws IOException {
		if (!Files.isDirectory(this.path)) {
			placeAt(copy);
			return;
		}
		Files.deleteIfExists(copy);
		try (FileSystem zip = FileSystems.newFileSystem(copy, PACKED)) {
			copyTree(this.path, zip.getPath("/"), Files::copy);
		}
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
				write(root.resolve(file.getKey()), file.getValue());
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
		return copy(this, List.of("and", this, path, content), (root) -> write(root.resolve(path), content));
	}

	/** Returns another application of several packages. */
	static War embedding(List<Package> application, String properties) {
		return copy(List.of("embedding", application, properties), (root) -> {
			replaceApplication(root, application);
			Path jar = Path.of(underTest().path().toString().replace(".war", "-classes.jar"));
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
			Path copy = folder().resolve("war");
			(original.equals(UNDER_TEST) ? Unpacked.WAR : original).placeAt(copy);
			change.apply(copy);
			return new War(copy);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static War unpack(War war) {
		try (FileSystem zip = FileSystems.newFileSystem(war.path())) {
			Path copy = folder().resolve("war");
			copyTree(zip.getPath("/"), copy, Files::copy);
			return new War(copy);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Path folder() throws IOException {
		return Files.createTempDirectory(Files.createDirectories(Path.of("target", "journey")), "war");
	}

	private static void link(Path from, Path to) throws IOException {
		copyTree(from, to, (original, copy) -> {
			try {
				Files.createLink(copy, original);
			}
			catch (UnsupportedOperationException | FileSystemException ex) {
				// Some file systems have no links.
				Files.copy(original, copy);
			}
		});
	}

	private static void copyTree(Path from, Path to, CopyOfFile how) throws IOException {
		try (Stream<Path> paths = Files.walk(from)) {
			for (Path path : (Iterable<Path>) paths::iterator) {
				Path copy = to.resolve(from.relativize(path).toString());
				if (Files.isDirectory(path)) {
					Files.createDirectories(copy);
				}
				else {
					how.copy(path, copy);
				}
			}
		}
	}

	// Never into a file that is there, which others share.
	private static void write(Path file, String content) throws IOException {
		Files.deleteIfExists(file);
		Files.writeString(file, content, StandardCharsets.UTF_8);
	}

	private static void writeSettings(Path root, String properties) throws IOException {
		write(root.resolve("WEB-INF/classes/sessionlink.properties"), properties);
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

	@FunctionalInterface
	private interface CopyOfFile {

		void copy(Path original, Path copy) throws IOException;

	}

	/** What the others are made from. */
	private static final class Unpacked {

		static final War WAR = unpack(UNDER_TEST);

	}

}
