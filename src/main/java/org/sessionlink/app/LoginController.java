package org.sessionlink.app;

import java.security.Principal;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Identity;
import org.sessionlink.store.Identities;

import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells pages who is logged in, and gives them what they need to log in and out. */
@RestController
class LoginController {

	/** Says who asks, without a session too. */
	@GetMapping("/login")
	LoginView whoIsLoggedIn(@Nullable Principal principal) {
		return LoginView.of(Identities.of(principal));
	}

	/**
	 * Gives the token that requests must carry that change something; starts a session
	 * where there is none, as the token is kept in it.
	 */
	@GetMapping("/csrf")
	CsrfView token(CsrfToken token) {
		return new CsrfView(token.getHeaderName(), token.getToken());
	}

	/** What goes to somebody who is logged in, or to an anonymous visitor. */
	record LoginView(@Nullable String principal, List<String> roles) {

		static LoginView of(Identity identity) {
			return new LoginView(identity.name(), identity.roles().stream().sorted().toList());
		}

	}

	/** What goes to the page: the name of the header, and the token to put into it. */
	record CsrfView(String headerName, String token) {

	}

}
