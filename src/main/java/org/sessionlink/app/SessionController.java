package org.sessionlink.app;

import java.security.Principal;
import java.time.Duration;
import java.time.Instant;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Link;
import org.sessionlink.store.SessionLinks;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The caller's own HTTP session, over HTTP. */
@RestController
@RequestMapping("/session")
class SessionController {

	private final SessionLinks sessionLinks;

	SessionController(SessionLinks sessionLinks) {
		this.sessionLinks = sessionLinks;
	}

	/** Looks without counting as activity. */
	@GetMapping
	SessionView look(HttpServletRequest request) {
		return view(existing(request), request);
	}

	@PostMapping
	SessionView start(HttpServletRequest request) {
		return view(request.getSession(), request);
	}

	@PostMapping("/extend")
	SessionView extend(HttpServletRequest request) {
		HttpSession session = existing(request);
		this.sessionLinks.linkOf(session).extend();
		return view(session, request);
	}

	@PostMapping("/rotate")
	SessionView rotate(HttpServletRequest request) {
		HttpSession session = existing(request);
		request.changeSessionId();
		return view(session, request);
	}

	@DeleteMapping
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void end(HttpServletRequest request) {
		existing(request).invalidate();
	}

	@ExceptionHandler(IllegalStateException.class)
	@ResponseStatus(HttpStatus.NOT_FOUND)
	GreetingErrors.ErrorReply noSession(IllegalStateException ex) {
		return new GreetingErrors.ErrorReply("no-session", "You have no session: POST /session starts one.");
	}

	private static HttpSession existing(HttpServletRequest request) {
		HttpSession session = request.getSession(false);
		if (session == null) {
			throw new IllegalStateException("The request has no session");
		}
		return session;
	}

	private SessionView view(HttpSession session, HttpServletRequest request) {
		Link link = this.sessionLinks.linkOf(session);
		Principal principal = request.getUserPrincipal();
		return new SessionView(link.fingerprint(), (principal != null) ? principal.getName() : null, link.createdAt(),
				link.lastActivity(), seconds(link.timeout()), seconds(link.remaining()), link.sockets().size());
	}

	private static @Nullable Long seconds(@Nullable Duration duration) {
		return (duration != null) ? duration.plusMillis(500).toSeconds() : null;
	}

	/**
	 * What goes to the caller: times in seconds, null where the session does not expire.
	 */
	record SessionView(String link, @Nullable String principal, Instant createdAt, Instant lastActivity,
			@Nullable Long timeoutSeconds, @Nullable Long remainingSeconds, int sockets) {
	}

}
