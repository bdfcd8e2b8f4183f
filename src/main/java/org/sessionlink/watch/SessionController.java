package org.sessionlink.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkedSocket;
import org.sessionlink.link.Links;
import org.sessionlink.store.Identities;
import org.sessionlink.store.SessionLinks;

import org.springframework.context.annotation.Lazy;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.ResponseStatus;

/**
 * The caller's own HTTP session, over HTTP. No controller to any mapping but that of the
 * {@link SessionApi}.
 */
@Lazy(false)
@ResponseBody
@RequestMapping(path = "/session", produces = MediaType.APPLICATION_JSON_VALUE)
class SessionController {

	private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{16}");

	private final Links links;

	private final SessionLinks sessionLinks;

	private final SessionApiSettings settings;

	SessionController(Links links, SessionLinks sessionLinks, SessionApiSettings settings) {
		this.links = links;
		this.sessionLinks = sessionLinks;
		this.settings = settings;
	}

	@GetMapping
	SessionView look(HttpServletRequest request) {
		return view(existing(request), request);
	}

	@GetMapping("/sockets")
	List<OwnSocket> sockets(HttpServletRequest request) {
		return open(existing(request)).sockets()
			.stream()
			.map(OwnSocket::of)
			.sorted(Comparator.comparing(OwnSocket::openedAt).thenComparing(OwnSocket::socket))
			.toList();
	}

	@GetMapping("/end")
	ResponseEntity<?> end(@RequestParam String link) {
		if (!FINGERPRINT.matcher(link).matches()) {
			return Problem.answer(HttpStatus.BAD_REQUEST, "invalid-link",
					"Name the session by the 16 hexadecimal digits of CONNECTED's header session.");
		}
		EndCause cause = this.links.endOf(link);
		return (cause != null) ? ResponseEntity.ok(new End(cause.reason())) : Problem.answer(HttpStatus.NOT_FOUND,
				"unknown-end", "This server does not know, or no longer, that such a session has ended.");
	}

	@PostMapping
	SessionView start(HttpServletRequest request) {
		return view(request.getSession(), request);
	}

	@PostMapping("/extend")
	SessionView extend(HttpServletRequest request) {
		HttpSession session = existing(request);
		open(session).extend();
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
	ResponseEntity<Problem> noSession() {
		return this.settings.required()
				? Problem.answer(HttpStatus.NOT_FOUND, "session-required",
						"You have no session, and none is started for you: log in, or POST /session.")
				: Problem.answer(HttpStatus.NOT_FOUND, "no-session", "You have no session: POST /session starts one.");
	}

	@ExceptionHandler
	ResponseEntity<Problem> missing(MissingServletRequestParameterException ex) {
		return Problem.answer(HttpStatus.BAD_REQUEST, "missing-" + ex.getParameterName(),
				"Say which session: add " + ex.getParameterName() + "=... to the query.");
	}

	private static HttpSession existing(HttpServletRequest request) {
		HttpSession session = request.getSession(false);
		if (session == null) {
			throw new IllegalStateException("The request has no session");
		}
		return session;
	}

	private Link open(HttpSession session) {
		Link link = this.sessionLinks.linkOf(session);
		if (link.endCause() != null) {
			throw new IllegalStateException("The session has ended");
		}
		return link;
	}

	private SessionView view(HttpSession session, HttpServletRequest request) {
		Link link = open(session);
		Identity visitor = Identities.of(request.getUserPrincipal());
		return new SessionView(link.fingerprint(), visitor.name(), new TreeSet<>(visitor.roles()), link.createdAt(),
				link.lastActivity(), seconds(link.timeout()), seconds(link.remaining()), seconds(link.ageRemaining()),
				link.sockets().size());
	}

	private static @Nullable Long seconds(@Nullable Duration duration) {
		return (duration != null) ? duration.plusMillis(500).toSeconds() : null;
	}

	/**
	 * A session as its own visitor sees it: times in seconds, null where there is no end
	 * of that kind.
	 *
	 * @param link the fingerprint
	 * @param principal the name, or null for an anonymous visitor
	 */
	record SessionView(String link, @Nullable String principal, SortedSet<String> roles, Instant createdAt,
			Instant lastActivity, @Nullable Long timeoutSeconds, @Nullable Long remainingSeconds,
			@Nullable Long ageRemainingSeconds, int sockets) {

	}

	/** One of the sockets of the session. */
	record OwnSocket(String socket, Instant openedAt, boolean connected, @Nullable String principal) {

		private static OwnSocket of(LinkedSocket socket) {
			return new OwnSocket(socket.id(), socket.socketLink().openedAt(), socket.socketLink().isConnected(),
					socket.socketLink().shownName());
		}

	}

	/** Why a session has ended. */
	record End(String cause) {

	}

}
