package org.sessionlink.broker;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.InOrder;
import org.sessionlink.link.Telling;

/**
 * Steps that change something one at a time, in which nobody is called: what they want
 * done is done after them, in the order of the steps, and one after the other.
 *
 * <p>
 * Any thread takes a step, under the monitor; what it wants done may be done by another
 * one that is at it already.
 */
final class Steps {

	private final InOrder out = new InOrder();

	/** Takes one, and has done what it wants. */
	<T extends @Nullable Object> T take(Supplier<T> step) {
		T result;
		synchronized (this) {
			result = step.get();
		}
		this.out.run();
		return result;
	}

	/** Takes one that returns nothing. */
	void take(Runnable step) {
		take(() -> {
			step.run();
			return null;
		});
	}

	/** Wants something done after the step that is being taken. */
	void then(Runnable task) {
		this.out.add(() -> Telling.tell("A line to the broker", task::run));
	}

}
