package org.sessionlink.app;

import java.io.IOException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.sessionlink.link.LoginTries;
import org.sessionlink.link.LoginTries.Outcome;

import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets a login wait that comes too soon after several that failed: it is refused at once,
 * and holds no thread.
 */
final class SlowLogin extends OncePerRequestFilter {

	private static final String OUTCOME = SlowLogin.class.getName() + ".outcome";

	private static final int AT_ONCE = 5;

	private final LoginTries tries;

	private final LoginAnswers answers;

	SlowLogin(LoginTries tries, LoginAnswers answers) {
		this.tries = tries;
		this.answers = answers;
	}

	/** Takes note of how the login of a request has ended. */
	static void ended(HttpServletRequest request, Outcome outcome) {
		request.setAttribute(OUTCOME, outcome);
	}

	@Override
	protected boolean shouldNotFilter(HttpServletRequest request) {
		return !JsonLogin.LOGIN.matches(request);
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		String name = request.getParameter("username");
		LoginTries.Try begun = this.tries.begin((name != null) ? name : "", request.getRemoteAddr(), AT_ONCE);
		if (begun.hasToWait()) {
			this.answers.loginTooSoon(response, begun.waitSeconds());
			return;
		}
		try {
			chain.doFilter(request, response);
		}
		finally {
			begun.end((request.getAttribute(OUTCOME) instanceof Outcome outcome) ? outcome : Outcome.UNDECIDED);
		}
	}

}
