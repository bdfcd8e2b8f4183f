package org.sessionlink.journey.benchapp;

import org.springframework.web.servlet.support.AbstractAnnotationConfigDispatcherServletInitializer;

/** Starts the application with the configuration of one of its two variants. */
public abstract class BenchInitializer extends AbstractAnnotationConfigDispatcherServletInitializer {

	private final Class<?> configuration;

	protected BenchInitializer(Class<?> configuration) {
		this.configuration = configuration;
	}

	@Override
	protected final String[] getServletMappings() {
		return new String[] { "/" };
	}

	@Override
	protected final Class<?>[] getRootConfigClasses() {
		return null;
	}

	@Override
	protected final Class<?>[] getServletConfigClasses() {
		return new Class<?>[] { this.configuration };
	}

}
