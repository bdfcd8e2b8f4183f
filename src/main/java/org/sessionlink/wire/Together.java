package org.sessionlink.wire;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import org.jspecify.annotations.Nullable;

/**
 * Several messages under way. Whoever ends the last, by one atomic decrement, tells of
 * all; the first error is kept, by one compare-and-set.
 */
final class Together implements SendHandler {

	private final AtomicInteger open = new AtomicInteger(1);

	private final AtomicReference<@Nullable Throwable> error = new AtomicReference<>();

	private final Consumer<@Nullable Throwable> written;

	Together(Consumer<@Nullable Throwable> written) {
		this.written = written;
	}

	void oneMore() {
		this.open.incrementAndGet();
	}

	@Override
	public void onResult(SendResult result) {
		Throwable failed = JakartaWire.errorOf(result);
		if (failed != null) {
			this.error.compareAndSet(null, failed);
		}
		oneLess();
	}

	/** Says that there will be no more, or that one is written. */
	void oneLess() {
		if (this.open.decrementAndGet() == 0) {
			this.written.accept(this.error.get());
		}
	}

}
