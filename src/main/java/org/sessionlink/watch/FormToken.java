package org.sessionlink.watch;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.security.web.csrf.CsrfToken;

/**
 * Spring Security's token against forged requests, and the header for it. A class of its
 * own, so that it is loaded only where there is Spring Security.
 */
record FormToken(String headerName, String token) {

	static @Nullable FormToken of(HttpServletRequest request) {
		return (request.getAttribute(CsrfToken.class.getName()) instanceof CsrfToken token)
				? new FormToken(token.getHeaderName(), token.getToken()) : null;
	}

}
