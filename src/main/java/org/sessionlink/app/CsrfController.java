package org.sessionlink.app;

import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Gives pages the token that requests must carry that change something. */
@RestController
class CsrfController {

	/** Starts a session where there is none, as the token is kept in it. */
	@GetMapping("/csrf")
	CsrfView token(CsrfToken token) {
		return new CsrfView(token.getHeaderName(), token.getToken());
	}

	/** What goes to the page: the name of the header, and the token to put into it. */
	record CsrfView(String headerName, String token) {

	}

}
