package org.sessionlink.cluster;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Consumer;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Telling;

/**
 * The sessions that the request of a thread uses: where the request goes on after its
 * thread has left, what changes of them meanwhile is kept once it is complete.
 */
final class LateChanges implements AsyncListener {

	private static final ThreadLocal<@Nullable LateChanges> current = new ThreadLocal<>();

	private final Set<SharedSession> sessions = Collections.newSetFromMap(new IdentityHashMap<>());

	private final Consumer<SharedSession> save;

	private LateChanges(Consumer<SharedSession> save) {
		this.save = save;
	}

	/**
	 * Takes note that this thread begins to serve a request.
	 * @return what it has served so far, to be gone back to
	 */
	static @Nullable LateChanges begin(Consumer<SharedSession> save) {
		LateChanges before = current.get();
		current.set(new LateChanges(save));
		return before;
	}

	/** Takes note that the request of this thread uses a session. */
	static void mayComeTo(SharedSession session) {
		LateChanges changes = current.get();
		if (changes != null) {
			changes.sessions.add(session);
		}
	}

	/**
	 * Takes note that this thread has served a request, which may go on without it.
	 * @param kept whether all could be kept so far
	 */
	static void end(HttpServletRequest request, @Nullable LateChanges before, boolean kept) {
		LateChanges changes = current.get();
		if (before != null) {
			current.set(before);
		}
		else {
			current.remove();
		}
		if (changes == null || changes.sessions.isEmpty()) {
			return;
		}
		if (request.isAsyncStarted()) {
			changes.await(request);
		}
		else if (kept) {
			// It may have gone on, and be complete by now; otherwise nothing is left.
			changes.save();
		}
	}

	private void await(HttpServletRequest request) {
		try {
			request.getAsyncContext().addListener(this);
		}
		catch (IllegalStateException ex) {
			// It has been quicker.
			save();
		}
	}

	private void save() {
		this.sessions.forEach(
				(session) -> Telling.tell("Keeping what has changed of a session", () -> this.save.accept(session)));
	}

	@Override
	public void onComplete(AsyncEvent event) {
		save();
	}

	@Override
	public void onTimeout(AsyncEvent event) {
		// It will be complete.
	}

	@Override
	public void onError(AsyncEvent event) {
		// It will be complete.
	}

	@Override
	public void onStartAsync(AsyncEvent event) {
		event.getAsyncContext().addListener(this);
	}

}
