package org.sessionlink.journey.shop;

import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Serves the browser module. */
@Configuration(proxyBeanMethods = false)
class ShopPages implements WebMvcConfigurer {

	@Override
	public void addResourceHandlers(ResourceHandlerRegistry registry) {
		registry.addResourceHandler("/lib/session-link/**")
			.addResourceLocations("classpath:/META-INF/resources/session-link/");
	}

}
