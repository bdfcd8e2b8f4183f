package org.sessionlink.cluster;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.history.History;
import org.sessionlink.history.KeepRule;
import org.sessionlink.history.LogAwayException;
import org.sessionlink.history.LogEntry;
import org.sessionlink.history.Mark;
import org.sessionlink.history.MessageLog;
import org.sessionlink.history.Position;

/**
 * The messages of destinations that are kept, in Redis (B31): each call is one script,
 * but for what is long, which comes in pieces, one after the other.
 *
 * <p>
 * Safe for use by any thread. Who reads is one volatile field.
 */
final class RedisLog implements MessageLog {

	/** The channel of its news. */
	static final String CHANNEL = "kept";

	/** What one answer may have, as whatever is on its way holds up all else. */
	private static final int PIECE = Turns.LARGE;

	/** More than this nobody gets who has missed it. */
	static final long MOST = 16L * 1024 * 1024;

	private final SecureRandom random = new SecureRandom();

	private final Redis redis;

	private final StoreWatch watch;

	private final Turns turns;

	private final int memory;

	private volatile @Nullable Reader reader;

	/**
	 * Makes it.
	 * @param turns those of what is long
	 * @param memory how many bytes all of it may take in Redis; 0 for any number
	 */
	RedisLog(Redis redis, StoreWatch watch, Turns turns, int memory) {
		this.redis = redis;
		this.watch = watch;
		this.turns = turns;
		this.memory = memory;
	}

	@Override
	public void read(Reader now) {
		this.reader = now;
	}

	/** Takes note of what has come over the channel; never waits. */
	void hear(byte[] message) {
		Reader told = this.reader;
		if (told != null) {
			KeptNews.read(message, told);
		}
	}

	/**
	 * Looks where all is that there are copies of.
	 * @throws LogAwayException if nobody can say
	 */
	void compare() {
		Reader told = this.reader;
		if (told != null) {
			told.compare();
		}
	}

	@Override
	public void publish(History.Key key, KeepRule rule, byte[] content) {
		List<byte[]> arguments = begun(key);
		add(arguments, this.random.nextLong());
		arguments.add(content);
		addBounds(arguments, rule);
		unlessAway(() -> run(content.length > PIECE, Script.PUBLISH, arguments));
	}

	private void addBounds(List<byte[]> arguments, KeepRule rule) {
		add(arguments, rule.count());
		add(arguments, rule.size());
		add(arguments, rule.age().toMillis());
		add(arguments, this.memory);
	}

	// The hash, the name, and what a count begins with if none has begun.
	private List<byte[]> begun(History.Key key) {
		byte[] name = KeptNews.name(key);
		List<byte[]> arguments = new ArrayList<>();
		arguments.add(hash(name));
		arguments.add(name);
		arguments.add(epoch());
		return arguments;
	}

	private static byte[] hash(byte[] name) {
		return Redis.bytes(Records.hash(name));
	}

	private byte[] epoch() {
		return Redis.bytes(Long.toUnsignedString(this.random.nextLong(), Character.MAX_RADIX));
	}

	@Override
	public Slice read(Known known, @Nullable Position from) {
		return unlessAway(() -> {
			List<?> answer = read(known, from, known.rule().replayLast(), false, false);
			Mark mark = mark(answer);
			List<LogEntry> entries = entries(mark, answer);
			long bytes = bytes(entries);
			while (!entries.isEmpty() && last(entries).last() < mark.last() && bytes < MOST) {
				Mark read = last(entries);
				answer = read(new Known(known.key(), known.rule(), read), null, false, false, true);
				mark = mark(answer);
				List<LogEntry> more = entries(mark, answer);
				if (more.isEmpty() || !mark.epoch().equals(read.epoch())) {
					return new Slice(mark, List.of());
				}
				bytes += bytes(more);
				entries.addAll(more);
			}
			return new Slice(mark, (bytes < MOST) ? entries : List.of());
		});
	}

	private static long bytes(List<LogEntry> entries) {
		return entries.stream().mapToLong((entry) -> entry.content().length).sum();
	}

	private static Mark last(List<LogEntry> entries) {
		return entries.get(entries.size() - 1).mark();
	}

	@Override
	public void announce(Known known) {
		unlessAway(() -> read(known, null, false, true, false));
	}

	private List<?> read(Known known, @Nullable Position from, boolean newest, boolean announce, boolean large) {
		List<byte[]> arguments = begun(known.key());
		addMark(arguments, known.mark());
		arguments.add(Redis.bytes((from != null) ? from.epoch() : ""));
		add(arguments, (from != null) ? from.offset() : 0);
		arguments.add(Redis.bytes(newest ? "1" : ""));
		arguments.add(Redis.bytes(announce ? "1" : ""));
		addBounds(arguments, known.rule());
		add(arguments, PIECE);
		return run(large, Script.RESUME, arguments);
	}

	private static void addMark(List<byte[]> arguments, Mark mark) {
		arguments.add(Redis.bytes(mark.epoch()));
		add(arguments, mark.last());
		add(arguments, mark.id());
	}

	private static void add(List<byte[]> arguments, long number) {
		arguments.add(Redis.bytes(Long.toString(number)));
	}

	private List<?> run(boolean large, Script script, List<byte[]> arguments) {
		return large ? this.turns.take(() -> this.redis.run(script, arguments)) : this.redis.run(script, arguments);
	}

	private static Mark mark(List<?> answer) {
		return new Mark(Redis.text(answer.get(0)), (Long) answer.get(1), id(answer.get(2)));
	}

	private static long id(Object text) {
		return Long.parseLong(Redis.text(text));
	}

	private static List<LogEntry> entries(Mark mark, List<?> answer) {
		List<LogEntry> entries = new ArrayList<>();
		for (int i = 3; i < answer.size(); i++) {
			List<?> entry = (List<?>) answer.get(i);
			entries.add(new LogEntry(new Mark(mark.epoch(), (Long) entry.get(0), id(entry.get(1))), id(entry.get(2)),
					Duration.ofMillis((Long) entry.get(3)), (byte[]) entry.get(4)));
		}
		return entries;
	}

	// Also while the store is only coming back: what is kept is looked at then.
	@Override
	public List<Mark> heads(List<Known> known) {
		List<byte[]> arguments = new ArrayList<>();
		arguments.add(epoch());
		known.forEach((one) -> {
			byte[] name = KeptNews.name(one.key());
			arguments.add(hash(name));
			arguments.add(name);
			add(arguments, one.rule().age().toMillis());
			addMark(arguments, one.mark());
		});
		return known(
				() -> this.redis.run(Script.HEADS, arguments).stream().map((head) -> mark((List<?>) head)).toList());
	}

	private <T> T unlessAway(Supplier<T> task) {
		if (!this.watch.isUp()) {
			throw new LogAwayException();
		}
		return known(task);
	}

	// What makes no sense here, as of another version, says nothing either.
	private static <T> T known(Supplier<T> task) {
		try {
			return task.get();
		}
		catch (StoreAwayException | IllegalArgumentException | ClassCastException | IndexOutOfBoundsException ex) {
			throw new LogAwayException(ex);
		}
	}

}
