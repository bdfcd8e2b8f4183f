package org.sessionlink.app;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.PropertySource;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.FlashMap;
import org.springframework.web.servlet.FlashMapManager;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Serves the page, and the libraries that it loads at paths without a version. */
@Configuration(proxyBeanMethods = false)
@EnableWebMvc
@PropertySource("classpath:org/sessionlink/app/webjars.properties")
class PageConfig implements WebMvcConfigurer {

	private static final String WEBJARS = "classpath:/META-INF/resources/webjars/";

	private final String stompjs;

	private final String bootstrap;

	PageConfig(@Value("${webjars.stompjs}") String stompjs, @Value("${webjars.bootstrap}") String bootstrap) {
		this.stompjs = WEBJARS + "stomp__stompjs/" + stompjs + "/esm6/";
		this.bootstrap = WEBJARS + "bootstrap/" + bootstrap + "/dist/";
	}

	@Override
	public void addViewControllers(ViewControllerRegistry registry) {
		registry.addViewController("/").setViewName("forward:/index.html");
	}

	// Spring's would ask for the session of each request, also of those that need none.
	@Bean(DispatcherServlet.FLASH_MAP_MANAGER_BEAN_NAME)
	static FlashMapManager flashMapManager() {
		return new FlashMapManager() {

			@Override
			public @Nullable FlashMap retrieveAndUpdate(HttpServletRequest request, HttpServletResponse response) {
				return null;
			}

			@Override
			public void saveOutputFlashMap(FlashMap flashMap, HttpServletRequest request,
					HttpServletResponse response) {
				// Nothing here redirects with one.
			}

		};
	}

	@Override
	public void addResourceHandlers(ResourceHandlerRegistry registry) {
		serve(registry, "/*.html", "/");
		serve(registry, "/page/**", "/page/");
		serve(registry, "/lib/session-link/**", "classpath:/META-INF/resources/session-link/");
		serve(registry, "/lib/stompjs/**", this.stompjs);
		serve(registry, "/lib/bootstrap/**", this.bootstrap);
	}

	private static void serve(ResourceHandlerRegistry registry, String pattern, String location) {
		// Asked for again each time, answered with 304 mostly: a new version of the
		// application shows at once.
		registry.addResourceHandler(pattern).addResourceLocations(location).setCacheControl(CacheControl.noCache());
	}

}
