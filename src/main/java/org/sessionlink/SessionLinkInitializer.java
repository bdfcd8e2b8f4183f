package org.sessionlink;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.sessionlink.handshake.ForwardedHeaders;
import org.sessionlink.handshake.HandshakeSettings;
import org.sessionlink.handshake.TrustedProxy;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.web.WebApplicationInitializer;

/**
 * Starts SessionLink with the application, before its servlets: reads the settings and
 * listens to the container's sessions from the first one on.
 *
 * <p>
 * Containers find it by themselves. The servers in Spring Boot do not: there a bean of
 * type {@code ServletContextInitializer} calls it.
 *
 * <p>
 * A setting that makes no sense stops the start of the application here, on every
 * container, and not at the first request.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class SessionLinkInitializer implements WebApplicationInitializer {

	private static final Logger logger = LoggerFactory.getLogger(SessionLinkInitializer.class);

	@Override
	public void onStartup(ServletContext servletContext) {
		Settings settings = settingsFor(servletContext);
		Installation installation = Installation.of(settings, servletContext);
		servletContext.addListener(installation.sessionLinks().listener());
		servletContext.addListener(new ServletContextListener() {

			@Override
			public void contextDestroyed(ServletContextEvent event) {
				installation.stop();
			}

		});
		believeProxies(servletContext, settings.handshake().trustedProxies());
		installation.putInto(servletContext);
		logger.info("SessionLink {} on {} at context path {}", version(), servletContext.getServerInfo(),
				servletContext.getContextPath().isEmpty() ? "/" : servletContext.getContextPath());
		settings.inForce().forEach((name, value) -> logger.info("{} = {}", name, value));
		secureCookie(servletContext, settings.handshake());
		if (installation.cluster() != null) {
			installation.cluster().addFilters(servletContext);
			installation.cluster().start();
		}
	}

	// The first filter of all: whatever else looks at a request sees the client's.
	private static void believeProxies(ServletContext servletContext, List<TrustedProxy> proxies) {
		if (proxies.isEmpty()) {
			return;
		}
		FilterRegistration.Dynamic filter = servletContext.addFilter("sessionLinkForwardedHeaders",
				new ForwardedHeaders(proxies));
		filter.setAsyncSupported(true);
		filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR),
				false, "/*");
	}

	// What the application itself decides comes later, and so wins.
	private static void secureCookie(ServletContext servletContext, HandshakeSettings settings) {
		if (settings.makesCookieSecure()) {
			servletContext.getSessionCookieConfig().setSecure(true);
			logger.info("The session cookie is Secure: browsers keep it over HTTPS alone. "
					+ "Where people come over plain HTTP, set sessionlink.secure-cookie=never");
		}
	}

	private static Settings settingsFor(ServletContext servletContext) {
		try {
			return Settings.of(servletContext);
		}
		catch (SettingsException ex) {
			// Some containers bury the exception of a failed start under traces of their
			// own.
			logger.error("SessionLink does not start: {}", ex.getMessage());
			throw ex;
		}
	}

	private static String version() {
		try {
			return PropertiesLoaderUtils
				.loadProperties(new ClassPathResource("version.properties", SessionLinkInitializer.class))
				.getProperty("version");
		}
		catch (IOException ex) {
			throw new IllegalStateException("version.properties is missing beside " + SessionLinkInitializer.class, ex);
		}
	}

}
