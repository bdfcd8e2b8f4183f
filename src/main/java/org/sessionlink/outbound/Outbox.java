package org.sessionlink.outbound;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
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
 * A message that waits alone is written by whoever has sent it; several are written as
 * one, by the {@link Writers}.
 *
 * <p>
 * Safe for use by any thread. One lock is held for each of these steps, and never while
 * anything is written or anybody is told:
 * <ul>
 * <li>sending: adds to the end, and looks at the limits
 * <li>writing: takes the first, or the writers take all, and the pen at once, if nobody
 * holds the pen; so one write is under way at a time, in the order sent
 * <li>a write is over when both the container has returned from the call and has said so,
 * in whatever order: the second of the two lays the pen down and writes on. So calls do
 * not nest, however fast the container is
 * <li>queueing with the writers: by whoever finds that it is not queued yet
 * <li>closing: whoever closes throws away what waits, or says what to do once it is
 * written; nothing is added any more
 * <li>the timer, of which there is at most one: looks at the time that the oldest has
 * waited, while there is any
 * </ul>
 */
final class Outbox {

	/** So many bytes go out as one, or a little more. */
	private static final int MOST_TOGETHER = 64 * 1024;

	/** The longest that a sender waits for the writers, which may be behind. */
	private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final Deque<Entry> waiting = new ArrayDeque<>(2);

	private final Wire wire;

	private final Owner owner;

	private final LinkClock clock;

	private final OutboundSettings settings;

	private final Consumer<Outbox> writers;

	private long waitingBytes;

	private @Nullable Entry pen;

	private boolean queued;

	private volatile boolean slow;

	private @Nullable Thread waiter;

	private boolean closed;

	private @Nullable Runnable afterLast;

	private @Nullable Future<?> timer;

	/**
	 * Makes an empty one.
	 * @param writers takes it to be {@linkplain #writeTogether written} soon, by a thread
	 * for that
	 */
	Outbox(Wire wire, Owner owner, LinkClock clock, OutboundSettings settings, Consumer<Outbox> writers) {
		this.wire = wire;
		this.owner = owner;
		this.clock = clock;
		this.settings = settings;
		this.writers = writers;
	}

	/** Whose outbox it is. */
	interface Owner {

		/** Returns whether what waits may still go out. */
		boolean mayPass();

		/** Hears how many messages its client will miss. */
		void missed(int count);

		/** Hears that its client reads too slowly; the outbox is closed. */
		void tooSlow();

		/** Hears that the socket is broken; the outbox is closed. */
		void broken(Throwable error);

	}

	private record Entry(WebSocketMessage<?> message, int bytes, boolean mayMiss, long since) {
	}

	/**
	 * Writes a message when its turn comes, now if it can; never waits.
	 * @param mayMiss whether the client can do without it (B27)
	 */
	void send(WebSocketMessage<?> message, boolean mayMiss) {
		add(message, mayMiss, false);
		flush();
	}

	/**
	 * Has a message written by the writers, together with what else comes meanwhile;
	 * waits for them, but never for a peer, if they are far behind.
	 * @param mayMiss whether the client can do without it (B27)
	 */
	void sendSoon(WebSocketMessage<?> message, boolean mayMiss) {
		if (add(message, mayMiss, true)) {
			this.writers.accept(this);
		}
	}

	/** Returns whether the caller has to queue it. */
	private boolean add(WebSocketMessage<?> message, boolean mayMiss, boolean soon) {
		Entry entry = new Entry(message, message.getPayloadLength(), mayMiss, this.clock.nanoTime());
		int missed;
		boolean tooSlow;
		boolean queue;
		this.lock.lock();
		try {
			if (this.closed || this.afterLast != null) {
				return false;
			}
			this.waiting.add(entry);
			this.waitingBytes += entry.bytes();
			missed = makeRoom();
			tooSlow = isOverBytes();
			if (tooSlow) {
				shut();
			}
			queue = soon && mayQueue();
			if (soon && !queue) {
				waitForWriters();
			}
		}
		finally {
			this.lock.unlock();
		}
		tell(missed, tooSlow);
		return queue;
	}

	private boolean mayQueue() {
		// Whoever lays the pen down sees to the rest.
		if (this.queued || this.pen != null || this.closed) {
			return false;
		}
		this.queued = true;
		return true;
	}

