package org.sessionlink.watch;

import java.security.Principal;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Presence;
import org.sessionlink.link.Present;
import org.sessionlink.watch.LinkOperations.Details;
import org.sessionlink.watch.LinkPages.Page;

import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;

/**
 * What operators see and do, over HTTP (B13, B14, B23), with the {@link DrainController}.
 *
 * <p>
 * An application that wants it imports it, behind a security of its own that asks for
 * CSRF tokens; callers without the role {@code OPERATOR}, or {@code OBSERVER} to look,
 * are refused in any case.
 */
@RestController
@Import({ DrainController.class, OwnJson.class })
@RequestMapping(path = "/operator", produces = MediaType.APPLICATION_JSON_VALUE)
public final class OperatorController {

	private static final int LONGEST_REASON = 200;

	private final Operators operators;

	private final LinkPages pages;

	private final AllServers servers;

	private final LinkOperations operations;

	private final AuditTrail audit;

	private final Presence presence;

	OperatorController(Operators operators, LinkPages pages, AllServers servers, LinkOperations operations,
			AuditTrail audit, Presence presence) {
		this.operators = operators;
		this.pages = pages;
		this.presence = presence;
		this.servers = servers;
		this.operations = operations;
		this.audit = audit;
	}

	// Comes before each of the methods below, and before their parameters are read.
	@ModelAttribute
	void operatorsOnly(HttpServletRequest request) {
		this.operators.check(request);
	}

	@GetMapping("/links")
	Page links(@RequestParam(defaultValue = "") String q, @RequestParam(defaultValue = "lastActivity") String sort,
			@RequestParam(defaultValue = "") String dir, @RequestParam(defaultValue = "0") int page) {
		return this.pages.page(LinkQuery.of(q, sort, dir, page));
	}

	@GetMapping("/links/{link}")
	Details link(@PathVariable String link) {
		return this.operations.details(link);
	}

	@DeleteMapping("/links/{link}")
	Ended endLink(@PathVariable String link, @RequestParam(defaultValue = "") String reason, Principal operator) {
		return this.operations.endLink(link, operator.getName(), valid(reason));
	}

	@DeleteMapping("/links")
	EndedAll endAll(@RequestParam String reason, Principal operator) {
		if (reason.isBlank()) {
			throw new RefusedException(HttpStatus.BAD_REQUEST, "missing-reason",
					"Say why all sessions are to end: add reason=... to the query.");
		}
		AllServers.EndedAll ended = this.operations.endEach(operator.getName(), valid(reason));
		return new EndedAll(ended.links(), ended.silent());
	}

	@DeleteMapping("/sockets/{socket}")
	Ended endSocket(@PathVariable String socket, @RequestParam(defaultValue = "") String reason, Principal operator) {
		return this.operations.endSocket(socket, operator.getName(), valid(reason));
	}

	// What others choose, names and ids, may hold what a path cannot carry.
	@DeleteMapping("/user-links")
	Ended endUser(@RequestParam String user, @RequestParam(defaultValue = "") String reason,
			@RequestParam(required = false) @Nullable String keep, Principal operator) {
		if (keep == null) {
			return this.operations.endUser(user, operator.getName(), valid(reason));
		}
		return this.operations.endUserBut(user, keep, operator.getName(), valid(reason));
	}

	@DeleteMapping("/subscriptions")
	Revoked revoke(@RequestParam String socket, @RequestParam String id, @RequestParam(defaultValue = "") String reason,
			Principal operator) {
		return this.operations.revoke(socket, id, operator.getName(), valid(reason));
	}

	static String valid(String reason) {
		if (reason.length() > LONGEST_REASON) {
			throw new RefusedException(HttpStatus.BAD_REQUEST, "invalid-reason",
					"The reason has " + reason.length() + " characters: send at most " + LONGEST_REASON + ".");
		}
		return reason;
	}

	@GetMapping("/presence")
	PresenceView presence(@RequestParam String destination) {
		return view(this.presence.at(destination));
	}

	@GetMapping(path = "/presence", params = "user")
	PresenceView presenceOf(@RequestParam String user) {
		return view(this.presence.ofUser(user));
	}

	private PresenceView view(List<Present> present) {
		List<String> nodes = present.stream().flatMap((one) -> one.nodes().stream()).toList();
		return PresenceView.of(present, this.presence.isOn() ? this.servers.silent(nodes) : List.of());
	}

	@GetMapping("/audit")
	List<AuditEntry> audit(@RequestParam(defaultValue = "") String q,
			@RequestParam(required = false) @Nullable String link,
			@RequestParam(required = false) @Nullable String user, @RequestParam(defaultValue = "") List<String> action,
			@RequestParam(defaultValue = "0") int limit) {
		Set<AuditEntry.Action> actions = EnumSet.noneOf(AuditEntry.Action.class);
		action.forEach((word) -> actions.add(actionBy(word.strip())));
		List<AuditEntry> found = new AuditFilter(q, link, user, actions).of(this.audit.entries());
		return (limit > 0) ? found.stream().limit(limit).toList() : found;
	}

	private static AuditEntry.Action actionBy(String word) {
		AuditEntry.Action action = AuditEntry.Action.by(word);
		if (action == null) {
			throw new RefusedException(HttpStatus.BAD_REQUEST, "invalid-action",
					"Look for one of " + AuditEntry.Action.words() + ".");
		}
		return action;
	}

	@ExceptionHandler
	ResponseEntity<Problem> refused(RefusedException ex) {
		return Problem.answer(ex.status(), ex.code(), ex);
	}

	@ExceptionHandler
	ResponseEntity<Problem> noTarget(TargetException ex) {
		return Problem.answer(ex.isAmbiguous() ? HttpStatus.CONFLICT : HttpStatus.NOT_FOUND, ex.code(), ex);
	}

	@ExceptionHandler
	@ResponseStatus(HttpStatus.BAD_REQUEST)
	Problem notANumber(MethodArgumentTypeMismatchException ex) {
		return new Problem("invalid-" + ex.getName(), "Pages are whole numbers, counted from 0.");
	}

	@ExceptionHandler
	@ResponseStatus(HttpStatus.BAD_REQUEST)
	Problem missing(MissingServletRequestParameterException ex) {
		return new Problem("missing-" + ex.getParameterName(),
				"Say which one: add " + ex.getParameterName() + "=... to the query.");
	}

	/**
	 * How many links have ended at once.
	 *
	 * @param silentNodes the names of servers that have not answered, where they end too
	 */
	record EndedAll(int links, @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> silentNodes) {

	}

}
