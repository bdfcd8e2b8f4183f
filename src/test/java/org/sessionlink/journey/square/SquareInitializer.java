package org.sessionlink.journey.square;

import org.springframework.web.servlet.support.AbstractAnnotationConfigDispatcherServletInitializer;

class SquareInitializer extends AbstractAnnotationConfigDispatcherServletInitializer {

	@Override
	protected String[] getServletMappings() {
		return new String[] { "/" };
	}

	@Override
	protected Class<?>[] getRootConfigClasses() {
		return null;
	}

	@Override
	protected Class<?>[] getServletConfigClasses() {
		return new Class<?>[] { SquareConfig.class };
	}

}
