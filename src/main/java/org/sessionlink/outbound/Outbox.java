package org.sessionlink.outbound;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.LinkClock;

import org.springframework.web.socket.WebSocketMessage;

/**
 * What waits to be written to one socket, bounded in bytes and time (B27): nobody who
 * sends waits for a peer that does not read (B18).
 *
 * <p>
 * Safe for use by any thread. One lock is held for each of these steps, and never while
 * anything is written or anybody is told:
 * <ul>
 * <li>sending: adds to the end, and looks at the limits
 * <li>flushing: takes the first and the pen at once, if nobody holds the pen; so one
 * message is under way at a time, in the order sent
 * <li>a message is written when both the container has returned from the call and has
 * said so, in whatever order: the second of the two lays the pen down and flushes on. So
 * calls do not nest, however fast the container is
 * <li>closing: whoever closes throws away what waits, or says what to do once it is
 * written; nothing is added any more
 * <li>the timer, of which there is at most one: looks at the time that the oldest has
 * waited, while there is any
 * </ul>
 */
final class Outbox {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final Deque<Entry> waiting = new ArrayDeque<>(2);

	private final Wire wire;

	private final Owner owner;

	private final LinkClock clock;

	private final OutboundSettings settings;

	private long waitingBytes;

	private @Nullable Entry pen;

	private boolean closed;

	private @Nullable Runnable afterLast;

	private @Nullable Future<?> timer;

	Outbox(Wire wire, Owner owner, LinkClock clock, OutboundSettings settings) {
		this.wire = wire;
		this.owner = owner;
		this.clock = clock;
		this.settings = settings;
	}

	/** Whose outbox it is. */
	interface Owner {

		/** Returns whether what waits may still go out. */
		boolean mayPass();

		/** Returns whether its client can do without a message (B27). */
		boolean mayMiss(WebSocketMessage<?> message);

		/** Hears how many messages its client will miss. */
		void missed(int count);

		/** Hears that its client reads too slowly; the outbox is closed. */
		void tooSlow();

		/** Hears that the socket is broken; the outbox is closed. */
		void broken(Throwable error);

	}

	private record Entry(@Nullable WebSocketMessage<?> message, int bytes, boolean mayMiss, long since) {
	}

	/** Writes a message when its turn comes; never waits. */
	void send(WebSocketMessage<?> message) {
		Entry entry = new Entry(message, message.getPayloadLength(), this.owner.mayMiss(message),
				this.clock.nanoTime());
		int missed;
		boolean tooSlow;
		this.lock.lock();
		try {
			if (this.closed || this.afterLast != null) {
				return;
			}
			this.waiting.add(entry);
			this.waitingBytes += entry.bytes();
			missed = makeRoom();
			tooSlow = isOverBytes();
			if (tooSlow) {
				shut();
			}
		}
		finally {
			this.lock.unlock();
		}
		tell(missed, tooSlow);
		flush();
	}

	// One message alone may always wait, however large.
	private boolean isOverBytes() {
		int most = this.settings.sendBuffer();
		return most > 0 && this.waitingBytes > most && this.waiting.size() > 1;
	}

	private int makeRoom() {
		int missed = 0;
		Iterator<Entry> oldest = this.waiting.iterator();
		while (isOverBytes() && oldest.hasNext()) {
			missed += removeIfMissable(oldest, oldest.next()) ? 1 : 0;
		}
		return missed;
	}

	private boolean removeIfMissable(Iterator<Entry> entries, Entry entry) {
		if (entry.mayMiss()) {
			entries.remove();
			this.waitingBytes -= entry.bytes();
		}
		return entry.mayMiss();
	}

	private void tell(int missed, boolean tooSlow) {
		if (missed > 0) {
			this.owner.missed(missed);
		}
		if (tooSlow) {
			this.owner.tooSlow();
		}
	}

	private void flush() {
		Entry next = takePen();
		while (next != null && next.message() != null) {
			Writing writing = new Writing();
			try {
				this.wire.write(next.message(), writing);
			}
			catch (IOException | RuntimeException ex) {
				writing.accept(ex);
			}
			if (!writing.isDoneOnReturn()) {
				return;
			}
			layPenDown(writing.error);
			next = takePen();
		}
	}

	private @Nullable Entry takePen() {
		Runnable after;
		this.lock.lock();
		try {
			if (this.pen != null) {
				return null;
			}
			if (!this.closed && !this.owner.mayPass()) {
				throwAway();
			}
			this.pen = this.waiting.poll();
			if (this.pen != null) {
				this.waitingBytes -= this.pen.bytes();
				watchTime();
				return this.pen;
			}
			after = takeAfterLast();
		}
		finally {
			this.lock.unlock();
		}
		if (after != null) {
			after.run();
		}
		return null;
	}

	private @Nullable Runnable takeAfterLast() {
		Runnable after = this.afterLast;
		this.afterLast = null;
		if (after != null) {
			shut();
		}
		return after;
	}

