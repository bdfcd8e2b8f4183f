package org.sessionlink.store;

import java.util.EventListener;

import jakarta.servlet.ServletRequestAttributeEvent;
import jakarta.servlet.ServletRequestAttributeListener;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;

/**
 * What the container tells of sessions and requests. Who hears it has a listener, and is
 * none: Spring Boot registers every listener among the beans, and would have each told
 * twice.
 */
abstract class SessionEvents {

	/** Returns the listener to register with the container. */
	public final EventListener listener() {
		return new Listener();
	}

	abstract void requestInitialized(ServletRequestEvent event);

	abstract void requestDestroyed(ServletRequestEvent event);

	abstract void sessionCreated(HttpSessionEvent event);

	abstract void sessionIdChanged(HttpSessionEvent event, String oldSessionId);

	abstract void sessionDestroyed(HttpSessionEvent event);

	abstract void attributeAdded(HttpSessionBindingEvent event);

	abstract void attributeReplaced(HttpSessionBindingEvent event);

	abstract void attributeRemoved(HttpSessionBindingEvent event);

	abstract void requestAttributeAdded(ServletRequestAttributeEvent event);

	abstract void requestAttributeRemoved(ServletRequestAttributeEvent event);

	/** Hands on what it is told. */
	private final class Listener implements HttpSessionListener, HttpSessionIdListener, HttpSessionAttributeListener,
			ServletRequestListener, ServletRequestAttributeListener {

		@Override
		public void requestInitialized(ServletRequestEvent event) {
			SessionEvents.this.requestInitialized(event);
		}

		@Override
		public void requestDestroyed(ServletRequestEvent event) {
			SessionEvents.this.requestDestroyed(event);
		}

		@Override
		public void sessionCreated(HttpSessionEvent event) {
			SessionEvents.this.sessionCreated(event);
		}

		@Override
		public void sessionIdChanged(HttpSessionEvent event, String oldSessionId) {
			SessionEvents.this.sessionIdChanged(event, oldSessionId);
		}

		@Override
		public void sessionDestroyed(HttpSessionEvent event) {
			SessionEvents.this.sessionDestroyed(event);
		}

		@Override
		public void attributeAdded(HttpSessionBindingEvent event) {
			SessionEvents.this.attributeAdded(event);
		}

		@Override
		public void attributeReplaced(HttpSessionBindingEvent event) {
			SessionEvents.this.attributeReplaced(event);
		}

		@Override
		public void attributeRemoved(HttpSessionBindingEvent event) {
			SessionEvents.this.attributeRemoved(event);
		}

		@Override
		public void attributeAdded(ServletRequestAttributeEvent event) {
			SessionEvents.this.requestAttributeAdded(event);
		}

		@Override
		public void attributeRemoved(ServletRequestAttributeEvent event) {
			SessionEvents.this.requestAttributeRemoved(event);
		}

	}

}
