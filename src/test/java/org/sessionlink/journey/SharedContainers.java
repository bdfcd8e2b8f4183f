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

	// Each is started once, by the first who asks.
	private static final Map<String, CompletableFuture<Container>> busy = new ConcurrentHashMap<>();

	private static final Map<String, CompletableFuture<Container>> quiet = new ConcurrentHashMap<>();

	private SharedContainers() {
	}

	/** Returns the container where journeys run beside each other. */
	static Container busy(String name) {
		return starting(name).join();
	}

	/** Returns the container where nothing happens but what one test does. */
	static Container quiet(String name) {
		return quiet.computeIfAbsent(name, (first) -> inBackground(() -> Container.startQuiet(name))).join();
	}

	/** Deploys a WAR for a test class, see {@link #deploy(Class, Map)}. */
	static void deploy(Class<?> tests, War war, String context) {
		deploy(tests, Map.of(context, war));
	}

	/**
	 * Deploys WARs for a test class in the busy containers that are its share, each under
	 * its context, for good, and for all who ask for the same. Waits until everything
	 * that anybody has asked for serves requests: a machine that deploys is too busy for
	 * journeys.
	 */
	static void deploy(Class<?> tests, Map<String, War> wars) {
		// All start at once.
		List<CompletableFuture<Container>> share = Share.of(tests).stream().map(SharedContainers::starting).toList();
		share.stream().map(CompletableFuture::join).forEach((container) -> wars.forEach(container::placeOnce));
		busy.values().stream().map(CompletableFuture::join).forEach(Container::awaitPlaced);
	}

	private static CompletableFuture<Container> starting(String name) {
		return busy.computeIfAbsent(name, (first) -> inBackground(() -> Container.startLight(name)));
	}

	private static CompletableFuture<Container> inBackground(Supplier<Container> start) {
		return CompletableFuture.supplyAsync(start, (task) -> new Thread(task).start());
	}

}
