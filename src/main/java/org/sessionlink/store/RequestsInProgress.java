package org.sessionlink.store;

import java.lang.ref.WeakReference;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Link;

/**
 * The requests of this application that are in progress: each is an attribute of its
 * request, and known to the thread that serves it, where sessions are created.
 *
 * <p>
 * Safe for use by any thread: what changes belongs to one request, or to one thread.
 */
final class RequestsInProgress {

	private final String attribute;

	// Weak, as on Tomcat an asynchronous request ends on another thread: this one must
	// keep nothing of the application.
	private final ThreadLocal<@Nullable WeakReference<RequestInProgress>> current = new ThreadLocal<>();

	/** Makes those of the application at a context path. */
	RequestsInProgress(String contextPath) {
		this.attribute = RequestInProgress.class.getName() + " at " + contextPath;
	}

	/**
	 * Takes note that this thread serves a request.
	 * @param counts whether the sessions that it uses are used by that
	 */
	void begins(HttpServletRequest request, boolean counts) {
		// Of a request that went on elsewhere.
		this.current.remove();
		if (counts) {
			begins(request);
		}
	}

	private void begins(HttpServletRequest request) {
		RequestInProgress inProgress = in(request);
		if (inProgress == null || inProgress.isOver()) {
			inProgress = new RequestInProgress();
			request.setAttribute(this.attribute, inProgress);
		}
		inProgress.begins(request.getDispatcherType());
		this.current.set(new WeakReference<>(inProgress));
	}

	/** Takes note that the request that this thread serves uses the session of a link. */
	void use(Link link) {
		WeakReference<RequestInProgress> reference = this.current.get();
		RequestInProgress inProgress = (reference != null) ? reference.get() : null;
		if (inProgress != null) {
			inProgress.uses(link);
		}
	}

	/** Takes note that a request uses no session after all. */
	void isNone(HttpServletRequest request) {
		RequestInProgress inProgress = in(request);
		if (inProgress != null) {
			inProgress.isNone();
		}
	}

	/** Takes note that this thread has served a request, as far as it does so at once. */
	void dispatched(HttpServletRequest request) {
		RequestInProgress inProgress = in(request);
		if (inProgress != null && inProgress.isWithin()) {
			return;
		}
		this.current.remove();
		if (inProgress != null) {
			inProgress.dispatched(request);
		}
	}

	private @Nullable RequestInProgress in(HttpServletRequest request) {
		return (request.getAttribute(this.attribute) instanceof RequestInProgress inProgress) ? inProgress : null;
	}

}
