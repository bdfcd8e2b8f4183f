package org.sessionlink.store;

import java.util.function.Function;

import jakarta.servlet.http.HttpSession;

/** The session object itself, as Undertow lets it be used outside a request. */
class HeldHome extends SessionHome {

	private final HttpSession session;

	HeldHome(HttpSession session) {
		super(session);
		this.session = session;
	}

	@Override
	final <T> T use(Function<HttpSession, T> use) {
		return use.apply(this.session);
	}

}
