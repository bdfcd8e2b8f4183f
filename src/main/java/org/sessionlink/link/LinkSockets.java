package org.sessionlink.link;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open sockets of one link (B17, B27).
 *
 * <p>
 * Safe for use by any thread: each socket comes and goes by itself, in a concurrent set,
 * counted by an atomic number that a limit is held against. What has gone through it
 * goes, in one step under the monitor with the socket, to what is kept of those that have
 * closed: whoever adds all up counts nothing twice, and leaves nothing out (B23).
 */
final class LinkSockets {

	private static final Logger logger = LoggerFactory.getLogger(LinkSockets.class);

	private final Set<LinkedSocket> open = ConcurrentHashMap.newKeySet();

	private final AtomicInteger count = new AtomicInteger();

	private final Link link;

	private final int most;

	private TrafficSum closed = TrafficSum.NONE;

	private @Nullable Long lastFrame;

	/**
	 * Makes it empty.
	 * @param most the most that there may be; 0 for any number
	 */
	LinkSockets(Link link, int most) {
		this.link = link;
		this.most = most;
	}

	/** Adds a socket, unless there are as many as may be. */
	boolean add(LinkedSocket socket) {
		if (this.count.incrementAndGet() > this.most && this.most > 0) {
			this.count.decrementAndGet();
			return false;
		}
		this.open.add(socket);
		return true;
	}

	/**
	 * Forgets a socket; any number of times.
	 * @return whether it was there
	 */
	synchronized boolean remove(LinkedSocket socket) {
		boolean removed = this.open.remove(socket);
		if (removed) {
			this.count.decrementAndGet();
			this.closed = this.closed.plus(socket.traffic().sum());
			this.lastFrame = later(this.lastFrame, socket);
		}
		return removed;
	}

	/** Returns what has gone through all that are open, and all that were. */
	synchronized TrafficSum traffic() {
		TrafficSum all = this.closed;
		for (LinkedSocket socket : this.open) {
			all = all.plus(socket.traffic().sum());
		}
		return all;
	}

	boolean isEmpty() {
		return this.open.isEmpty();
	}

	/**
	 * Returns when a frame came last on any that is or was open, in nanoseconds of the
	 * clock; null where there was none.
	 */
	synchronized @Nullable Long lastFrame() {
		Long last = this.lastFrame;
		for (LinkedSocket socket : this.open) {
			last = later(last, socket);
		}
		return last;
	}

	private static Long later(@Nullable Long one, LinkedSocket socket) {
		long other = socket.traffic().lastFrame();
		return (one == null || other - one > 0) ? Long.valueOf(other) : one;
	}

	boolean hasRoom() {
		return this.most == 0 || this.count.get() < this.most;
	}

	List<LinkedSocket> all() {
		return List.copyOf(this.open);
	}

	/** Tells every socket, one after the other, whatever becomes of the others. */
	void tellAll(Consumer<LinkedSocket> news) {
		this.open.forEach((socket) -> tell(socket, news));
	}

	/** Tells a socket; one that fails is closed, as it may still do what it did (B12). */
	void tell(LinkedSocket socket, Consumer<LinkedSocket> news) {
		try {
			news.accept(socket);
		}
		catch (Throwable ex) {
			logger.error("A socket of {} is closed, as it cannot be told what has changed", this.link, ex);
			this.link.end(socket, EndCause.USER_CHANGED);
		}
	}

}
