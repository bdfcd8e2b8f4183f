package org.sessionlink.journey.shop;

import jakarta.servlet.Filter;

import org.springframework.web.servlet.support.AbstractAnnotationConfigDispatcherServletInitializer;

class ShopInitializer extends AbstractAnnotationConfigDispatcherServletInitializer {

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
		return new Class<?>[] { ShopConfig.class };
	}

	@Override
	protected Filter[] getServletFilters() {
		return new Filter[] { new CustomerFilter(), new OwnSessionFilter() };
	}

}
