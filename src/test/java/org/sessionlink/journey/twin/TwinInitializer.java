package org.sessionlink.journey.twin;

import jakarta.servlet.Filter;

import org.springframework.security.web.context.AbstractSecurityWebApplicationInitializer;
import org.springframework.web.filter.DelegatingFilterProxy;
import org.springframework.web.servlet.FrameworkServlet;
import org.springframework.web.servlet.support.AbstractAnnotationConfigDispatcherServletInitializer;

/** Starts the application, once it is said on what. */
public abstract class TwinInitializer extends AbstractAnnotationConfigDispatcherServletInitializer {

	@Override
	protected String[] getServletMappings() {
		return new String[] { "/" };
	}

	@Override
	protected Class<?>[] getRootConfigClasses() {
		return null;
	}

	@Override
	protected Filter[] getServletFilters() {
		DelegatingFilterProxy security = new DelegatingFilterProxy(
				AbstractSecurityWebApplicationInitializer.DEFAULT_FILTER_NAME);
		security.setContextAttribute(FrameworkServlet.SERVLET_CONTEXT_PREFIX + getServletName());
		return new Filter[] { security };
	}

}
