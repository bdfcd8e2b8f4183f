package org.sessionlink.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import static org.awaitility.Awaitility.await;

/**
 * A real servlet container from its own distribution: a process on free ports of
 * 127.0.0.1, run by the JDK of the tests, with a base folder of its own.
 *
 * <p>
 * The WAR under test is at {@code /sessionlink} from the start; others come and go by the
 * container's own hot deployment.
 */
abstract class Container implements AutoCloseable {

	private static final Duration LONGEST_SILENCE = Duration.ofMinutes(5);

	private static final HttpClient client = HttpClient.newHttpClient();

	private static final int FIRST_PORT = 20_000;

	private static final int PORTS = 10_000;

	private static final AtomicInteger nextPort = new AtomicInteger(ThreadLocalRandom.current().nextInt(PORTS));

	private final String name;

	private final Path home;

	private final Path base;

	private final int port;

	private final ContainerJvm jvm = new ContainerJvm();

	private final Map<String, War> placed = new ConcurrentHashMap<>();

	private static final List<String> COMPILES_LITTLE = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

	// Classes are verified in those that live longer.
	private static final List<String> SHORT_LIFE = Stream
		.concat(COMPILES_LITTLE.stream(),
				Stream.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote"))
		.toList();

	private List<String> jvmOptions = List.of();

	private List<String> wrapper = List.of();

	private String heap = "512m";

	private boolean light;

	Container(String name, String homePrefix) {
		this.name = name;
		this.home = homeOf(homePrefix);
		this.port = freePort();
		try {
			Path all = Files.createDirectories(Path.of("target", "journey").toAbsolutePath());
			this.base = Files.createTempDirectory(all, name + "-");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Returns the container with the WAR under test that all test classes share, at the
	 * same time.
	 */
	static Container shared(String name) {
		return SharedContainers.busy(name);
	}

	/** Starts a container with the WAR under test; close it. */
	static Container start(String name) {
		return start(named(name));
	}

	/** Starts one that compiles little; close it. */
	static Container startQuiet(String name) {
		Container container = named(name);
		container.jvmOptions = COMPILES_LITTLE;
		return start(container);
	}

	/**
	 * Starts a container with the WAR under test and at most so much heap, such as
	 * {@code 1g}; close it.
	 */
	static Container start(String name, String heap) {
		Container container = named(name);
		container.heap = heap;
		return start(container);
	}

	/**
	 * Starts a container for short tests: it compiles little, has room for many
	 * applications, does not stop to collect the garbage of deploying them, and looks for
	 * initializers in few of their libraries; close it.
	 */
	static Container startLight(String name) {
		return startLight(name, Map.of("sessionlink", War.underTest()));
	}

	/** Starts one with these WARs alone, by their contexts; close it. */
	static Container startLight(String name, Map<String, War> wars) {
		Container container = named(name);
		// WildFly keeps an index of all classes of each, and gave up at 1 GB.
		boolean large = name.startsWith("wildfly");
		container.light = true;
		container.heap = large ? "4g" : "1g";
		// WildFly Preview looks for Java EE 8 in each WAR, for six seconds: elsewhere.
		container.jvmOptions = Stream.concat(SHORT_LIFE.stream(),
				Stream.of("-Xms" + container.heap, "-Xmn400m", "-XX:MetaspaceSize=" + (large ? "2g" : "768m"),
						// That of one who compiles little is filled by so many
						// applications.
						"-XX:ReservedCodeCacheSize=240m", "-Dorg.wildfly.unsupported.skip.jakarta.transformer=true"))
			.toList();
		return start(container, wars);
	}

	/**
	 * Starts one of several nodes, with these WARs by their contexts, one of which is
	 * {@code sessionlink}, for short tests too, with further options of its JVM, whose
	 * clock is ahead of the machine's by so much; close it.
	 */
	static Container startNode(String name, Map<String, War> wars, List<String> jvmOptions, Duration ahead) {
		Container container = named(name);
		if (!ahead.isZero()) {
			// The time of day alone: timers are the machine's.
			container.wrapper = List.of("env", "LD_PRELOAD=/usr/$LIB/faketime/libfaketime.so.1",
					"FAKETIME=+" + ahead.toSeconds() + "s", "FAKETIME_DONT_FAKE_MONOTONIC=1",
					"FAKETIME_FORCE_MONOTONIC_FIX=0");
		}
		container.light = true;
		container.heap = "1g";
		container.jvmOptions = Stream
			.concat(SHORT_LIFE.stream(), Stream.concat(Stream.of("-XX:MetaspaceSize=512m"), jvmOptions.stream()))
			.toList();
		return start(container, wars);
	}

	private static Container named(String name) {
		return switch (name) {
			case "jetty" -> new JettyContainer(name);
			case "tomcat" -> new TomcatContainer(name);
			case "wildfly39" -> new WildFlyContainer(name, "wildfly-3");
			case "wildfly-preview" -> new WildFlyContainer(name, "wildfly-preview-");
			default -> throw new IllegalArgumentException(
					"it.containers names " + name + ": use jetty, tomcat, wildfly39, wildfly-preview");
		};
	}

	private static Container start(Container container) {
		return start(container, Map.of("sessionlink", War.underTest()));
	}

	private static Container start(Container container, Map<String, War> wars) {
		Runtime.getRuntime().addShutdownHook(new Thread(container::kill));
		try {
			container.prepare();
			wars.forEach(container::placeOnce);
			container.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return container;
	}

	/** Returns whether an application can have it stop reading a socket for a while. */
	final boolean stopsReading() {
		return !this.name.equals("jetty");
	}

	/** Returns whether a folder is deployed as a WAR is. */
	boolean takesFolders() {
		return this.light;
	}

	/** Fills the base folder. */
	abstract void prepare() throws IOException;

	/** Returns the command that runs the container in the foreground. */
	abstract List<String> command();

	/** Returns the folder that the container deploys WARs from, in the base folder. */
	abstract Path deployments();

	/** Starts the process again, on the same port and with the same WARs. */
	final void start() throws IOException {
		this.jvm.start(Stream.concat(this.wrapper.stream(), command().stream()).toList(), this.base, logFile());
		awaitPlaced();
	}

	/** Hands a WAR to the container unless it has it, and does not wait. */
	final void placeOnce(String context, War war) {
		War before = this.placed.putIfAbsent(context, war);
		if (before == null) {
			place(war, context);
		}
		else if (!before.equals(war)) {
			throw new IllegalStateException("Another WAR is at " + context + ": choose another context.");
		}
	}

	/** Waits until all that {@link #placeOnce} was given serves requests. */
	final void awaitPlaced() {
		this.placed.keySet().forEach(this::awaitAnswer);
	}

	/** Deploys a WAR beside the others, and waits until it serves requests. */
	final void deploy(War war, String context) {
		place(war, context);
		awaitAnswer(context);
	}

	/** Hands a WAR to the container, and does not wait. */
	final void place(War war, String context) {
		try {
			// Moved in one step: a scanner must never see half a WAR.
			Path copy = this.base.resolve(context + ".copy");
			boolean folder = takesFolders() && Files.isDirectory(war.path());
			if (folder) {
				war.placeAt(copy);
			}
			else {
				war.packAt(copy);
			}
			Files.move(copy, deployments().resolve(folder ? context : context + ".war"),
					StandardCopyOption.ATOMIC_MOVE);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Undeploys a WAR, and waits until it is gone. */
	final void undeploy(String context) {
		try {
			Path file = deployments().resolve(context + ".war");
			Path there = Files.exists(file) ? file : deployments().resolve(context);
			Files.move(there, Files.createTempDirectory(this.base, "undeployed").resolve("war"),
					StandardCopyOption.ATOMIC_MOVE);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		await("undeployment of " + context).atMost(Duration.ofSeconds(60)).until(() -> status(context) == 404);
	}

	/** Returns the URL of a path of a deployed WAR. */
	final URI url(String context, String path) {
		return URI.create("http://127.0.0.1:" + this.port + "/" + context + path);
	}

	/** Returns all that the container and its WARs have written so far. */
	final String log() {
		try {
			return Files.readString(logFile(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Returns how many objects of a class live, after a full collection of garbage. */
	final long liveObjects(String className) {
		forgetLastConnection();
		return this.jvm.liveObjects(className);
	}

	/**
	 * Returns the bytes of all objects whose class name starts so, after a full
	 * collection of garbage.
	 */
	final long heapOf(String prefix) {
		forgetLastConnection();
		return this.jvm.heapOf(prefix);
	}

	// A selector keeps the connection that it served last on its stack: be that one, for
	// each of them.
	private void forgetLastConnection() {
		String request = "GET /sessionlink/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
		for (int i = 0; i < 16; i++) {
			try (java.net.Socket fresh = new java.net.Socket(InetAddress.getLoopbackAddress(), this.port)) {
				fresh.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
				fresh.getInputStream().readAllBytes();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	/** Returns the JVM that the container runs in. */
	final ContainerJvm jvm() {
		return this.jvm;
	}

	/** Asks the process to end, and waits until it has. */
	final void stop() {
		this.jvm.stop();
	}

	/** Ends the process as a power cut would. */
	final void kill() {
		this.jvm.kill();
	}

	@Override
	public final void close() {
		kill();
	}

	@Override
	public final String toString() {
		return this.name;
	}

	final Path home() {
		return this.home;
	}

	final Path base() {
		return this.base;
	}

	/** Returns whether it is for short tests. */
	final boolean isLight() {
		return this.light;
	}

	final int port() {
		return this.port;
	}

	/** Returns the options of the container's JVM. */
	final List<String> jvmOptions() {
		return Stream.concat(Stream.of("-Xmx" + this.heap), this.jvmOptions.stream()).toList();
	}

	/** Returns the command that runs the JDK of the tests with these arguments. */
	final List<String> java(String... arguments) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(jvmOptions());
		command.addAll(List.of(arguments));
		return command;
	}

	/**
	 * Returns a port that nobody has, nor gets: it is none of those that systems give to
	 * clients, one of which could take it before the container does.
	 */
	static int freePort() {
		return IntStream.generate(() -> FIRST_PORT + Math.floorMod(nextPort.getAndIncrement(), PORTS))
			.limit(PORTS)
			.filter(Container::isFree)
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("No port is free: end what listens on 127.0.0.1."));
	}

	private static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
			return socket.isBound();
		}
		catch (BindException ex) {
			return false;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static void copyFolder(Path from, Path to) throws IOException {
		try (Stream<Path> files = Files.walk(from)) {
			for (Path file : (Iterable<Path>) files::iterator) {
				Path target = to.resolve(from.relativize(file).toString());
				if (Files.isDirectory(file)) {
					Files.createDirectories(target);
				}
				else {
					Files.copy(file, target);
				}
			}
		}
	}

	private Path logFile() {
		return this.base.resolve("console.log");
	}

	/** Waits until a WAR serves requests. */
	private void awaitAnswer(String context) {
		Instant start = Instant.now();
		await("answer of " + context + " on " + this.name + ", see " + logFile()).atMost(Duration.ofMinutes(10))
			.pollInterval(Duration.ofMillis(500))
			.failFast("the container stopped, or does nothing, see " + logFile(),
					() -> !this.jvm.isAlive() || isSilentSince(start))
			.until(() -> status(context) == 200);
	}

	// Where many are deployed, one after another, each says so.
	private boolean isSilentSince(Instant start) throws IOException {
		Instant logged = Files.getLastModifiedTime(logFile()).toInstant();
		Instant last = logged.isAfter(start) ? logged : start;
		return last.plus(LONGEST_SILENCE).isBefore(Instant.now());
	}

	/** Returns the status of the context's root, or 0 where nobody answers. */
	final int status(String context) {
		try {
			HttpRequest request = HttpRequest.newBuilder(url(context, "/")).timeout(Duration.ofSeconds(10)).build();
			return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
		}
		catch (IOException ex) {
			return 0;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Path homeOf(String prefix) {
		Path homes = Path.of(System.getProperty("it.homes", "target/containers")).toAbsolutePath();
		try (Stream<Path> found = Files.list(homes)) {
			return found.filter((path) -> path.getFileName().toString().startsWith(prefix))
				.findAny()
				.orElseThrow(() -> new IllegalStateException("No " + prefix + "* in " + homes));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
