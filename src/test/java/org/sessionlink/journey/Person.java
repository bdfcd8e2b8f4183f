package org.sessionlink.journey;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;

import org.sessionlink.Deadlines;
import org.sessionlink.journey.twin.TwinInitializer;
import org.sessionlink.journey.twin.linked.LinkedInitializer;
import org.sessionlink.journey.twin.plain.PlainInitializer;

/**
 * Somebody at one of the twins: the application that is the same on plain Spring and on
 * SessionLink.
 *
 * @param tag by which the application knows the sockets, the same on both
 */
record Person(Visitor visitor, String tag) {

	private static final AtomicInteger tags = new AtomicInteger();

	/** Deploys the twins, under {@code plain} and {@code linked}, for a test class. */
	static void deploy(Class<?> tests) {
		Package twin = TwinInitializer.class.getPackage();
		SharedContainers.deploy(tests, Map.of("plain", War.plain(List.of(twin, PlainInitializer.class.getPackage())),
				"linked", War.embedding(List.of(twin, LinkedInitializer.class.getPackage()), "")));
	}

	/** Returns one on plain Spring, and one on SessionLink. */
	static List<Person> both(Container container) {
		String tag = "t" + tags.incrementAndGet();
		return Stream.of("plain", "linked").map((context) -> new Person(new Visitor(container, context), tag)).toList();
	}

	/** Returns what is seen on plain Spring, and what on SessionLink. */
	static <T> List<T> onBoth(Container container, Function<Person, T> scenario) {
		return inParallel(both(container), scenario);
	}

	/** Has each do the same at once, and returns what each has seen. */
	static <T> List<T> inParallel(List<Person> people, Function<Person, T> scenario) {
		return people.stream()
			.map((person) -> CompletableFuture.supplyAsync(() -> scenario.apply(person),
					(task) -> new Thread(task).start()))
			.toList()
			.stream()
			.map((seen) -> seen.orTimeout(Deadlines.ANY.toSeconds(), TimeUnit.SECONDS).join())
			.toList();
	}

	boolean isPlain() {
		return this.visitor.url("/").getPath().startsWith("/plain");
	}

	Socket openAt(String endpoint, Map<String, String> headers) {
		return this.visitor.openAt(endpoint + "?tag=" + this.tag, headers, "v12.stomp");
	}

	Socket connectAt(String endpoint, Map<String, String> headers) {
		return openAt(endpoint, headers).connect();
	}

	/** Returns what the application has written down that has this in it. */
	Stream<String> diary(String part) {
		return this.visitor.get("/diary?tag=" + this.tag).body().lines().filter((entry) -> entry.contains(part));
	}

	/** Leaves the names of SessionLink's own out. */
	static String withoutOurs(String names) {
		return names.replaceAll("org\\.sessionlink[.$\\w]*(,? )", "");
	}

	void login(String name) {
		this.visitor.request("POST", "/login?username=" + name + "&password=" + name);
	}

}
