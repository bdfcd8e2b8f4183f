package org.sessionlink.journey;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * B31, B51 and B52 on several nodes: what is missed at one comes at another, whatever
 * happens to the nodes, and to the way between them.
 */
@OnFaultyNodes
@InPhase(Phase.TIME)
class NodesHistoryIT {

	private final Nodes nodes;

	NodesHistoryIT(Nodes nodes) {
		this.nodes = nodes;
	}

	/** Waits until all is well again, for whoever is next. */
	@AfterEach
	void awaitReadiness() {
		this.nodes.awaitReadiness();
	}

	@Test
	void whatIsMissedAtOneNodeComesAtAnotherOnceAndInOrder() {
		Roamer visitor = this.nodes.roamer(Nodes.KEPT);
		visitor.first().get("/colour?value=green");
		Socket broken = visitor.first().connect();
		String[] position = resume(broken, "/topic/kept/chat", "*").header("resume").split("\\\\c");
		visitor.everywhere().forEach((each) -> publish(each, "/topic/kept/chat", "seen"));
		long cursor = offsets(broken, this.nodes.size()).get(this.nodes.size() - 1);
		broken.drop();
		visitor.everywhere().forEach((each) -> publish(each, "/topic/kept/chat", "missed"));

		Socket back = visitor.last().connect();
		Frame receipt = resume(back, "/topic/kept/chat", position[0] + "\\c" + cursor);
		publish(visitor.first(), "/topic/kept/chat", "new");

		assertThat(receipt.header("recovered")).isEqualTo("true");
		assertThat(offsets(back, this.nodes.size() + 1))
			.isEqualTo(LongStream.rangeClosed(cursor + 1, cursor + this.nodes.size() + 1).boxed().toList());
		assertThat(back.rest()).isEmpty();
	}

	@Test
	void whatAUserIsToldIsKeptForThemAtAllNodes() {
		Roamer visitor = this.nodes.roamer(Nodes.KEPT);
		visitor.first().get("/be?name=uma");
		Socket broken = visitor.first().connect();
		String position = resume(broken, "/user/queue/me", "*").header("resume");
		broken.drop();
		visitor.everywhere().forEach((each) -> each.get("/tell?name=uma&text=hello"));

		Socket back = visitor.last().connect();
		Frame receipt = resume(back, "/user/queue/me", position);

		assertThat(receipt.header("recovered")).isEqualTo("true");
		for (int i = 0; i < this.nodes.size(); i++) {
			assertThat(back.awaitMessage("1").body()).isEqualTo("hello");
		}
		visitor.first().get("/tell?name=uma&text=now");
		assertThat(back.awaitMessage("1").body()).isEqualTo("now");
	}

	@Test
	void whoSubscribesGetsTheLastMessageWhereverThatWasPublished() {
		Roamer visitor = this.nodes.roamer(Nodes.KEPT);
		visitor.first().get("/colour?value=green");
		publish(visitor.first(), "/topic/last/price", "1");
		publish(visitor.first(), "/topic/last/price", "2");

		Frame last = visitor.last().connect().subscribe("1", "/topic/last/price").awaitMessage("1");

		assertThat(last.body()).isEqualTo("2");
		assertThat(last.header("replay")).isEqualTo("last");
	}

	@Test
	void whatIsSentAgainOverAnotherNodeTakesEffectOnce() {
		Roamer visitor = this.nodes.roamer(Nodes.KEPT);
		visitor.first().get("/colour?value=green");
		Socket reader = visitor.first().connect();
		reader.send("SUBSCRIBE\nid:1\ndestination:/topic/kept/once\nreceipt:sub\n\n\0").await("RECEIPT");
		String send = "SEND\ndestination:/topic/kept/once\nmessage-id:mine\nreceipt:r\n\nonce\0";
		visitor.first().connect().send(send).await("RECEIPT");

		visitor.last().connect().send(send).await("RECEIPT");
		publish(visitor.last(), "/topic/kept/once", "end");

		assertThat(reader.awaitMessage("1").body()).isEqualTo("once");
		assertThat(reader.awaitMessage("1").body()).isEqualTo("end");
	}

	@Test
	void whatIsPublishedWhileANodeIsKilledIsNotLost() throws Exception {
		Roamer visitor = this.nodes.roamer(Nodes.KEPT);
		visitor.last().get("/colour?value=green");
		Socket broken = visitor.first().connect();
		String[] position = resume(broken, "/topic/kept/load", "*").header("resume").split("\\\\c");
		long first = Long.parseLong(position[1]);
		List<Long> got = new ArrayList<>();
		try (Load load = new Load(visitor.last(), "/topic/kept/load")) {
			got.addAll(offsets(broken, 50));
			this.nodes.container(0).kill();
			try {
				got.addAll(rest(broken));
				Socket back = visitor.last().connect();
				Frame receipt = resume(back, "/topic/kept/load", position[0] + "\\c" + got.get(got.size() - 1));
				assertThat(receipt.header("recovered")).isEqualTo("true");
				got.addAll(offsets(back, load.more(50)));
			}
			finally {
				this.nodes.container(0).start();
			}
		}

		assertThat(got).isEqualTo(LongStream.rangeClosed(first + 1, first + got.size()).boxed().toList());
	}

