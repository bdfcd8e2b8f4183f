package org.sessionlink.app;

import java.util.EnumSet;

import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.SessionTrackingMode;
import org.jspecify.annotations.Nullable;
import org.sessionlink.watch.HealthApi;
import org.sessionlink.watch.MetricsApi;
import org.sessionlink.watch.OperatorConsole;
import org.sessionlink.watch.SessionApi;

import org.springframework.security.web.context.AbstractSecurityWebApplicationInitializer;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.filter.CharacterEncodingFilter;
import org.springframework.web.filter.DelegatingFilterProxy;
import org.springframework.web.servlet.FrameworkServlet;
import org.springframework.web.servlet.support.AbstractAnnotationConfigDispatcherServletInitializer;

/**
 * Boots the greeting application: one servlet with one Spring context, and a session
 * cookie that stays secret.
 */
class AppInitializer extends AbstractAnnotationConfigDispatcherServletInitializer {

	@Override
	public void onStartup(ServletContext servletContext) throws ServletException {
		super.onStartup(servletContext);
		servletContext.setSessionTrackingModes(EnumSet.of(SessionTrackingMode.COOKIE));
		servletContext.getSessionCookieConfig().setHttpOnly(true);
		servletContext.getSessionCookieConfig().setAttribute("SameSite", "Lax");
	}

	// Telling of each request, it would ask for the session of those that need none, and
	// fail where that is out of reach.
	@Override
	protected FrameworkServlet createDispatcherServlet(WebApplicationContext context) {
		FrameworkServlet servlet = super.createDispatcherServlet(context);
		servlet.setPublishEvents(false);
		return servlet;
	}

	@Override
	protected String[] getServletMappings() {
		return new String[] { "/" };
	}

	@Override
	protected Class<?> @Nullable [] getRootConfigClasses() {
		return null;
	}

	@Override
	protected Class<?>[] getServletConfigClasses() {
		return new Class<?>[] { PageConfig.class, SecurityConfig.class, GreetingConfig.class, SessionApi.class,
				HealthApi.class, OperatorConsole.class, MetricsApi.class };
	}

	@Override
	protected Filter[] getServletFilters() {
		// Some containers call a page without a charset ISO-8859-1.
		return new Filter[] { new CharacterEncodingFilter("UTF-8", true), new PlainErrors(), security() };
	}

	private Filter security() {
		DelegatingFilterProxy security = new DelegatingFilterProxy(
				AbstractSecurityWebApplicationInitializer.DEFAULT_FILTER_NAME);
		// There is no root context: the chain is in the one of the servlet.
		security.setContextAttribute(FrameworkServlet.SERVLET_CONTEXT_PREFIX + getServletName());
		return security;
	}

}
