package org.sessionlink.link;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.sessionlink.link.FrameKind.Direction;

/**
 * What has happened to all links of this server since it started, in numbers that only
 * grow. What a stranger chooses never is what is counted by: a close code that nobody
 * here uses counts as {@link #OTHER}.
 *
 * <p>
 * Safe for use by any thread; all places are made at the start.
 */
public final class Counts {

	/** A close code that is none of the {@link #codes()}. */
	public static final String OTHER = "other";

	private static final List<Integer> KNOWN = List.of(1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1011,
			1013);

	private final Map<Refused, LongAdder> refused = adders(Refused.class);

	private final Map<EndCause, LongAdder> ended = adders(EndCause.class);

	private final Map<Recovered, LongAdder> recovered = adders(Recovered.class);

	private final Map<Direction, Map<FrameKind, LongAdder>> frames = new EnumMap<>(Direction.class);

	private final Map<CloseCause, Map<String, LongAdder>> closed = new HashMap<>();

	private final LongAdder socketsOpened = new LongAdder();

	Counts() {
		for (Direction direction : Direction.values()) {
			this.frames.put(direction, adders(FrameKind.class));
		}
		for (CloseCause cause : CloseCause.all()) {
			this.closed.put(cause,
					codes().stream().collect(Collectors.toMap(Function.identity(), (code) -> new LongAdder())));
		}
	}

	private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> type) {
		return new EnumMap<>(Arrays.stream(type.getEnumConstants())
			.collect(Collectors.toMap(Function.identity(), (constant) -> new LongAdder())));
	}

	/** Returns by what closes are counted: the close codes in use, and {@link #OTHER}. */
	public static List<String> codes() {
		List<String> codes = new ArrayList<>(KNOWN.stream().map(String::valueOf).toList());
		codes.add(OTHER);
		return codes;
	}

	/** Returns by which of the {@link #codes()} a close code is counted. */
	public static String code(int code) {
		return KNOWN.contains(code) ? Integer.toString(code) : OTHER;
	}

	void refused(Refused reason) {
		this.refused.get(reason).increment();
	}

	void ended(EndCause cause) {
		this.ended.get(cause).increment();
	}

	void opened() {
		this.socketsOpened.increment();
	}

	void closed(int code, CloseCause cause) {
		this.closed.get(cause).get(code(code)).increment();
	}

	/** Counts frames that have gone through a socket. */
	public void frames(Direction direction, FrameKind kind, long number) {
		this.frames.get(direction).get(kind).add(number);
	}

	/** Counts a client that has come back for what it missed. */
	public void recovered(Recovered result) {
		this.recovered.get(result).increment();
	}

	/** Returns how often something was refused for this reason. */
	public long refusals(Refused reason) {
		return this.refused.get(reason).sum();
	}

	/** Returns how many links have ended for this cause. */
	public long ends(EndCause cause) {
		return this.ended.get(cause).sum();
	}

	/** Returns how many sockets have opened. */
	public long socketsOpened() {
		return this.socketsOpened.sum();
	}

	/**
	 * Returns how many sockets have closed.
	 * @param code one of the {@link #codes()}
	 */
	public long closes(String code, CloseCause cause) {
		return this.closed.get(cause).get(code).sum();
	}

	/** Returns how many frames have gone through sockets. */
	public long frames(Direction direction, FrameKind kind) {
		return this.frames.get(direction).get(kind).sum();
	}

	/** Returns how many clients have come back for what they missed. */
	public long recoveries(Recovered result) {
		return this.recovered.get(result).sum();
	}

}
