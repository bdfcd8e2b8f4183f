package org.sessionlink.link;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The real time, one thread for timers, and {@link CrewThreads} for each {@link Crew}.
 *
 * <p>
 * Stops with the application; what is handed over afterwards is dropped.
 */
public final class LinkThreads implements LinkClock, AutoCloseable {

	private static final Duration MOMENT = Duration.ofSeconds(2);

	private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, (task) -> {
		Thread thread = new Thread(task, "sessionlink-timer-1");
		thread.setDaemon(true);
		return thread;
	}, new ThreadPoolExecutor.DiscardPolicy());

	private final Map<Crew, CrewThreads> crews = new EnumMap<>(Crew.class);

	public LinkThreads() {
		this.timer.setRemoveOnCancelPolicy(true);
		for (Crew crew : Crew.values()) {
			this.crews.put(crew, new CrewThreads(crew));
		}
	}

	@Override
	public long nanoTime() {
		return System.nanoTime();
	}

	@Override
	public Instant now() {
		return Instant.now();
	}

	@Override
	public Future<?> schedule(Runnable task, Duration delay) {
		return this.timer.schedule(() -> Telling.tell("A timer of the links", task::run), delay.toNanos(),
				TimeUnit.NANOSECONDS);
	}

	/**
	 * Runs the task as one that is nobody else's: only the number of threads limits it.
	 */
	@Override
	public void execute(Crew crew, Runnable task) {
		this.crews.get(crew).execute(new Object(), task);
	}

	@Override
	public void execute(Crew crew, Object owner, Runnable task) {
		this.crews.get(crew).execute(owner, task);
	}

	/** Returns how many timers and tasks are waiting. */
	public int waiting() {
		return this.timer.getQueue().size() + this.crews.values().stream().mapToInt(CrewThreads::waiting).sum();
	}

	/** Stops all threads, giving the crews a moment to finish. */
	@Override
	public void close() {
		this.timer.shutdownNow();
		Collection<CrewThreads> all = this.crews.values();
		all.forEach(CrewThreads::close);
		long end = System.nanoTime() + MOMENT.toNanos();
		try {
			for (CrewThreads crew : all) {
				crew.awaitEnd(end - System.nanoTime());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		all.forEach(CrewThreads::stop);
	}

}
