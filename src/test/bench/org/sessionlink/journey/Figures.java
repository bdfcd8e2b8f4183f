package org.sessionlink.journey;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

import org.openjdk.jmh.Main;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.FakeSession;
import org.sessionlink.link.Home;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.LinkThreads;
import org.sessionlink.link.Links;

/**
 * Prints what the link costs and how late its end is, on each container of the system
 * property {@code it.containers}. It asserts nothing: the figures are to be read.
 */
public final class Figures {

	private static final int SOCKETS = 1000;

	private static final int ROUNDS = 10;

	// For more sockets under one session than anyone has tabs.
	private static final String NO_LIMITS = "sessionlink.limits.sockets-per-link=0\n"
			+ "sessionlink.limits.frames-per-second=0\n";

	private Figures() {
	}

	/** Prints all figures. */
	public static void main(String[] arguments) throws Exception {
		heapPerLink();
		for (String name : System.getProperty("it.containers", "jetty,tomcat").split(",")) {
			try (Container container = Container.start(name)) {
				container.deploy(War.withSettings("sessionlink.session-timeout=5s"), "life");
				container.deploy(War.withSettings(NO_LIMITS), "many");
				lateness(container);
				massClose(container);
				heapPerSocket(container);
			}
		}
		Main.main(new String[] { "GuardBenchmark" });
		System.exit(0);
	}

	private static void lateness(Container container) {
		List<Duration> late = new ArrayList<>();
		for (int round = 0; round < 3; round++) {
			List<Socket> sockets = new ArrayList<>();
			List<Long> starts = new ArrayList<>();
			for (int i = 0; i < 100; i++) {
				Socket socket = new Visitor(container, "life").open("v12.stomp");
				starts.add(System.nanoTime());
				sockets.add(socket.connect());
			}
			for (int i = 0; i < sockets.size(); i++) {
				late.add(sockets.get(i).awaitClose().after(starts.get(i)).minusSeconds(5));
			}
		}
		print(container, "expiry, late by", late);
	}

	private static void massClose(Container container) {
		List<Duration> last = new ArrayList<>();
		for (int round = 0; round < ROUNDS; round++) {
			Visitor visitor = new Visitor(container, "many");
			visitor.change("POST", "/session");
			List<Socket> sockets = IntStream.range(0, SOCKETS).mapToObj((i) -> visitor.connect()).toList();
			long start = System.nanoTime();
			visitor.change("DELETE", "/session");
			last.add(sockets.stream()
				.map((socket) -> socket.awaitClose().after(start))
				.max(Duration::compareTo)
				.orElseThrow());
		}
		print(container, "logout to the last of " + SOCKETS + " sockets closed", last);
	}

	private static void heapPerSocket(Container container) {
		long before = container.heapOf("org.sessionlink.");
		Visitor visitor = new Visitor(container, "many");
		List<Socket> sockets = IntStream.range(0, SOCKETS).mapToObj((i) -> visitor.connect()).toList();
		long after = container.heapOf("org.sessionlink.");
		System.out.printf("%-16s heap of our classes per socket, shallow: %d bytes%n", container,
				(after - before) / sockets.size());
		visitor.change("DELETE", "/session");
	}

	private static void heapPerLink() {
		int count = 100_000;
		try (LinkThreads threads = new LinkThreads()) {
			Links links = new Links(threads, LinkPolicy.DEFAULT);
			Home home = new FakeSession(Duration.ofMinutes(30));
			long before = usedHeap();
			List<Link> opened = new ArrayList<>(count);
			for (int i = 0; i < count; i++) {
				opened.add(links.open(String.format("%032x", i), String.format("%032X", i), home));
			}
			long after = usedHeap();
			System.out.printf("heap per link, with key, id, timer and entry: %d bytes%n", (after - before) / count);
			opened.forEach((link) -> link.end(EndCause.ENDED));
		}
	}

	private static long usedHeap() {
		for (int i = 0; i < 5; i++) {
			System.gc();
		}
		return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
	}

	private static void print(Container container, String what, List<Duration> durations) {
		List<Duration> sorted = new ArrayList<>(durations);
		Collections.sort(sorted);
		System.out.printf("%-16s %s: p50 %d ms, p99 %d ms, most %d ms (of %d)%n", container, what,
				sorted.get(sorted.size() / 2).toMillis(), sorted.get(sorted.size() * 99 / 100).toMillis(),
				sorted.get(sorted.size() - 1).toMillis(), sorted.size());
	}

}
