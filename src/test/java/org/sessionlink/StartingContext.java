package org.sessionlink;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.List;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;

import org.springframework.mock.web.MockServletContext;

/** A servlet context of an application that starts: one that takes listeners. */
class StartingContext extends MockServletContext {

	private final List<EventListener> listeners = new ArrayList<>();

	private final List<Filter> filters = new ArrayList<>();

	private final List<String> mappings = new ArrayList<>();

	private String serverInfo = super.getServerInfo();

	@Override
	public String getServerInfo() {
		return this.serverInfo;
	}

	void setServerInfo(String serverInfo) {
		this.serverInfo = serverInfo;
	}

	@Override
	public <T extends EventListener> void addListener(T listener) {
		this.listeners.add(listener);
	}

	@Override
	public FilterRegistration.Dynamic addFilter(String name, Filter filter) {
		this.filters.add(filter);
		return (FilterRegistration.Dynamic) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { FilterRegistration.Dynamic.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("addMappingForUrlPatterns")) {
						String order = arguments[1].equals(false) ? "before others: " : "after others: ";
						this.mappings.add(order + String.join(", ", (String[]) arguments[2]));
					}
					return null;
				});
	}

	List<Filter> filters() {
		return this.filters;
	}

	List<String> mappings() {
		return this.mappings;
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
