package org.sessionlink.watch;

import java.io.IOException;
import java.util.List;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.sessionlink.store.SessionLinks;

import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.resource.ResourceHttpRequestHandler;

/**
 * Serves files of the console: asked for again each time, answered with 304 mostly, and
 * no activity (B8).
 */
final class ConsoleFiles implements HttpRequestHandler {

	/** Where the console's own are in the class path. */
	static final String OWN = "META-INF/resources/session-link-console/";

	private final ResourceHttpRequestHandler files = new ResourceHttpRequestHandler();

	private final SessionLinks sessionLinks;

	/**
	 * Serves what is in folders.
	 * @throws IllegalStateException if that cannot be
	 */
	ConsoleFiles(SessionLinks sessionLinks, List<Resource> folders, WebApplicationContext context) {
		this.sessionLinks = sessionLinks;
		this.files.setLocations(folders);
		this.files.setCacheControl(CacheControl.noCache());
		this.files.setApplicationContext(context);
		if (context.getServletContext() != null) {
			this.files.setServletContext(context.getServletContext());
		}
		try {
			this.files.afterPropertiesSet();
		}
		catch (Exception ex) {
			throw new IllegalStateException("The operators' console cannot be served", ex);
		}
	}

	/** Returns what serves one file, whatever is asked for. */
	HttpRequestHandler always(String file) {
		return (request, response) -> {
			request.setAttribute(HandlerMapping.PATH_WITHIN_HANDLER_MAPPING_ATTRIBUTE, file);
			handleRequest(request, response);
		};
	}

	@Override
	public void handleRequest(HttpServletRequest request, HttpServletResponse response)
			throws ServletException, IOException {
		this.sessionLinks.onlyLooks(request);
		this.files.handleRequest(request, response);
	}

}
