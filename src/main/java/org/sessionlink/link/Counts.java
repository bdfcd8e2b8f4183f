package org.sessionlink.link;

import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

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

	private static final List<String> CODES = List.of("1000", "1001", "1002", "1003", "1005", "1006", "1007", "1008",
			"1009", "1011", "1013", OTHER);

	private static final int KINDS = FrameKind.values().length;

	private final AtomicLongArray refused = new AtomicLongArray(Refused.values().length);

	private final AtomicLongArray ended = new AtomicLongArray(EndCause.values().length);

	private final AtomicLongArray recovered = new AtomicLongArray(Recovered.values().length);

	private final AtomicLongArray closed = new AtomicLongArray(CloseCause.count() * codes().size());

	private final LongAdder socketsOpened = new LongAdder();

	// Of which there are many at a time, on all processors.
	private final LongAdder[] frames = new LongAdder[Direction.values().length * KINDS];

	/** Begins with nothing. */
	public Counts() {
		for (int i = 0; i < this.frames.length; i++) {
			this.frames[i] = new LongAdder();
		}
	}

	/** Returns by what closes are counted: the close codes in use, and {@link #OTHER}. */
	public static List<String> codes() {
		return CODES;
	}

	/** Returns by which of the {@link #codes()} a close code is counted. */
	public static String code(int code) {
		String text = Integer.toString(code);
		return CODES.contains(text) ? text : OTHER;
	}

	private static int place(String code, CloseCause cause) {
		return cause.index() * CODES.size() + CODES.indexOf(code);
	}

	private static int place(Direction direction, FrameKind kind) {
		return direction.ordinal() * KINDS + kind.ordinal();
	}

	void refused(Refused reason) {
		this.refused.incrementAndGet(reason.ordinal());
	}

	void ended(EndCause cause) {
		this.ended.incrementAndGet(cause.ordinal());
	}

	void opened() {
		this.socketsOpened.increment();
	}

	void closed(int code, CloseCause cause) {
		this.closed.incrementAndGet(place(code(code), cause));
	}

	/** Counts frames that have gone through a socket. */
	public void frames(Direction direction, FrameKind kind, long number) {
		this.frames[place(direction, kind)].add(number);
	}

	/** Counts a client that has come back for what it missed. */
	public void recovered(Recovered result) {
		this.recovered.incrementAndGet(result.ordinal());
	}

	/** Returns how often something was refused for this reason. */
	public long refusals(Refused reason) {
		return this.refused.get(reason.ordinal());
	}

	/** Returns how many links have ended for this cause. */
	public long ends(EndCause cause) {
		return this.ended.get(cause.ordinal());
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
		return this.closed.get(place(code, cause));
	}

	/** Returns how many frames have gone through sockets. */
	public long frames(Direction direction, FrameKind kind) {
		return this.frames[place(direction, kind)].sum();
	}

	/** Returns how many clients have come back for what they missed. */
	public long recoveries(Recovered result) {
		return this.recovered.get(result.ordinal());
	}

}
