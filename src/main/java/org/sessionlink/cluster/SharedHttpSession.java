package org.sessionlink.cluster;

import java.time.Duration;
import java.util.Collections;
import java.util.Enumeration;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

/**
 * A session outside any request, as {@code HttpSession}: Spring Session gives requests
 * theirs.
 */
final class SharedHttpSession implements HttpSession {

	private final SharedSession session;

	private final ServletContext servletContext;

	private final Runnable end;

	private boolean over;

	/**
	 * Makes it.
	 * @param end ends the session
	 */
	SharedHttpSession(SharedSession session, ServletContext servletContext, Runnable end) {
		this.session = session;
		this.servletContext = servletContext;
		this.end = end;
	}

	private SharedSession live() {
		if (this.over) {
			throw new IllegalStateException("The session has ended.");
		}
		return this.session;
	}

	/** Returns whether whoever used it has ended it. */
	boolean isOver() {
		return this.over;
	}

	@Override
	public long getCreationTime() {
		return live().getCreationTime().toEpochMilli();
	}

	@Override
	public String getId() {
		return this.session.getId();
	}

	@Override
	public long getLastAccessedTime() {
		return live().getLastAccessedTime().toEpochMilli();
	}

	@Override
	public ServletContext getServletContext() {
		return this.servletContext;
	}

	@Override
	public void setMaxInactiveInterval(int interval) {
		live().setMaxInactiveInterval(Duration.ofSeconds(interval));
	}

	@Override
	public int getMaxInactiveInterval() {
		return (int) this.session.getMaxInactiveInterval().toSeconds();
	}

	@Override
	public @Nullable Object getAttribute(String name) {
		return live().getAttribute(name);
	}

	@Override
	public Enumeration<String> getAttributeNames() {
		return Collections.enumeration(live().getAttributeNames());
	}

	@Override
	public void setAttribute(String name, @Nullable Object value) {
		live().setAttribute(name, value);
	}

	@Override
	public void removeAttribute(String name) {
		live().removeAttribute(name);
	}

	@Override
	public void invalidate() {
		live();
		this.over = true;
		this.end.run();
	}

	@Override
	public boolean isNew() {
		live();
		return false;
	}

}
