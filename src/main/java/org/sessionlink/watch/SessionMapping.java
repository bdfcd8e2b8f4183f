package org.sessionlink.watch;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.sessionlink.store.SessionLinks;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Finds the methods of the session API, or of another of ours, and no others: what they
 * answer is kept nowhere, and to look is no activity (B8).
 */
final class SessionMapping extends RequestMappingHandlerMapping {

	/** Before an application's own, which may take whatever path nobody else has. */
	private static final int BEFORE_OTHERS = -1;

	private final String[] controllers;

	SessionMapping(String[] controllers, SessionLinks sessionLinks) {
		this.controllers = controllers;
		setOrder(BEFORE_OTHERS);
		setInterceptors(new HandlerInterceptor() {

			@Override
			public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
				response.setHeader(HttpHeaders.CACHE_CONTROL, CacheControl.noStore().getHeaderValue());
				if ("GET".equals(request.getMethod()) || "HEAD".equals(request.getMethod())) {
					sessionLinks.onlyLooks(request);
				}
				return true;
			}

		});
	}

	@Override
	protected String[] getCandidateBeanNames() {
		return this.controllers;
	}

	@Override
	protected boolean isHandler(Class<?> beanType) {
		return true;
	}

}
