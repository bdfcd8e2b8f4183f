package org.sessionlink.app;

import java.io.IOException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.GenericFilter;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;

/** Tells browsers to load and connect to nothing but this application. */
class SecurityHeadersFilter extends GenericFilter {

	private static final long serialVersionUID = 1L;

	private static final String POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; "
			+ "frame-ancestors 'none'; object-src 'none'";

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		HttpServletResponse httpResponse = (HttpServletResponse) response;
		httpResponse.setHeader("Content-Security-Policy", POLICY);
		httpResponse.setHeader("X-Content-Type-Options", "nosniff");
		httpResponse.setHeader("Referrer-Policy", "same-origin");
		chain.doFilter(request, response);
	}

}
