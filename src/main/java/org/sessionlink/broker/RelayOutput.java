package org.sessionlink.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Refused;

/**
 * What is to be written over one connection to the broker, encrypted where that is asked
 * for, and not more of it than a broker that reads leaves waiting.
 *
 * <p>
 * Safe for use by any thread: everything is under one lock, in which nobody waits.
 */
final class RelayOutput {

	/** Who sends while more waits hears of it when it is written. */
	private static final int FEW_WAITING = 256 * 1024;

	private static final CompletableFuture<@Nullable Void> DONE = CompletableFuture.completedFuture(null);

	private final Unwritten out;

	private final List<CompletableFuture<@Nullable Void>> senders = new ArrayList<>();

	private final SocketChannel channel;

	private final RelayTimes times;

	private final Runnable close;

	private @Nullable SelectionKey key;

	private @Nullable Tls tls;

	private boolean closing;

	/**
	 * Makes it empty.
	 * @param all what may wait over all connections
	 * @param close closes the connection, under the lock
	 */
	RelayOutput(SocketChannel channel, Allowance all, RelayTimes times, Runnable close) {
		this.out = new Unwritten(all);
		this.channel = channel;
		this.times = times;
		this.close = close;
	}

	synchronized void registered(SelectionKey key, @Nullable Tls tls) {
		this.key = key;
		this.tls = tls;
	}

	/** Begins to encrypt, where that is asked for. */
	synchronized void begin() throws IOException {
		if (this.tls != null) {
			this.tls.begin();
			write();
		}
	}

	/** Returns whether frames can be sent. */
	synchronized boolean isOpen() {
		return this.tls == null || this.tls.isOpen();
	}

	/** Returns whether the broker has said that nothing more comes. */
	synchronized boolean isEnded() {
		return this.tls != null && this.tls.isClosed();
	}

	/** Returns what bytes that came say, in a copy. */
	synchronized byte[] plain(ByteBuffer came) throws IOException {
		if (this.tls != null) {
			byte[] plain = this.tls.unwrap(came);
			write();
			return plain;
		}
		byte[] plain = new byte[came.remaining()];
		came.get(plain);
		return plain;
	}

	/** Has bytes written: now if the broker takes them, else as soon as it does. */
	synchronized CompletableFuture<@Nullable Void> send(byte[] bytes) throws IOException {
		if (this.closing) {
			return CompletableFuture.failedFuture(new NotSent(Refused.BROKER_AWAY));
		}
		if (!this.out.hasRoom(bytes.length)) {
			throw new NotSent(Refused.BROKER_SLOW);
		}
		if (this.tls != null) {
			this.tls.wrap(ByteBuffer.wrap(bytes));
		}
		else {
			enqueue(ByteBuffer.wrap(bytes));
		}
		write();
		if (this.out.bytes() <= FEW_WAITING) {
			return DONE;
		}
		CompletableFuture<@Nullable Void> written = new CompletableFuture<>();
		this.senders.add(written);
		return written;
	}

	/** Adds bytes as they are; for whoever has the lock. */
	void enqueue(ByteBuffer bytes) {
		this.out.add(bytes);
	}

	/** Writes what waits, as the broker takes more. */
	void flush() throws IOException {
		List<CompletableFuture<@Nullable Void>> done = List.of();
		synchronized (this) {
			write();
			if (this.out.bytes() <= FEW_WAITING && !this.senders.isEmpty()) {
				done = List.copyOf(this.senders);
				this.senders.clear();
			}
		}
		done.forEach((sender) -> sender.complete(null));
	}

	private void write() throws IOException {
		this.times.written(this.out.write(this.channel));
		this.times.blocked(!this.out.isEmpty());
		await(!this.out.isEmpty());
		this.out.settle();
		if (this.out.isEmpty() && this.closing) {
			this.close.run();
		}
	}

	private void await(boolean more) {
		SelectionKey selected = this.key;
		int write = SelectionKey.OP_WRITE;
		if (selected != null && selected.isValid() && more != ((selected.interestOps() & write) != 0)) {
			selected.interestOps(selected.interestOps() ^ write);
			selected.selector().wakeup();
		}
	}

	/** Takes nothing more, and closes once what waits is written. */
	synchronized void close() {
		try {
			if (this.tls != null && !this.closing) {
				this.tls.close();
			}
			this.closing = true;
			write();
		}
		catch (IOException | RuntimeException ex) {
			this.close.run();
		}
	}

	/** Throws away what waits. */
	void abandon() {
		List<CompletableFuture<@Nullable Void>> failed;
		synchronized (this) {
			this.closing = true;
			this.out.clear();
			failed = List.copyOf(this.senders);
			this.senders.clear();
		}
		failed.forEach((sender) -> sender.completeExceptionally(new IOException("The connection is closed")));
	}

}
