package org.wildfly.clustering.session;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;

import org.springframework.mock.web.MockHttpSession;

/**
 * A session of WildFly's while it is brought back from another node: whoever uses it
 * waits for themselves.
 */
public final class SessionThatIsBroughtBack extends MockHttpSession implements HttpSession {

	private final ServletContext servletContext;

	public SessionThatIsBroughtBack(ServletContext servletContext) {
		super(servletContext);
		this.servletContext = servletContext;
	}

	@Override
	public ServletContext getServletContext() {
		return this.servletContext;
	}

	@Override
	public String getId() {
		throw waits();
	}

	@Override
	public Object getAttribute(String name) {
		throw waits();
	}

	@Override
	public void setAttribute(String name, Object value) {
		throw waits();
	}

	private static Error waits() {
		return new AssertionError("This thread would wait for itself");
	}

}
