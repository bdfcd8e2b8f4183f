package org.sessionlink.app;

import java.io.IOException;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Identity;
import org.sessionlink.link.LogText;
import org.sessionlink.link.LoginTries.Outcome;
import org.sessionlink.link.Refused;
import org.sessionlink.store.Identities;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.log.LogFormatUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.Authentication;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.authentication.session.SessionAuthenticationException;
import org.springframework.security.web.csrf.CsrfException;

/**
 * Answers logins, logouts and what is refused: in JSON, and with the page where a
 * browser's form asks for one.
 */
final class LoginAnswers {

	private static final Logger logger = LoggerFactory.getLogger(LoginAnswers.class);

	private final JsonMapper json = new JsonMapper();

	void loggedIn(HttpServletRequest request, HttpServletResponse response, Authentication authentication)
			throws IOException {
		Identity identity = Identities.of(authentication);
		SlowLogin.ended(request, Outcome.KNOWN);
		logger.info("User {} has logged in", LogFormatUtils.formatValue(LogText.visible(identity.name()), 200, true));
		if (asksForPage(request)) {
			response.sendRedirect(request.getContextPath() + "/");
			return;
		}
		write(response, HttpStatus.OK, LoginController.LoginView.of(identity));
	}

	void loginRefused(HttpServletRequest request, HttpServletResponse response, AuthenticationException ex)
			throws IOException {
		if (ex instanceof AuthenticationServiceException) {
			logger.error("A login could not be decided", ex);
			refuse(response, HttpStatus.SERVICE_UNAVAILABLE, "login-unavailable",
					"Logins are out of order: try again later.");
			return;
		}
		if (ex instanceof SessionAuthenticationException) {
			// Name and password did fit.
			SlowLogin.ended(request, Outcome.KNOWN);
			refuse(response, HttpStatus.CONFLICT, Refused.TOO_MANY_USER_SESSIONS.code(),
					"You are logged in as often as you may be: log out elsewhere first.");
			return;
		}
		SlowLogin.ended(request, Outcome.REFUSED);
		logger.warn("Login refused with 401");
		refuse(response, HttpStatus.UNAUTHORIZED, "login-refused", "Name and password do not fit: try again.");
	}

	void loginTooSoon(HttpServletResponse response, long seconds) throws IOException {
		response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(seconds));
		refuse(response, HttpStatus.TOO_MANY_REQUESTS, Refused.TOO_MANY_LOGINS.code(),
				"Too many logins have failed: try again in " + seconds + " s.");
	}

	void loggedOut(HttpServletRequest request, HttpServletResponse response, @Nullable Authentication authentication)
			throws IOException {
		if (asksForPage(request)) {
			response.sendRedirect(request.getContextPath() + "/");
			return;
		}
		response.setStatus(HttpStatus.NO_CONTENT.value());
	}

	void loginRequired(HttpServletRequest request, HttpServletResponse response, AuthenticationException ex)
			throws IOException {
		refuse(response, HttpStatus.UNAUTHORIZED, "login-required", "Log in first: POST /login.");
	}

	void accessDenied(HttpServletRequest request, HttpServletResponse response, AccessDeniedException ex)
			throws IOException {
		if (ex instanceof CsrfException) {
			refuse(response, HttpStatus.FORBIDDEN, "csrf-token-invalid",
					"Send the token that GET /csrf gives, in the header that it names.");
		}
		else {
			refuse(response, HttpStatus.FORBIDDEN, "role-missing", "Log in as somebody who may do this.");
		}
	}

	private void refuse(HttpServletResponse response, HttpStatus status, String code, String sentence)
			throws IOException {
		logger.debug("Request refused with {}: {}", status.value(), code);
		write(response, status, new GreetingErrors.ErrorReply(code, sentence));
	}

	private void write(HttpServletResponse response, HttpStatus status, Object body) throws IOException {
		response.setStatus(status.value());
		response.setContentType(MediaType.APPLICATION_JSON_VALUE);
		response.getOutputStream().write(this.json.writeValueAsBytes(body));
	}

	private static boolean asksForPage(HttpServletRequest request) {
		String accepted = request.getHeader(HttpHeaders.ACCEPT);
		return accepted != null && accepted.contains(MediaType.TEXT_HTML_VALUE);
	}

}
