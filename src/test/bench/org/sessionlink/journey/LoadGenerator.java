package org.sessionlink.journey;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * All clients of the benchmarks, on the one thread that calls it: lean, as it shares the
 * machine with what it measures.
 */
final class LoadGenerator implements AutoCloseable {

	/** How long to wait for what must come. */
	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final long MILLI = 1_000_000;

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024);

	private final Selector selector;

	LoadGenerator() {
		try {
			this.selector = Selector.open();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Starts to open a WebSocket; the listener hears when it is connected. */
	BenchClient open(URI url, String cookie, boolean stomp, BenchClient.Listener listener) {
		return new BenchClient(url, cookie, stomp, listener, this.selector);
	}

	/** Lets the clients do what there is to do, waiting for it until then at most. */
	void turn(long until) {
		try {
			long millis = (until - System.nanoTime()) / MILLI;
			// The rest of less than a millisecond is waited for actively.
			if (millis > 0) {
				this.selector.select(this::ready, millis);
			}
			else {
				this.selector.selectNow(this::ready);
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void ready(SelectionKey key) {
		// A client may have been closed by what another has heard.
		if (key.isValid()) {
			((BenchClient) key.attachment()).ready(key, this.buffer);
		}
	}

	/** Runs the clients so long, or until this is so; returns whether it is. */
	boolean runUntil(BooleanSupplier done, Duration atMost) {
		long end = System.nanoTime() + atMost.toNanos();
		while (!done.getAsBoolean()) {
			long left = end - System.nanoTime();
			if (left <= 0) {
				return false;
			}
			turn(System.nanoTime() + Math.min(left, 100 * MILLI));
		}
		return true;
	}

	/** Runs the clients until this is so. */
	void await(String what, BooleanSupplier done) {
		if (!runUntil(done, PATIENCE)) {
			throw new IllegalStateException("Waited " + PATIENCE.toSeconds() + " s in vain for " + what);
		}
	}

	/** Breaks the connections of these clients. */
	void abort(Predicate<BenchClient> which) {
		this.selector.keys()
			.stream()
			.map((key) -> (BenchClient) key.attachment())
			.filter(which)
			.forEach(BenchClient::abort);
	}

	@Override
	public void close() {
		try {
			abort((client) -> true);
			this.selector.close();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
