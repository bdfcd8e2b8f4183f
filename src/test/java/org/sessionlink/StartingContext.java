package org.sessionlink;

import java.util.ArrayList;
import java.util.EventListener;
import java.util.List;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;

import org.springframework.mock.web.MockServletContext;

/** A servlet context of an application that starts: one that takes listeners. */
class StartingContext extends MockServletContext {

	private final List<EventListener> listeners = new ArrayList<>();

	@Override
	public <T extends EventListener> void addListener(T listener) {
		this.listeners.add(listener);
	}

	/** Tells the listeners that the application stops. */
	void stop() {
		for (EventListener listener : this.listeners) {
			if (listener instanceof ServletContextListener ofTheContext) {
				ofTheContext.contextDestroyed(new ServletContextEvent(this));
			}
		}
	}

	List<EventListener> listeners() {
		return this.listeners;
	}

}
