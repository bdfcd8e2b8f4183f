package org.sessionlink.watch;

import java.security.Principal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Link;
import org.sessionlink.link.Links;
import org.sessionlink.store.Identities;
import org.sessionlink.store.SessionLinks;

import org.springframework.context.annotation.Lazy;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;

/**
 * The sessions of the person who asks, over HTTP: which there are, and an end to one or
 * to all others (B48). Nobody learns of anybody else's here, or ends them. No controller
 * to any mapping but that of the {@link SessionApi}.
 */
@Lazy(false)
@ResponseBody
@RequestMapping(path = "/session/mine", produces = MediaType.APPLICATION_JSON_VALUE)
class MySessionsController {

	private final Links links;

	private final AllServers servers;

	private final LinkOperations operations;

	private final SessionLinks sessionLinks;

	MySessionsController(Links links, AllServers servers, LinkOperations operations, SessionLinks sessionLinks) {
		this.links = links;
		this.servers = servers;
		this.operations = operations;
		this.sessionLinks = sessionLinks;
	}

	@GetMapping
	List<MySession> mine(HttpServletRequest request) {
		String caller = caller(request);
		Link current = current(request);
		String currentId = (current != null) ? this.servers.id(current) : null;
		Instant now = this.links.clock().now();
		return this.servers.lookAt(this.servers.ownedBy(caller))
			.stream()
			.map((link) -> MySession.of(link, link.id().equals(currentId), now))
			.sorted(MySession.ORDER)
			.toList();
	}

	@DeleteMapping("/{link}")
	Ended end(@PathVariable String link, HttpServletRequest request) {
		String caller = caller(request);
		current(request);
		return this.operations.endOwn(caller, link);
	}

	@DeleteMapping
	Ended endOthers(@RequestParam(defaultValue = "") String keep, HttpServletRequest request) {
		String caller = caller(request);
		if (!keep.equals("this")) {
			throw new RefusedException(HttpStatus.BAD_REQUEST, "invalid-keep",
					"Say that this session stays: add keep=this to the query.");
		}
		return this.operations.endOwnBut(caller, current(request));
	}

	private static String caller(HttpServletRequest request) {
		Principal principal = request.getUserPrincipal();
		String name = Identities.of(principal).name();
		if (name == null) {
			throw loginRequired();
		}
		return name;
	}

	private static RefusedException loginRequired() {
		return new RefusedException(HttpStatus.UNAUTHORIZED, "login-required",
				"Log in first: only who is logged in has sessions of their own.");
	}

	private @Nullable Link current(HttpServletRequest request) {
		HttpSession session = request.getSession(false);
		if (session == null) {
			return null;
		}
		try {
			Link link = this.sessionLinks.linkOf(session);
			if (link.endCause() == null) {
				return link;
			}
		}
		catch (IllegalStateException ex) {
			// It ended while we looked.
		}
		// Its login is over with it, though this request came before the end.
		throw loginRequired();
	}

	@ExceptionHandler
	ResponseEntity<Problem> refused(RefusedException ex) {
		return Problem.answer(ex.status(), ex.code(), ex);
	}

	@ExceptionHandler
	ResponseEntity<Problem> unknown(TargetException ex) {
		return Problem.answer(HttpStatus.NOT_FOUND, ex.code(), ex);
	}

	/**
	 * One of a person's sessions, as they see it.
	 *
	 * @param link its fingerprint
	 * @param current whether it is the one that asks
	 * @param address from where it was used last, or null where that is not known yet
	 * @param browser with what, in words
	 * @param sockets how many are open
	 */
	record MySession(String link, boolean current, Instant createdAt, Instant lastActivity, @Nullable String address,
			String browser, int sockets) {

		private static final Comparator<MySession> ORDER = Comparator.comparing(MySession::current)
			.thenComparing(MySession::lastActivity)
			.reversed()
			.thenComparing(MySession::link);

		private static MySession of(LinkTold link, boolean current, Instant now) {
			return new MySession(link.fingerprint(), current, now.minusNanos(link.age()), now.minusNanos(link.idle()),
					link.address(), BrowserWords.of(link.userAgent()), link.sockets());
		}

	}

}
