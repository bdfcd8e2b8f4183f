package org.sessionlink.store;

import java.util.HashSet;
import java.util.Set;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import org.sessionlink.link.Link;

/**
 * A request from its start to its end, however many threads and dispatches that takes:
 * the links of the sessions that it uses do not expire meanwhile (B43).
 *
 * <p>
 * Safe for use by any thread. Which links it uses, and that it is over, changes under its
 * lock, by its threads; what it calls there only counts.
 */
final class RequestInProgress implements AsyncListener {

	private final Set<Link> links = new HashSet<>();

	private boolean over;

	private int depth;

	/** Takes note that the request uses the session of a link; any number of times. */
	synchronized void uses(Link link) {
		if (!this.over && this.links.add(link)) {
			link.requestBegins(this);
		}
	}

	/**
	 * Takes note that a dispatch begins: the request's first, the next of an asynchronous
	 * one, whose end before not every container tells of, or one within another, as
	 * Tomcat can tell of forwards.
	 */
	synchronized void begins(DispatcherType dispatcher) {
		this.depth = (dispatcher == DispatcherType.ASYNC) ? 1 : this.depth + 1;
	}

	/** Returns whether the dispatch that is over was one within another. */
	synchronized boolean isWithin() {
		this.depth = Math.max(0, this.depth - 1);
		return this.depth > 0;
	}

	/** Takes note that a dispatch is over, and with it the request unless it goes on. */
	void dispatched(HttpServletRequest request) {
		try {
			if (request.isAsyncStarted()) {
				request.getAsyncContext().addListener(this);
				return;
			}
		}
		catch (IllegalStateException ex) {
			// It was completed meanwhile.
		}
		end();
	}

	/** Takes note that the request is none of somebody's, and uses no session. */
	synchronized void isNone() {
		this.over = true;
		this.links.forEach((link) -> link.requestIsNone(this));
		this.links.clear();
	}

	private synchronized void end() {
		this.over = true;
		this.links.forEach((link) -> link.requestEnds(this));
		this.links.clear();
	}

	synchronized boolean isOver() {
		return this.over;
	}

	@Override
	public void onComplete(AsyncEvent event) {
		end();
	}

	@Override
	public void onTimeout(AsyncEvent event) {
		// It is completed next.
	}

	@Override
	public void onError(AsyncEvent event) {
		// It is completed next.
	}

	@Override
	public void onStartAsync(AsyncEvent event) {
		// The listeners of the cycle before are not those of the next.
		event.getAsyncContext().addListener(this);
	}

}