	private void waitForWriters() {
		if (this.queued && this.pen == null && this.waitingBytes > MOST_TOGETHER) {
			try {
				this.changed.awaitNanos(PATIENCE_NANOS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
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
		WebSocketMessage<?> next = takeOne();
		while (next != null) {
			WebSocketMessage<?> message = next;
			if (!write((writing) -> this.wire.write(message, writing))) {
				return;
			}
			next = takeOne();
		}
	}

	private interface Step {

		void run(Writing writing) throws IOException;

	}

	/** Returns whether the write is over already, and the pen laid down. */
	private boolean write(Step step) {
		Writing writing = new Writing();
		try {
			step.run(writing);
		}
		catch (IOException | RuntimeException ex) {
			writing.accept(ex);
		}
		if (writing.isDoneOnReturn()) {
			layPenDown(writing.error);
			return true;
		}
		return false;
	}

	/** Takes what waits alone; has it queued if it is not alone. */
	private @Nullable WebSocketMessage<?> takeOne() {
		boolean queue;
		Runnable after = null;
		this.lock.lock();
		try {
			if (!mayTake()) {
				return null;
			}
			if (this.waiting.size() == 1) {
				return take(this.waiting.remove());
			}
			queue = !this.waiting.isEmpty() && mayQueue();
			if (this.waiting.isEmpty()) {
				after = nothingWaits();
			}
		}
		finally {
			this.lock.unlock();
		}
		if (queue) {
			this.writers.accept(this);
		}
		if (after != null) {
			after.run();
		}
		return null;
	}

	private boolean mayTake() {
		if (this.pen != null) {
			return false;
		}
		if (!this.closed && !this.owner.mayPass()) {
			throwAway();
		}
		return true;
	}

	private WebSocketMessage<?> take(Entry entry) {
		this.waitingBytes -= entry.bytes();
		this.pen = entry;
		watchTime();
		return entry.message();
	}

	/**
	 * Writes what waits as one: for the writers alone.
	 * @param mayWait whether this thread may wait for the peer
	 */
	void writeTogether(boolean mayWait) {
		boolean together = !this.wire.waits() || (mayWait && !this.slow);
		List<WebSocketMessage<?>> messages = takeMany(together);
		if (messages.isEmpty()) {
			return;
		}
		boolean over = write((writing) -> {
			if (together) {
				this.wire.writeTogether(whileOpen(messages), writing);
			}
			else {
				this.wire.write(messages.get(0), writing);
			}
		});
		if (together) {
			stopWaiting();
		}
		if (over) {
			queueRest();
		}
	}

	/** Takes all that waits, or the first alone. */
	private List<WebSocketMessage<?>> takeMany(boolean together) {
		List<WebSocketMessage<?>> taken = new ArrayList<>();
		Runnable after = null;
		this.lock.lock();
		try {
			this.queued = false;
			if (!mayTake()) {
				return taken;
			}
			Entry next = this.waiting.poll();
			if (next == null) {
				after = nothingWaits();
			}
			else {
				taken.add(take(next));
				int bytes = next.bytes();
				while (together && !this.waiting.isEmpty() && bytes < MOST_TOGETHER) {
					next = this.waiting.remove();
					bytes += next.bytes();
					taken.add(takeAlso(next));
				}
				this.waiter = (together && this.wire.waits()) ? Thread.currentThread() : null;
				this.changed.signalAll();
			}
		}
		finally {
			this.lock.unlock();
		}
		if (after != null) {
			after.run();
		}
		return taken;
	}

	private WebSocketMessage<?> takeAlso(Entry entry) {
		this.waitingBytes -= entry.bytes();
		// The pen has the oldest that its client cannot do without.
		if (this.pen != null && this.pen.mayMiss()) {
			this.pen = entry;
		}
		return entry.message();
	}

	// An end in the middle stops the rest (B5).
	private Iterable<WebSocketMessage<?>> whileOpen(List<WebSocketMessage<?>> messages) {
		return () -> new Iterator<>() {

			private int next;

			@Override
			public boolean hasNext() {
				return this.next < messages.size() && Outbox.this.owner.mayPass();
			}

			@Override
			public WebSocketMessage<?> next() {
				return messages.get(this.next++);
			}

		};
	}

	private void stopWaiting() {
		this.lock.lock();
		try {
			if (this.waiter == Thread.currentThread()) {
				this.waiter = null;
				// Whoever has closed may have interrupted this thread just now.
				Thread.interrupted();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void queueRest() {
		boolean queue;
		Runnable after;
		this.lock.lock();
		try {
			queue = !this.waiting.isEmpty() && mayQueue();
			after = (this.waiting.isEmpty() && this.pen == null) ? nothingWaits() : null;
		}
		finally {
			this.lock.unlock();
		}
		if (queue) {
			this.writers.accept(this);
		}
		if (after != null) {
			after.run();
		}
	}

	/** Returns what was to be done then; a peer that was slow starts anew. */
	private @Nullable Runnable nothingWaits() {
		this.slow = false;
		Runnable after = this.afterLast;
		this.afterLast = null;
		if (after != null) {
			shut();
		}
		return after;
	}

	/** Hears that a thread waits for the peer: no other will, until all is written. */
	void stalled() {
		this.slow = true;
		this.wire.stalled();
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
			after = nothingWaits();
			shut();
		}
		finally {
			this.lock.unlock();
		}
		if (after != null) {
			after.run();
		}
	}

	/** Closes, and frees the thread that waits for the peer, if there is one. */
	void abandon() {
		close();
		this.lock.lock();
		try {
			if (this.waiter != null) {
				this.waiter.interrupt();
			}
		}
		finally {
			this.lock.unlock();
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

	/** One write under way. */
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
