package org.sessionlink.journey;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The containers that test classes share. Each is started by the first who asks for it,
 * and ends with the tests.
 */
final class SharedContainers {

	private static final List<String> NAMES = List.of(System.getProperty("it.containers", "jetty,tomcat").split(","));

	private static final Map<String, CompletableFuture<Container>> started = new ConcurrentHashMap<>();

	private SharedContainers() {
	}

	/** Returns the names of {@code it.containers}. */
	static List<String> names() {
		return NAMES;
	}

	/** Returns the container where journeys run beside each other. */
	static Container busy(String name) {
		return busy().get(NAMES.indexOf(name));
	}

	/** Returns the container where nothing happens but what one test does. */
	static Container quiet(String name) {
		return started("quiet " + name, () -> Container.start(name)).join();
	}

	/** Deploys a WAR in all busy containers, see {@link #deploy(Map)}. */
	static void deploy(War war, String context) {
		deploy(Map.of(context, war));
	}

	/**
	 * Deploys WARs in all busy containers, each under its context, for good, and for all
	 * who ask for the same. Waits until everything that anybody has asked for serves
	 * requests: a machine that deploys is too busy for journeys.
	 */
	static void deploy(Map<String, War> wars) {
		List<Container> busy = busy();
		busy.forEach((container) -> wars.forEach(container::placeOnce));
		busy.forEach(Container::awaitPlaced);
	}

	// All start at once.
	private static List<Container> busy() {
		return NAMES.stream()
			.map((name) -> started(name, () -> Container.startLight(name)))
			.toList()
			.stream()
			.map(CompletableFuture::join)
			.toList();
	}

	private static CompletableFuture<Container> started(String key, Supplier<Container> start) {
		return started.computeIfAbsent(key,
				(first) -> CompletableFuture.supplyAsync(start, (task) -> new Thread(task).start()));
	}

}
