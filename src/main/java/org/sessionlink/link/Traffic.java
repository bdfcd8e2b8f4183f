package org.sessionlink.link;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What goes through one socket, counted as it goes (B23).
 *
 * <p>
 * Any thread may read. Each field has one writer at a time: what comes, the thread that
 * reads from the socket; what goes, whoever writes to it. So a count is a read and a
 * write that nobody waits for, not an atomic step.
 */
public final class Traffic {

	private static final VarHandle FRAMES_IN = field("framesIn");

	private static final VarHandle BYTES_IN = field("bytesIn");

	private static final VarHandle HEARD = field("heard");

	private static final VarHandle LAST_FRAME = field("lastFrame");

	private static final VarHandle FRAMES_OUT = field("framesOut");

	private static final VarHandle BYTES_OUT = field("bytesOut");

	private final LinkClock clock;

	private long framesIn;

	private long bytesIn;

	private long heard;

	private long lastFrame;

	private long framesOut;

	private long bytesOut;

	/** Begins with nothing. */
	public Traffic(LinkClock clock) {
		this.clock = clock;
		this.heard = clock.nanoTime();
		this.lastFrame = this.heard;
		VarHandle.releaseFence();
	}

	private static VarHandle field(String name) {
		try {
			return MethodHandles.lookup().findVarHandle(Traffic.class, name, long.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	/**
	 * Counts what was read from the client at once.
	 * @param frames how many frames it has completed; 0 for a heart-beat, a pong or a
	 * part
	 */
	public void received(int frames, int bytes) {
		long now = this.clock.nanoTime();
		HEARD.setRelease(this, now);
		BYTES_IN.setRelease(this, this.bytesIn + bytes);
		if (frames > 0) {
			LAST_FRAME.setRelease(this, now);
			FRAMES_IN.setRelease(this, this.framesIn + frames);
		}
	}

	/**
	 * Counts what was given to the container to be written.
	 * @param frames how many frames that were; 0 for a heart-beat
	 */
	public void sent(int frames, long bytes) {
		BYTES_OUT.setRelease(this, this.bytesOut + bytes);
		FRAMES_OUT.setRelease(this, this.framesOut + frames);
	}

	/** Returns what has gone through until now. */
	public TrafficSum sum() {
		return new TrafficSum((long) FRAMES_IN.getAcquire(this), (long) BYTES_IN.getAcquire(this),
				(long) FRAMES_OUT.getAcquire(this), (long) BYTES_OUT.getAcquire(this));
	}

	/** Returns for how many nanoseconds nothing was heard of the client. */
	public long silentFor() {
		return this.clock.nanoTime() - (long) HEARD.getAcquire(this);
	}

	/**
	 * Returns how many nanoseconds ago a frame came last that was no heart-beat; or the
	 * handshake where none has.
	 */
	public long lastFrameAgo() {
		return this.clock.nanoTime() - lastFrame();
	}

	/** Returns when that was, in nanoseconds of the clock. */
	long lastFrame() {
		return (long) LAST_FRAME.getAcquire(this);
	}

}
