package org.sessionlink;

import jakarta.servlet.ServletContext;

import org.springframework.web.socket.server.standard.ServletServerContainerFactoryBean;

/**
 * Sockets that are silent: Jetty closes one after 30 seconds, which is for the link to
 * decide.
 */
final class IdleSockets {

	private IdleSockets() {
	}

	/** Has the container of an application leave them open. */
	static void leaveOpen(ServletContext servletContext) {
		if (servletContext.getAttribute(SocketMemory.CONTAINER) != null) {
			ServletServerContainerFactoryBean container = new ServletServerContainerFactoryBean();
			container.setServletContext(servletContext);
			container.setMaxSessionIdleTimeout(0L);
			container.afterPropertiesSet();
		}
	}

}
