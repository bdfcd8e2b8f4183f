package org.sessionlink.link;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** Time that moves when a test says so; what is executed runs at once. */
public class FakeClock implements LinkClock {

	private final PriorityQueue<Timer> timers = new PriorityQueue<>(
			Comparator.comparingLong(Timer::at).thenComparingLong(Timer::order));

	private long nanos = -5;

	private long order;

	private record Timer(long at, long order, Runnable task, CompletableFuture<Void> future) {
	}

	@Override
	public long nanoTime() {
		return this.nanos;
	}

	@Override
	public Instant now() {
		return Instant.EPOCH.plusNanos(this.nanos);
	}

	@Override
	public Future<?> schedule(Runnable task, Duration delay) {
		Timer timer = new Timer(this.nanos + delay.toNanos(), this.order++, task, new CompletableFuture<>());
		this.timers.add(timer);
		return timer.future();
	}

	@Override
	public void execute(Crew crew, Runnable task) {
		task.run();
	}

	/** Lets time pass, and all that is due happen in its order. */
	public void pass(Duration duration) {
		long end = this.nanos + duration.toNanos();
		while (!this.timers.isEmpty() && this.timers.peek().at() <= end) {
			Timer timer = this.timers.poll();
			this.nanos = Math.max(this.nanos, timer.at());
			if (!timer.future().isCancelled()) {
				timer.task().run();
			}
		}
		this.nanos = end;
	}

	/** Lets time pass without any timer being on time. */
	public void passUnnoticed(Duration duration) {
		this.nanos += duration.toNanos();
	}

	/** Returns how many timers are waiting. */
	public long waiting() {
		return this.timers.stream().filter((timer) -> !timer.future().isCancelled()).count();
	}

}
