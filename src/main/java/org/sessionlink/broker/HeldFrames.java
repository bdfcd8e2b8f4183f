package org.sessionlink.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.springframework.messaging.Message;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;

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

	private final Allowance all;

	private int bytes;

	/**
	 * Makes it empty.
	 * @param all what may wait for the broker, here and elsewhere
	 */
	HeldFrames(Allowance all) {
		this.all = all;
	}

	/**
	 * Takes one more.
	 * @return false where as much waits as may
	 */
	boolean add(Message<byte[]> frame) {
		int more = BESIDE + headers(frame) + frame.getPayload().length;
		if (this.frames.size() >= MOST || this.bytes + more > MOST_BYTES
				|| !this.all.exchange(this.bytes, this.bytes + more)) {
			return false;
		}
		this.bytes += more;
		return this.frames.add(frame);
	}

	private static int headers(Message<byte[]> frame) {
		Object headers = frame.getHeaders().get(NativeMessageHeaderAccessor.NATIVE_HEADERS);
		int length = 0;
		if (headers instanceof Map<?, ?> named) {
			for (Map.Entry<?, ?> header : named.entrySet()) {
				length += header.getKey().toString().length() + header.getValue().toString().length();
			}
		}
		return length;
	}

	boolean isEmpty() {
		return this.frames.isEmpty();
	}

	/** Returns all of them, in their order, and holds them no more. */
	List<Message<byte[]>> take() {
		List<Message<byte[]>> all = List.copyOf(this.frames);
		this.frames.clear();
		this.all.exchange(this.bytes, 0);
		this.bytes = 0;
		return all;
	}

}