	private void layPenDown(@Nullable Throwable error) {
		boolean broken;
		this.lock.lock();
		try {
			this.pen = null;
			broken = error != null && !this.closed;
			if (broken) {
				shut();
			}
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		if (broken) {
			this.owner.broken(error);
		}
	}

	/**
	 * Writes something else on this thread, if nothing is under way and nothing waits.
	 */
	void writeIfIdle(WebSocketMessage<?> message, Writer writer) {
		this.lock.lock();
		try {
			if (this.closed || this.afterLast != null || isBusy() || !this.owner.mayPass()) {
				return;
			}
			this.pen = new Entry(message, 0, false, this.clock.nanoTime());
			watchTime();
		}
		finally {
			this.lock.unlock();
		}
		Throwable error = null;
		try {
			writer.write(message);
		}
		catch (IOException | RuntimeException ex) {
			error = ex;
		}
		layPenDown(error);
		flush();
	}

	/** Writes a message, and may block. */
	interface Writer {

		void write(WebSocketMessage<?> message) throws IOException;

	}

	/**
	 * Throws away what waits, and writes one last message, if what is under way is
	 * written within this time.
	 * @return whether it was written, or at least begun
	 */
	boolean writeLast(WebSocketMessage<?> message, long waitMillis) throws IOException, InterruptedException {
		this.lock.lock();
		try {
			shut();
			long nanos = TimeUnit.MILLISECONDS.toNanos(waitMillis);
			while (this.pen != null && nanos > 0) {
				nanos = this.changed.awaitNanos(nanos);
			}
			if (this.pen != null) {
				return false;
			}
			this.pen = new Entry(message, 0, false, this.clock.nanoTime());
		}
		finally {
			this.lock.unlock();
		}
		this.wire.writeLast(message, waitMillis);
		return true;
	}

	/**
	 * Takes nothing more, and has this run once what waits is written.
	 * @return true if there is nothing: then it is not run
	 */
	boolean closeAfterLast(Runnable after) {
		this.lock.lock();
		try {
			if (this.closed || !isBusy()) {
				shut();
				return true;
			}
			this.afterLast = after;
			return false;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Throws away what waits, and takes nothing more. */
	void close() {
		Runnable after;
		this.lock.lock();
		try {
			after = takeAfterLast();
			shut();
		}
		finally {
			this.lock.unlock();
		}
		if (after != null) {
			after.run();
		}
	}

	private void shut() {
		this.closed = true;
		throwAway();
		if (this.timer != null) {
			this.timer.cancel(false);
			this.timer = null;
		}
		this.changed.signalAll();
	}

	private void throwAway() {
		this.waiting.clear();
		this.waitingBytes = 0;
	}

	/** Returns whether something waits or is under way. */
	boolean hasWork() {
		this.lock.lock();
		try {
			return isBusy();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Waits until nothing waits or is under way, or until the time is over. */
	boolean awaitEmpty(Duration limit) throws InterruptedException {
		this.lock.lock();
		try {
			long nanos = limit.toNanos();
			while (isBusy() && !this.closed && nanos > 0) {
				nanos = this.changed.awaitNanos(nanos);
			}
			return !isBusy() || this.closed;
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean isBusy() {
		return this.pen != null || !this.waiting.isEmpty();
	}

	private void watchTime() {
		if (this.timer == null && !this.closed && !this.settings.sendTime().isZero()) {
			this.timer = this.clock.schedule(this::lookAtTime, this.settings.sendTime());
		}
	}

	private void lookAtTime() {
		int missed = 0;
		boolean tooSlow = false;
		this.lock.lock();
		try {
			this.timer = null;
			if (this.closed || !isBusy()) {
				return;
			}
			long now = this.clock.nanoTime();
			long longest = this.settings.sendTime().toNanos();
			long oldest = (this.pen != null && !this.pen.mayMiss()) ? now - this.pen.since() : 0;
			Iterator<Entry> entries = this.waiting.iterator();
			while (entries.hasNext()) {
				Entry entry = entries.next();
				long age = now - entry.since();
				if (age >= longest && removeIfMissable(entries, entry)) {
					missed++;
				}
				oldest = entry.mayMiss() ? oldest : Math.max(oldest, age);
			}
			tooSlow = oldest >= longest;
			if (tooSlow) {
				shut();
			}
			else {
				this.timer = this.clock.schedule(this::lookAtTime, Duration.ofNanos(longest - oldest));
			}
		}
		finally {
			this.lock.unlock();
		}
		tell(missed, tooSlow);
	}

	/** One message under way. */
	private final class Writing implements Consumer<@Nullable Throwable> {

		private enum State {

			CALLED, RETURNED, WRITTEN

		}

		private final AtomicReference<State> state = new AtomicReference<>(State.CALLED);

		private volatile @Nullable Throwable error;

		@Override
		public void accept(@Nullable Throwable result) {
			if (this.state.get() == State.WRITTEN) {
				return;
			}
			this.error = result;
			if (this.state.getAndSet(State.WRITTEN) == State.RETURNED) {
				layPenDown(result);
				flush();
			}
		}

		boolean isDoneOnReturn() {
			return !this.state.compareAndSet(State.CALLED, State.RETURNED);
		}

	}

}
