package org.sessionlink.history;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * A log in memory that several servers share, whose news may be late or lost, and which
 * may go back, be emptied, or be away.
 */
final class MemoryLog implements AutoCloseable {

	/** Each message says which one was before it. */
	record Said(long id, long previous) {

		static Said of(byte[] content) {
			String[] words = new String(content, StandardCharsets.UTF_8).split(" ");
			return new Said(Long.parseLong(words[0]), Long.parseLong(words[1]));
		}

		byte[] bytes() {
			return (this.id + " " + this.previous).getBytes(StandardCharsets.UTF_8);
		}

	}

	private static final class Count {

		private String epoch;

		private List<LogEntry> all = new ArrayList<>();

		private Mark mark() {
			return this.all.isEmpty() ? new Mark(this.epoch, 0, 0)
					: new Mark(this.epoch, this.all.size(), this.all.get(this.all.size() - 1).mark().id());
		}

	}

	private final Map<History.Key, Count> counts = new HashMap<>();

	private final Map<Node, ExecutorService> nodes = new ConcurrentHashMap<>();

	private final AtomicLong ids = new AtomicLong();

	private int epochs;

	volatile boolean away;

	/** Of how many news one is lost; 0 for none. */
	volatile int loses;

	volatile int latest = 1;

	/** How many are read at most from where somebody is. */
	volatile int keeps = Integer.MAX_VALUE;

	final AtomicLong reads = new AtomicLong();

	Node node() {
		Node node = new Node();
		this.nodes.put(node, Executors.newSingleThreadExecutor());
		return node;
	}

	private Count count(History.Key key) {
		return this.counts.computeIfAbsent(key, (absent) -> {
			Count made = new Count();
			made.epoch = "e" + ++this.epochs;
			return made;
		});
	}

	synchronized Mark mark(History.Key key) {
		return count(key).mark();
	}

	synchronized void goBack(History.Key key, int by) {
		Count count = count(key);
		count.all = new ArrayList<>(count.all.subList(0, Math.max(0, count.all.size() - by)));
	}

	/** Goes back, and has all that is known compared before anything else is done. */
	synchronized void goBackAndCompare(History.Key key, int by, List<Copies> all) {
		goBack(key, by);
		boolean wasAway = this.away;
		this.away = false;
		all.forEach(Copies::compare);
		this.away = wasAway;
	}

	synchronized void empty() {
		this.counts.clear();
	}

	private void tell(LogNews news) {
		this.nodes.forEach((node, thread) -> {
			if (this.loses == 0 || ThreadLocalRandom.current().nextInt(this.loses) > 0) {
				thread.execute(() -> {
					LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(this.latest));
					if (node.reader != null) {
						node.reader.hear(news);
					}
				});
			}
		});
	}

	private void unlessAway() {
		if (this.away) {
			throw new LogAwayException();
		}
	}

	private Mark headFor(History.Key key, Mark known) {
		Count count = count(key);
		if (count.epoch.equals(known.epoch()) && isBehind(count, known)) {
			count.epoch = "e" + ++this.epochs;
			tell(LogNews.head(key, count.mark()));
		}
		return count.mark();
	}

	private static boolean isBehind(Count count, Mark known) {
		if (count.all.size() <= known.last()) {
			return !count.mark().equals(known);
		}
		return count.all.get((int) known.last()).previous() != known.id();
	}

	@Override
	public void close() {
		this.nodes.values().forEach(ExecutorService::shutdownNow);
	}

	/** As one server sees it. */
	final class Node implements MessageLog {

		private volatile @Nullable Reader reader;

		@Override
		public void read(Reader now) {
			this.reader = now;
		}

		@Override
		public void publish(History.Key key, KeepRule rule, byte[] content) {
			unlessAway();
			synchronized (MemoryLog.this) {
				Count count = count(key);
				Mark before = count.mark();
				long id = MemoryLog.this.ids.incrementAndGet();
				Mark mark = new Mark(before.epoch(), before.last() + 1, id);
				byte[] said = new Said(id, before.id()).bytes();
				count.all.add(new LogEntry(mark, before.id(), Duration.ZERO, said));
				tell(LogNews.message(key, mark, before.id(), said));
			}
		}

		@Override
		public Slice read(Known known, @Nullable Position from) {
			unlessAway();
			MemoryLog.this.reads.incrementAndGet();
			LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(MemoryLog.this.latest));
			synchronized (MemoryLog.this) {
				Mark mark = headFor(known.key(), known.mark());
				long after = mark.last() - (known.rule().replayLast() ? Math.min(1, mark.last()) : 0);
				if (known.mark().isOfSameCount(mark)) {
					after = Math.min(after, known.mark().last());
				}
				if (from != null && from.epoch().equals(mark.epoch())) {
					after = Math.min(after, from.offset());
				}
				after = Math.max(after, mark.last() - MemoryLog.this.keeps);
				List<LogEntry> entries = new ArrayList<>();
				for (LogEntry entry : count(known.key()).all.subList((int) after, (int) mark.last())) {
					Mark here = new Mark(mark.epoch(), entry.offset(), entry.mark().id());
					entries.add(new LogEntry(here, entry.previous(), entry.age(), entry.content()));
				}
				return new Slice(mark, entries);
			}
		}

		@Override
		public void announce(Known known) {
			unlessAway();
			synchronized (MemoryLog.this) {
				tell(LogNews.head(known.key(), MemoryLog.this.mark(known.key())));
			}
		}

		@Override
		public List<Mark> heads(List<Known> known) {
			unlessAway();
			synchronized (MemoryLog.this) {
				return known.stream().map((one) -> headFor(one.key(), one.mark())).toList();
			}
		}

	}

}