	private static List<Long> rest(Socket broken) {
		assertThat(broken.awaitEnd()).isIn("reset", "1006 ");
		return broken.rest()
			.stream()
			.filter((frame) -> "1".equals(frame.header("subscription")))
			.map(NodesHistoryIT::offset)
			.toList();
	}

	@Test
	void whatIsPublishedWhileNewsAreLostIsNotLost() throws Exception {
		Roamer visitor = this.nodes.roamer(Nodes.KEPT);
		visitor.first().get("/colour?value=green");
		Socket hears = visitor.last().connect();
		hears.subscribe("session", "/user/queue/session");
		long first = Long.parseLong(resume(hears, "/topic/kept/news", "*").header("resume").split("\\\\c")[1]);
		int all;
		try (Load load = new Load(visitor.first(), "/topic/kept/news")) {
			load.more(20);
			this.nodes.redis().command("CLIENT", "KILL", "TYPE", "pubsub");
			load.more(20);
			this.nodes.cable(this.nodes.last()).lose(true);
			load.more(20);
			this.nodes.cable(this.nodes.last()).lose(false);
			all = load.more(20);
		}
		finally {
			this.nodes.cable(this.nodes.last()).lose(false);
		}

		assertThat(offsets(hears, all)).isEqualTo(LongStream.rangeClosed(first + 1, first + all).boxed().toList());
		assertThat(hears.rest()).noneMatch((frame) -> frame.body().contains("GAP"));
	}

	@Test
	void aRedisThatComesBackEmptyIsAGapAndTold() throws IOException {
		Roamer visitor = this.nodes.roamer(Nodes.KEPT);
		visitor.first().get("/colour?value=green");
		Socket hears = visitor.last().connect();
		hears.subscribe("session", "/user/queue/session");
		String position = resume(hears, "/topic/kept/empty", "*").header("resume");
		publish(visitor.first(), "/topic/kept/empty", "before");
		assertThat(hears.awaitMessage("1").body()).isEqualTo("before");

		this.nodes.redis().command("FLUSHALL");
		Frame gap = hears.awaitMessage("session", "GAP");

		assertThat(gap.body()).contains("/topic/kept/empty");
		Roamer other = this.nodes.roamer(Nodes.KEPT);
		other.first().get("/colour?value=green");
		publish(other.first(), "/topic/kept/empty", "after");
		assertThat(hears.awaitMessage("1").body()).isEqualTo("after");
		assertThat(resume(other.first().connect(), "/topic/kept/empty", position).header("recovered"))
			.isEqualTo("false");
	}

	/** Somebody who sends, each once the one before is kept. */
	private static final class Load implements AutoCloseable {

		private final AtomicBoolean stop = new AtomicBoolean();

		private final AtomicInteger kept = new AtomicInteger();

		private final Thread thread;

		Load(Visitor at, String destination) {
			Socket socket = at.connect();
			socket.subscribe("e", "/user/queue/errors");
			this.thread = new Thread(() -> {
				while (!this.stop.get()) {
					socket.send("SEND\ndestination:" + destination + "\nreceipt:r\n\nx\0");
					// What is refused has no receipt.
					if (socket.next().command().equals("RECEIPT")) {
						this.kept.incrementAndGet();
					}
				}
			});
			this.thread.start();
		}

		/** Waits until so many more are kept, and returns how many are. */
		int more(int count) {
			int before = this.kept.get();
			await().until(() -> this.kept.get() >= before + count);
			return this.kept.get();
		}

		@Override
		public void close() {
			this.stop.set(true);
			await().until(() -> !this.thread.isAlive());
		}

	}

	private static void publish(Visitor at, String destination, String text) {
		at.connect().send("SEND\ndestination:" + destination + "\nreceipt:sent\n\n" + text + "\0").await("RECEIPT");
	}

	private static List<Long> offsets(Socket socket, int count) {
		List<Long> offsets = new ArrayList<>();
		while (offsets.size() < count) {
			offsets.add(offset(socket.awaitMessage("1")));
		}
		return offsets;
	}

	private static long offset(Frame frame) {
		return Long.parseLong(frame.header("offset"));
	}

	// Headers are as they are on the wire here, escapes and all.
	private static Frame resume(Socket socket, String destination, String position) {
		return socket
			.send("SUBSCRIBE\nid:1\ndestination:" + destination + "\nreceipt:sub\nresume:" + position + "\n\n\0")
			.await("RECEIPT");
	}

}
