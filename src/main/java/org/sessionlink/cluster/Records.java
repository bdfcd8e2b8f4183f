package org.sessionlink.cluster;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.sessionlink.cluster.Attributes.Written;
import org.sessionlink.cluster.SharedSession.Changes;
import org.sessionlink.link.EndCause;
import org.sessionlink.store.SessionKey;

/**
 * The records of links in Redis: each call is one script, which is one atomic step. The
 * key of a link stays in its record; its hash names it.
 */
final class Records {

	private static final int HASH_DIGITS = 32;

	private final Turns turns = new Turns();

	private final Attributes attributes;

	private final SessionsInUse inUse = new SessionsInUse();

	private final Redis redis;

	/** Makes those of an application, whose classes are found by its class loader. */
	Records(Redis redis, ClassLoader application) {
		this.redis = redis;
		this.attributes = new Attributes(application);
	}

	/** Returns the hash that names a link. */
	static String hash(String key) {
		byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
		boolean whole = new String(bytes, StandardCharsets.UTF_8).equals(key);
		// Half a surrogate pair would be what stands for all that is none, as in the name
		// of somebody else.
		return hash(whole ? bytes : Redis.characters(key));
	}

	/** Returns the hash that names something. */
	static String hash(byte[] key) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
			return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Returns the sessions that were read or made here, and are in use. */
	SessionsInUse inUse() {
		return this.inUse;
	}

	/** Returns those of large sessions, one after the other. */
	Turns turns() {
		return this.turns;
	}

	/** Writes what is new of a session, as far as it can be written. */
	Saved save(SharedSession session, Changes changes, boolean begins) {
		Written written = this.attributes.write(changes.attributes());
		List<byte[]> arguments = arguments(hash(session.key().value()), begins ? "new" : "",
				(changes.id() != null) ? changes.id() : "",
				(changes.timeout() != null) ? Long.toString(Math.max(0, changes.timeout().toMillis())) : "",
				(!begins && changes.concernOthers()) ? "1" : "", Integer.toString(Attributes.MOST));
		arguments.addAll(written.arguments());
		List<?> answer = (written.bytes() > Turns.LARGE) ? this.turns.take(() -> run(Script.SAVE, arguments))
				: run(Script.SAVE, arguments);
		return new Saved(State.of(answer.get(0)), written.unwritten(answer.stream().skip(1).map(Redis::text).toList()));
	}

	/**
	 * Reads the session with an id; ends it if its time is over and it is to be judged.
	 */
	Loaded byId(String id, boolean judge) {
		return load("id", id, judge ? "1" : "");
	}

	/** Reads the session of a link. */
	Loaded byHash(String hash) {
		return load("hash", hash, "");
	}

	private Loaded load(String by, String name, String judge) {
		List<?> answer = run(Script.LOAD, arguments(by, name, judge, Integer.toString(Turns.LARGE)));
		if (isLarger(answer)) {
			answer = this.turns
				.take(() -> run(Script.LOAD, arguments(by, name, judge, Integer.toString(Attributes.MOST))));
		}
		if (isLarger(answer)) {
			throw new UnreadableSessionException("It has more than " + Attributes.MOST_MEGABYTES
					+ " MB in Redis, which another version of this program has written.", null);
		}
		String hash = Redis.text(answer.get(0));
		State state = State.of(answer.get(1));
		if (!state.isOpen()) {
			return new Loaded(hash, state, Duration.ZERO, null);
		}
		Map<String, byte[]> fields = new HashMap<>();
		List<?> record = (List<?>) answer.get(2);
		for (int i = 0; i < record.size(); i += 2) {
			fields.put(Redis.text(record.get(i)), (byte[]) record.get(i + 1));
		}
		return new Loaded(hash, state, age(state, fields), session(hash, state, fields));
	}

	private static boolean isLarger(List<?> answer) {
		return answer.size() > 2 && answer.get(2) instanceof Long;
	}

	// By the clock of the store, as all that nodes compare.
	private static Duration age(State state, Map<String, byte[]> fields) {
		return idle(state).plusMillis(Math.max(0, number(fields, "used") - number(fields, "created")));
	}

	private static Duration idle(State state) {
		return (state.idle() != null) ? state.idle() : Duration.ZERO;
	}

	private static long number(Map<String, byte[]> fields, String name) {
		byte[] value = fields.get(name);
		return (value != null) ? Long.parseLong(Redis.text(value)) : 0;
	}

	private SharedSession session(String hash, State state, Map<String, byte[]> fields) {
		Map<String, Object> read = this.attributes.read(fields);
		if (!(read.get(SessionKey.ATTRIBUTE) instanceof SessionKey key) || !hash(key.value()).equals(hash)) {
			throw new UnreadableSessionException("It does not have the key of its link.", null);
		}
		Instant used = Instant.now().minus(idle(state));
		return new SharedSession(Redis.text(fields.get("id")), key, used, state.timeout(), read, this.inUse);
	}

	/** Takes note of a use, and returns how the link is. */
	State touch(String hash, Duration ago) {
		return touch(Map.of(hash, ago)).get(0);
	}

	/** Takes note of uses, and returns how the links are, in the order of the map. */
	List<State> touch(Map<String, Duration> agos) {
		List<byte[]> arguments = arguments();
		agos.forEach((hash, ago) -> {
			arguments.add(Redis.bytes(hash));
			arguments.add(Redis.bytes(Long.toString(ago.toMillis())));
		});
		return run(Script.TOUCH, arguments).stream().map(State::of).toList();
	}

	/** Returns how links are; ends those whose time is over if they are to be judged. */
	List<State> look(List<String> hashes, boolean judge) {
		List<byte[]> arguments = arguments(judge ? "1" : "");
		hashes.forEach((hash) -> arguments.add(Redis.bytes(hash)));
		return run(Script.LOOK, arguments).stream().map(State::of).toList();
	}

	/** Ends links that have not ended. */
	void end(Map<String, EndCause> causes) {
		List<byte[]> arguments = arguments();
		causes.forEach((hash, cause) -> {
			arguments.add(Redis.bytes(hash));
			arguments.add(Redis.bytes(cause.reason()));
		});
		run(Script.END, arguments);
	}

	/** Ends links that are open, and returns those that this has ended. */
	Set<String> endOpen(List<String> hashes, EndCause cause) {
		List<byte[]> arguments = arguments(cause.reason());
		hashes.forEach((hash) -> arguments.add(Redis.bytes(hash)));
		return run(Script.KICK, arguments).stream().map(Redis::text).collect(Collectors.toSet());
	}

	private List<?> run(Script script, List<byte[]> arguments) {
		return this.redis.run(script, arguments);
	}

	private static List<byte[]> arguments(String... texts) {
		List<byte[]> arguments = new ArrayList<>();
		for (String text : texts) {
			arguments.add(Redis.bytes(text));
		}
		return arguments;
	}

	/**
	 * What became of a session that was to be written.
	 *
	 * @param unwritten what was left out of it, or null
	 */
	record Saved(State state, @Nullable UnwritableAttributeException unwritten) {

	}

	/**
	 * What was read.
	 *
	 * @param hash that of the link, empty where there is none with that id
	 * @param age how long ago it began
	 * @param session null where the link is not open
	 */
	record Loaded(String hash, State state, Duration age, @Nullable SharedSession session) {

	}

}
