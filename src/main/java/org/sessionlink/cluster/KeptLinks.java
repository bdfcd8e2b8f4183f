package org.sessionlink.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.sessionlink.watch.Elsewhere.Kept;

/**
 * The links that the store has, for who looks at many: some hundreds by one script, so
 * that nobody else waits long.
 */
final class KeptLinks {

	private static final int BATCH = 500;

	private static final int FINGERPRINT_DIGITS = 16;

	private final Redis redis;

	private final StoreWatch watch;

	KeptLinks(Redis redis, StoreWatch watch) {
		this.redis = redis;
		this.watch = watch;
	}

	/** Returns the fingerprint of the link with a hash, which begins with it. */
	static String fingerprint(String hash) {
		return hash.substring(0, Math.min(FINGERPRINT_DIGITS, hash.length()));
	}

	/** Returns all. */
	List<Kept> all() {
		List<Kept> all = new ArrayList<>();
		String after = "";
		do {
			after = list("all", after, all);
		}
		while (!after.isEmpty());
		return all;
	}

	/** Returns those of a user. */
	List<Kept> ownedBy(String user) {
		List<Kept> theirs = new ArrayList<>();
		list("user", Records.hash(user), theirs);
		return theirs;
	}

	/** Returns those with a fingerprint. */
	List<Kept> withFingerprint(String fingerprint) {
		List<Kept> found = new ArrayList<>();
		if (fingerprint.length() == FINGERPRINT_DIGITS) {
			list("like", fingerprint, found);
		}
		return found;
	}

	private String list(String which, String text, List<Kept> into) {
		List<?> rows = run(Script.LIST,
				Stream.of(which, text, Integer.toString(BATCH), this.watch.judges() ? "1" : ""));
		rows.stream().skip(1).map((row) -> kept((List<?>) row)).forEach(into::add);
		return Redis.text(rows.get(0));
	}

	private static Kept kept(List<?> row) {
		String hash = Redis.text(row.get(0));
		return new Kept(hash, fingerprint(hash), millis(row.get(1)), millis(row.get(2)), millis(row.get(3)),
				text(row.get(4)), text(row.get(5)), text(row.get(6)));
	}

	private static Duration millis(Object number) {
		return Duration.ofMillis((Long) number);
	}

	private static @Nullable String text(Object bytes) {
		String text = Redis.text(bytes);
		return text.isEmpty() ? null : text;
	}

	/** Forgets those whose records are gone, unless another node does. */
	void sweep() {
		String next = "0";
		do {
			next = Redis.text(run(Script.SWEEP, Stream.of(next)).get(0));
		}
		while (!next.equals("0"));
	}

	private List<?> run(Script script, Stream<String> arguments) {
		return this.redis.run(script, arguments.map(Redis::bytes).toList());
	}

}
