package org.sessionlink.app;

import org.junit.jupiter.api.Test;

import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;

class SecurityHeadersFilterTest {

	private final MockHttpServletResponse response = new MockHttpServletResponse();

	private final MockFilterChain chain = new MockFilterChain();

	@Test
	void aPageMayLoadAndConnectToThisApplicationOnly() throws Exception {
		new SecurityHeadersFilter().doFilter(new MockHttpServletRequest(), this.response, this.chain);

		assertThat(this.response.getHeader("Content-Security-Policy").split("; ")).containsExactly("default-src 'self'",
				"base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'", "object-src 'none'");
		assertThat(this.response.getHeader("X-Content-Type-Options")).isEqualTo("nosniff");
		assertThat(this.response.getHeader("Referrer-Policy")).isEqualTo("same-origin");
	}

	@Test
	void theRequestGoesOnWithTheHeadersInPlace() throws Exception {
		MockHttpServletRequest request = new MockHttpServletRequest();

		new SecurityHeadersFilter().doFilter(request, this.response, this.chain);

		assertThat(this.chain.getRequest()).isSameAs(request);
		assertThat(this.chain.getResponse()).isSameAs(this.response);
	}

}
