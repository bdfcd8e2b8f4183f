package org.sessionlink.store;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.session.SessionAuthenticationException;
import org.springframework.security.web.authentication.session.SessionAuthenticationStrategy;

/**
 * Refuses a login of Spring Security's, before it takes effect, of a user who has as many
 * sessions as may be, where {@code sessionlink.limits.sessions-per-user.when} is
 * {@code refuse-new} (B49); otherwise it does nothing.
 *
 * <p>
 * Whether there is room, and taking it, is one step, so that of many logins at once no
 * more come in than fit. What a login is promised and does not take is given back at the
 * end of its request.
 */
public final class UserSessionsAuthenticationStrategy implements SessionAuthenticationStrategy {

	private static final Logger logger = LoggerFactory.getLogger(UserSessionsAuthenticationStrategy.class);

	@Override
	public void onAuthentication(Authentication authentication, HttpServletRequest request,
			HttpServletResponse response) {
		SessionLinks sessionLinks = SessionLinks.in(request.getServletContext());
		String user = Identities.of(authentication).name();
		if (sessionLinks != null && user != null && !sessionLinks.promisesPlace(request, user)) {
			logger.warn("A login is refused: its user has as many sessions as "
					+ "sessionlink.limits.sessions-per-user allows, and sessionlink.limits.sessions-per-user.when is "
					+ "refuse-new");
			throw new SessionAuthenticationException("You are logged in as often as may be: log out elsewhere first.");
		}
	}

}
