package org.sessionlink.handling;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.sessionlink.handling.HandlerThreads.Task;
import org.sessionlink.link.Telling;

/**
 * What an executor of the application's was given and has not begun with. One that throws
 * tasks away without a word, by a policy such as the JDK's {@code DiscardPolicy}, would
 * leave their sockets deaf: what nobody holds any more is found once its memory is freed.
 *
 * <p>
 * Safe for use by any thread: each is taken out once, by its run, by whoever has given it
 * or by whoever finds it lost, in one step on the set.
 */
final class GivenAway {

	private final ReferenceQueue<Runnable> freed = new ReferenceQueue<>();

	private final Set<Given> open = ConcurrentHashMap.newKeySet();

	private final Consumer<Task> work;

	/**
	 * Makes it.
	 * @param work what a thread does for a task
	 */
	GivenAway(Consumer<Task> work) {
		this.work = work;
	}

	/** What is given, as long as somebody holds it. */
	private static final class Given extends PhantomReference<Runnable> {

		private final Task task;

		Given(Run run, Task task, ReferenceQueue<Runnable> freed) {
			super(run, freed);
			this.task = task;
		}

	}

	/** What the executor is to run; once, however often it does. */
	final class Run implements Runnable {

		private final Given given;

		private Run(Task task) {
			this.given = new Given(this, task, GivenAway.this.freed);
		}

		@Override
		public void run() {
			if (takeBack()) {
				GivenAway.this.work.accept(this.given.task);
			}
		}

		/** Returns whether it has not been begun with, and now will not be. */
		boolean takeBack() {
			return GivenAway.this.open.remove(this.given);
		}

	}

	/** Returns what to give away for a task. */
	Run run(Task task) {
		Run run = new Run(task);
		this.open.add(run.given);
		return run;
	}

	/** Says of tasks that nobody will come to. */
	void look(Consumer<Task> lost) {
		for (@Nullable
		Reference<?> freed = this.freed.poll(); freed != null; freed = this.freed.poll()) {
			if (freed instanceof Given given && this.open.remove(given)) {
				Telling.tell("A socket whose task is lost", () -> lost.accept(given.task));
			}
		}
	}

}
