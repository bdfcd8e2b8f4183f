package org.sessionlink.wire;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Lets one stroke be drawn at a time, from the call that begins a write to its
 * completion.
 *
 * <p>
 * Three problems, and how they are solved:
 * <ul>
 * <li><em>One at a time</em>: whoever picks the pen up has it until the stroke is over.
 * <li><em>Over once</em>: a stroke is over when the call has returned and the container
 * has said that it is written, in whatever order. The second of the two lays the pen
 * down; what is said twice, or of an earlier stroke, lays nothing down.
 * <li><em>No nesting, no lost wake-up</em>: a stroke that is written before its call
 * returns is over for the caller, who goes on in a loop. Whoever lays the pen down looks
 * for more to write, so whoever finds it taken need not.
 * </ul>
 *
 * <p>
 * One atomic number holds it all: how far the stroke is, and above that which one it is.
 * Safe for use by any thread.
 */
final class Pen {

	/** What {@link #pickUp} returns where somebody else has the pen. */
	static final long TAKEN = -1;

	private static final int DOWN = 0;

	private static final int CALLED = 1;

	private static final int RETURNED = 2;

	private static final int WRITTEN = 3;

	private static final int STATES = 4;

	private final AtomicLong state = new AtomicLong(DOWN);

	private final Hand hand;

	/** Makes a pen that nobody has. */
	Pen(Hand hand) {
		this.hand = hand;
	}

	/** Hears what becomes of strokes. */
	interface Hand {

		/** Hears that a stroke has failed; perhaps more than once. */
		void failed(Throwable error);

		/** Hears that a stroke is over whose call had returned before: time for more. */
		void laidDown();

	}

	/** Begins to write something, and says once it is written or has failed. */
	interface Drawing {

		void draw(Consumer<@Nullable Throwable> written) throws IOException;

	}

	/** Picks the pen up; returns the stroke, or {@link #TAKEN}. */
	long pickUp() {
		long now = this.state.get();
		return (now % STATES == DOWN && this.state.compareAndSet(now, now + CALLED)) ? now : TAKEN;
	}

	boolean isUp() {
		return this.state.get() % STATES != DOWN;
	}

	/**
	 * Draws the stroke that the pen was picked up for; what is thrown counts as its
	 * failure.
	 * @return whether it is over, and the pen down: time for more
	 */
	boolean draw(long stroke, Drawing drawing) {
		boolean over;
		try {
			drawing.draw((error) -> written(stroke, error));
		}
		catch (Throwable ex) {
			written(stroke, ex);
		}
		finally {
			over = isSecond(stroke, RETURNED, WRITTEN);
		}
		return over;
	}

	private void written(long stroke, @Nullable Throwable error) {
		try {
			if (error != null) {
				this.hand.failed(error);
			}
		}
		finally {
			if (isSecond(stroke, WRITTEN, RETURNED)) {
				this.hand.laidDown();
			}
		}
	}

	/** Notes that the call has returned, or that all is written; the second lays down. */
	private boolean isSecond(long stroke, int first, int other) {
		return !this.state.compareAndSet(stroke + CALLED, stroke + first)
				&& this.state.compareAndSet(stroke + other, stroke + STATES);
	}

}
