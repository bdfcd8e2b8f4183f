package org.sessionlink.app;

import java.util.Set;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.csrf.HttpSessionCsrfTokenRepository;

/**
 * Keeps CSRF tokens in the HTTP session, and starts none for a request that is to be
 * refused: it would be anyone's for the asking, and its cookie would take the place of
 * the one that a forged request of another site's page came without.
 */
final class SessionCsrfTokens implements CsrfTokenRepository {

	private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

	private final HttpSessionCsrfTokenRepository tokens = new HttpSessionCsrfTokenRepository();

	@Override
	public CsrfToken generateToken(HttpServletRequest request) {
		return this.tokens.generateToken(request);
	}

	@Override
	public void saveToken(@Nullable CsrfToken token, HttpServletRequest request, HttpServletResponse response) {
		if (READING.contains(request.getMethod()) || request.getSession(false) != null) {
			this.tokens.saveToken(token, request, response);
		}
	}

	@Override
	public @Nullable CsrfToken loadToken(HttpServletRequest request) {
		return this.tokens.loadToken(request);
	}

}
