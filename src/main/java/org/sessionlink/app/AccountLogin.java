package org.sessionlink.app;

import org.jspecify.annotations.Nullable;
import org.sessionlink.inbound.ConnectAuthenticator;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.store.Identities;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.AuthenticationException;

/** Knows who connects by the same accounts as the login over HTTP (B35). */
final class AccountLogin implements ConnectAuthenticator {

	private static final Logger logger = LoggerFactory.getLogger(AccountLogin.class);

	private final AuthenticationManager accounts;

	AccountLogin(AuthenticationManager accounts) {
		this.accounts = accounts;
	}

	@Override
	public @Nullable Identity authenticate(@Nullable String login, @Nullable String passcode, Link link) {
		if (login == null || passcode == null) {
			return null;
		}
		try {
			return Identities
				.of(this.accounts.authenticate(UsernamePasswordAuthenticationToken.unauthenticated(login, passcode)));
		}
		catch (AuthenticationServiceException ex) {
			logger.error("The accounts are out of reach", ex);
			throw new AccountsAwayException();
		}
		catch (AuthenticationException ex) {
			logger.debug("Login refused: {}", ex.getClass().getSimpleName());
			return null;
		}
	}

	/** Says that nobody can tell who it is: a failure of the server. */
	static final class AccountsAwayException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		AccountsAwayException() {
			super("The accounts are out of reach", null, false, false);
		}

	}

}
