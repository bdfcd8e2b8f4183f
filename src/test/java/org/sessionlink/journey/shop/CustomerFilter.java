package org.sessionlink.journey.shop;

import java.io.IOException;
import java.security.Principal;

import jakarta.servlet.FilterChain;
import jakarta.servlet.GenericFilter;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;

/** Says who the customer is, as a security filter would: here headers do. */
class CustomerFilter extends GenericFilter {

	private static final long serialVersionUID = 1L;

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		String name = ((HttpServletRequest) request).getHeader("Customer");
		chain.doFilter((name != null) ? new CustomerRequest((HttpServletRequest) request, name) : request, response);
		EndingInterceptor.endAt("response", (HttpServletRequest) request);
	}

	private static final class CustomerRequest extends HttpServletRequestWrapper {

		private final String name;

		private final String role;

		CustomerRequest(HttpServletRequest request, String name) {
			super(request);
			this.name = name;
			this.role = request.getHeader("Role");
		}

		@Override
		public Principal getUserPrincipal() {
			return () -> this.name;
		}

		@Override
		public boolean isUserInRole(String wanted) {
			return wanted.equals(this.role);
		}

	}

}
