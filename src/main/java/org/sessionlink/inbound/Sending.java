package org.sessionlink.inbound;

import org.jspecify.annotations.Nullable;

import org.springframework.core.NamedThreadLocal;

/**
 * What is noted of the frames that a thread is sending, each perhaps inside of another:
 * an interceptor of the application may send more, and make another message of a frame.
 */
final class Sending<T> {

	private final ThreadLocal<@Nullable Noted<T>> innermost;

	private record Noted<T>(@Nullable T of, @Nullable Noted<T> outer) {
	}

	/**
	 * Makes it, with nothing noted by any thread.
	 * @param name what is noted, for who looks at threads
	 */
	Sending(String name) {
		this.innermost = new NamedThreadLocal<>(name);
	}

	/** Returns whether this thread has begun to send a frame. */
	boolean isUnderWay() {
		return this.innermost.get() != null;
	}

	/** Notes something of a frame that this thread begins to send. */
	void begin(@Nullable T of) {
		this.innermost.set(new Noted<>(of, this.innermost.get()));
	}

	/** Returns what was noted of the frame that this thread has sent, if anything. */
	@Nullable T end() {
		Noted<T> sent = this.innermost.get();
		if (sent == null) {
			return null;
		}
		if (sent.outer() != null) {
			this.innermost.set(sent.outer());
		}
		else {
			this.innermost.remove();
		}
		return sent.of();
	}

}
