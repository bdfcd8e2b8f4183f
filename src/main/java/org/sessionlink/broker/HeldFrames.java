package org.sessionlink.broker;

import java.util.ArrayList;
import java.util.List;

import org.springframework.messaging.Message;

/**
 * Frames of a client that wait while its connection to the broker is made. Used under the
 * lock of who holds them.
 */
final class HeldFrames {

	private static final int MOST = 100;

	private static final int MOST_BYTES = 256 * 1024;

	/** What each may have beside its body. */
	private static final int BESIDE = 1024;

	private final List<Message<byte[]>> frames = new ArrayList<>(0);

	private int bytes;

	/**
	 * Takes one more.
	 * @return false where as much waits as may
	 */
	boolean add(Message<byte[]> frame) {
		int more = BESIDE + frame.getPayload().length;
		if (this.frames.size() >= MOST || this.bytes + more > MOST_BYTES) {
			return false;
		}
		this.bytes += more;
		return this.frames.add(frame);
	}

	boolean isEmpty() {
		return this.frames.isEmpty();
	}

	/** Returns all of them, in their order, and holds them no more. */
	List<Message<byte[]>> take() {
		List<Message<byte[]>> all = List.copyOf(this.frames);
		this.frames.clear();
		this.bytes = 0;
		return all;
	}

}
