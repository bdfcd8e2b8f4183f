package org.sessionlink.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import org.sessionlink.link.Telling;
import org.sessionlink.watch.Elsewhere.Answers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Questions that a node asks all others, over the channels of Redis. Answers of any
 * length come in pieces; what comes late, or to no question of ours, is dropped.
 *
 * <p>
 * A thread of its own answers, so that whatever a question costs holds up nothing else;
 * questions that it cannot keep up with are dropped. Safe for use by any thread: each
 * question waits by itself, under its own lock.
 */
final class Questions implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Questions.class);

	/** For the first word of an answer; who says nothing is silent. */
	static final Duration PATIENCE = Duration.ofSeconds(1);

	/** For the last word, of who is not silent. */
	private static final Duration LONG_ANSWER = Duration.ofSeconds(3);

	static final String ASK = "ask";

	static final String ANSWER = "answer:";

	private static final int PIECE = 64 * 1024;

	private static final int MOST_PIECES = 1024;

	private static final int MOST_WAITING = 100;

	private final ConcurrentMap<String, Pending> pending = new ConcurrentHashMap<>();

	private final ThreadPoolExecutor answering;

	private final Redis redis;

	private final Nodes nodes;

	private volatile UnaryOperator<String> answers = (question) -> "{}";

	Questions(Redis redis, Nodes nodes) {
		this.redis = redis;
		this.nodes = nodes;
		this.answering = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING),
				(task) -> {
					Thread thread = new Thread(task, "sessionlink-store-answers");
					thread.setDaemon(true);
					return thread;
				}, new ThreadPoolExecutor.DiscardPolicy());
	}

	void answerWith(UnaryOperator<String> now) {
		this.answers = now;
	}

	/** Asks all other nodes. */
	Answers ask(String question) {
		Map<String, String> others = this.nodes.others();
		if (others.isEmpty()) {
			return new Answers(Map.of(), List.of());
		}
		String id = UUID.randomUUID().toString();
		Pending mine = new Pending(others.keySet());
		this.pending.put(id, mine);
		try {
			this.redis.publish(ASK, List.of(id + " " + this.nodes.id() + " " + question));
			mine.await();
		}
		catch (StoreAwayException ex) {
			logger.debug("Other nodes cannot be asked", ex);
		}
		finally {
			this.pending.remove(id);
		}
		return mine.answers(others);
	}

	/** Takes note of what has come over a channel; never waits. */
	void hear(String channel, String message) {
		if (channel.equals(ASK)) {
			String[] parts = message.split(" ", 3);
			if (parts.length == 3 && !parts[1].equals(this.nodes.id())) {
				this.answering.execute(() -> Telling.tell("The answer to another node", () -> answer(parts)));
			}
		}
		else if (channel.equals(ANSWER + this.nodes.id())) {
			String[] parts = message.split(" ", 5);
			Pending asked = (parts.length == 5) ? this.pending.get(parts[0]) : null;
			if (asked != null) {
				asked.add(parts);
			}
		}
	}

	private void answer(String[] question) {
		List<String> pieces = pieces(this.answers.apply(question[2]));
		if (pieces.size() > MOST_PIECES) {
			logger.warn("An answer to another node is longer than may be, and is left out");
			return;
		}
		List<String> messages = new ArrayList<>();
		pieces.forEach((piece) -> messages.add(String.join(" ", question[0], this.nodes.id(),
				Integer.toString(messages.size()), Integer.toString(pieces.size()), piece)));
		try {
			this.redis.publish(ANSWER + question[1], messages);
		}
		catch (StoreAwayException ex) {
			logger.debug("Another node gets no answer", ex);
		}
	}

	static List<String> pieces(String text) {
		List<String> pieces = new ArrayList<>();
		int from = 0;
		do {
			int to = Math.min(text.length(), from + PIECE);
			// A character of two parts stays in one piece.
			if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
				to--;
			}
			pieces.add(text.substring(from, to));
			from = to;
		}
		while (from < text.length());
		return pieces;
	}

	/** Returns how many questions wait for answers. */
	int waiting() {
		return this.pending.size();
	}

	@Override
	public void close() {
		this.answering.shutdownNow();
	}

	/** The answers to one question, as far as they are there. */
	private static final class Pending {

		private final Map<String, Map<Integer, String>> pieces = new HashMap<>();

		private final Map<String, String> whole = new LinkedHashMap<>();

		private final Set<String> missing;

		Pending(Set<String> nodes) {
			this.missing = new HashSet<>(nodes);
		}

		synchronized void add(String[] parts) {
			String node = parts[1];
			try {
				int count = Integer.parseInt(parts[3]);
				if (!this.missing.contains(node) || count > MOST_PIECES) {
					return;
				}
				Map<Integer, String> known = this.pieces.computeIfAbsent(node, (id) -> new HashMap<>());
				known.put(Integer.parseInt(parts[2]), parts[4]);
				if (known.size() >= count) {
					StringBuilder text = new StringBuilder();
					for (int i = 0; i < count; i++) {
						text.append(known.get(i));
					}
					this.whole.put(node, text.toString());
					this.missing.remove(node);
					this.notifyAll();
				}
			}
			catch (NumberFormatException ex) {
				logger.debug("An answer of another node makes no sense", ex);
			}
		}

		synchronized void await() {
			long begun = System.nanoTime();
			try {
				for (long left = left(begun); left > 0; left = left(begun)) {
					this.wait(left);
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		private long left(long begun) {
			if (this.missing.isEmpty()) {
				return 0;
			}
			Duration patience = this.pieces.keySet().stream().anyMatch(this.missing::contains) ? LONG_ANSWER : PATIENCE;
			return patience.minusNanos(System.nanoTime() - begun).toMillis();
		}

		synchronized Answers answers(Map<String, String> names) {
			Map<String, String> byName = new LinkedHashMap<>();
			this.whole.forEach((node, answer) -> byName.put(names.get(node), answer));
			return new Answers(byName, this.missing.stream().map(names::get).sorted().toList());
		}

	}

}
