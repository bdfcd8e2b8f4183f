package org.sessionlink.journey;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The way to a server, which can be cut: from one node to its Redis, where it can lose
 * what is published, or from a browser to a container.
 */
final class Cable implements AutoCloseable {

	private final ServerSocket door;

	private final int target;

	private final Way back;

	private final Set<java.net.Socket> ends = ConcurrentHashMap.newKeySet();

	private final AtomicInteger lost = new AtomicInteger();

	private volatile boolean losing;

	private volatile boolean cut;

	/** Lays one to the Redis at this port; close it. */
	Cable(int target) {
		this(target, null);
	}

	/** Lays one to this port, for whatever goes over it; close it. */
	static Cable plain(int target) {
		return new Cable(target, InputStream::transferTo);
	}

	private Cable(int target, Way back) {
		this.target = target;
		this.back = (back != null) ? back : this::carryAnswers;
		try {
			this.door = new ServerSocket(Container.freePort(), 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		run(this::accept);
	}

	int port() {
		return this.door.getLocalPort();
	}

	/** Has it lose what is published from now on, or no longer. */
	void lose(boolean losing) {
		this.losing = losing;
	}

	/** Returns how many messages it has lost. */
	int lost() {
		return this.lost.get();
	}

	/** Breaks all connections, and takes no others. */
	void cut() {
		this.cut = true;
		this.ends.forEach(Cable::closeQuietly);
	}

	/** Takes connections again. */
	void mend() {
		this.cut = false;
	}

	@Override
	public void close() {
		closeQuietly(this.door);
		cut();
	}

	private void accept() throws IOException {
		while (true) {
			java.net.Socket node = this.door.accept();
			if (this.cut) {
				closeQuietly(node);
				continue;
			}
			try {
				connect(node);
			}
			catch (IOException ex) {
				// The Redis is gone: so is who wanted it.
				closeQuietly(node);
			}
		}
	}

	private void connect(java.net.Socket node) throws IOException {
		java.net.Socket redis = new java.net.Socket(InetAddress.getLoopbackAddress(), this.target);
		node.setTcpNoDelay(true);
		redis.setTcpNoDelay(true);
		this.ends.add(node);
		this.ends.add(redis);
		if (this.cut) {
			cut();
		}
		run(() -> {
			try (node; redis) {
				node.getInputStream().transferTo(redis.getOutputStream());
			}
			finally {
				this.ends.remove(node);
			}
		});
		run(() -> {
			try (node; redis) {
				this.back.carry(redis.getInputStream(), node.getOutputStream());
			}
			finally {
				this.ends.remove(redis);
			}
		});
	}

	private void carryAnswers(InputStream redis, OutputStream node) throws IOException {
		Resp said = new Resp(redis);
		while (true) {
			byte[] value = said.next();
			if (this.losing && Resp.isPublished(value)) {
				this.lost.incrementAndGet();
			}
			else {
				node.write(value);
			}
		}
	}

	private static void run(Carrying carrying) {
		Thread thread = new Thread(() -> {
			try {
				carrying.run();
			}
			catch (IOException ex) {
				// One end is closed.
			}
		}, "cable");
		thread.setDaemon(true);
		thread.start();
	}

	private static void closeQuietly(AutoCloseable end) {
		try {
			end.close();
		}
		catch (Exception ex) {
			// Then it is closed.
		}
	}

	@FunctionalInterface
	private interface Way {

		void carry(InputStream from, OutputStream to) throws IOException;

	}

	@FunctionalInterface
	private interface Carrying {

		void run() throws IOException;

	}

}
