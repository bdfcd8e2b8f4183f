package org.sessionlink.journey.twin;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.user.SimpUser;
import org.springframework.messaging.simp.user.SimpUserRegistry;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.annotation.SessionScope;

/** What the application does over HTTP. */
@RestController
class TwinController {

	private final Diary diary;

	private final SimpMessagingTemplate first;

	private final SimpMessagingTemplate other;

	private final SimpUserRegistry users;

	private final Basket basket;

	TwinController(Diary diary, @Qualifier("brokerMessagingTemplate") SimpMessagingTemplate first,
			@Qualifier("otherTemplate") SimpMessagingTemplate other, SimpUserRegistry users, Basket basket) {
		this.diary = diary;
		this.first = first;
		this.other = other;
		this.users = users;
		this.basket = basket;
	}

	/** Lives as long as an HTTP session. */
	static class Basket {

		private int things;

		int add() {
			return ++this.things;
		}

	}

	@Bean
	@SessionScope
	static Basket basket() {
		return new Basket();
	}

	@GetMapping("/")
	String open() {
		return "open";
	}

	@GetMapping("/diary")
	String diary(@RequestParam String tag) {
		return this.diary.of(tag);
	}

	@GetMapping("/basket")
	int putIntoBasket() {
		return this.basket.add();
	}

	@GetMapping("/me")
	String me(Authentication who) {
		return String.valueOf((who != null) ? who.getName() : null);
	}

	@GetMapping("/colour")
	void colour(@RequestParam String value, HttpServletRequest request) {
		request.getSession().setAttribute("colour", value);
	}

	@GetMapping("/attributes")
	String attributes(HttpServletRequest request) {
		return Collections.list(request.getSession().getAttributeNames())
			.stream()
			// WildFly's own.
			.filter((name) -> Stream.of("WELD", "org.jboss.", "com.sun.").noneMatch(name::startsWith))
			.sorted()
			.collect(Collectors.joining(" "));
	}

	@GetMapping("/timeout")
	void timeout(@RequestParam int seconds, HttpServletRequest request) {
		request.getSession().setMaxInactiveInterval(seconds);
	}

	/** Answers late, and uses the session then. */
	@GetMapping("/slow")
	String slow(@RequestParam int millis, HttpServletRequest request) throws InterruptedException {
		HttpSession session = request.getSession();
		Thread.sleep(millis);
		return String.valueOf(session.getAttribute("colour"));
	}

	@GetMapping("/colour-of-session")
	String colour(HttpServletRequest request) {
		HttpSession session = request.getSession(false);
		return String.valueOf((session != null) ? session.getAttribute("colour") : null);
	}

	@GetMapping("/rotate")
	void rotate(HttpServletRequest request) {
		request.changeSessionId();
	}

	/** Goes on in a new session with all that the old one had. */
	@GetMapping("/migrate")
	void migrate(HttpServletRequest request) {
		HttpSession old = request.getSession();
		Map<String, Object> kept = new LinkedHashMap<>();
		Collections.list(old.getAttributeNames()).forEach((name) -> kept.put(name, old.getAttribute(name)));
		old.invalidate();
		kept.forEach(request.getSession()::setAttribute);
	}

	/** Takes all out of the session. */
	@GetMapping("/clear")
	void clear(HttpServletRequest request) {
		HttpSession session = request.getSession();
		Collections.list(session.getAttributeNames())
			.stream()
			// WildFly's own, without which it serves no request of the session.
			.filter((name) -> !name.startsWith("WELD"))
			.forEach(session::removeAttribute);
	}

	/** Sets each attribute again, as what puts sessions elsewhere does. */
	@GetMapping("/replace")
	void replace(HttpServletRequest request) {
		HttpSession session = request.getSession();
		Collections.list(session.getAttributeNames())
			.forEach((name) -> session.setAttribute(name, session.getAttribute(name)));
	}

	@GetMapping("/end")
	void end(HttpServletRequest request) {
		request.getSession().invalidate();
	}

	@GetMapping("/publish")
	void publish(@RequestParam String destination, @RequestParam String text) {
		this.first.convertAndSend(destination, text, Map.of("kind", "news"));
	}

	@GetMapping("/tell")
	void tell(@RequestParam String name, @RequestParam String text) {
		this.other.convertAndSendToUser(name, "/queue/me", text);
	}

	@GetMapping("/tell-socket")
	void tellSocket(@RequestParam String id, @RequestParam String text) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create();
		headers.setSessionId(id);
		headers.setLeaveMutable(true);
		this.first.convertAndSendToUser(id, "/queue/me", text, headers.getMessageHeaders());
	}

	@GetMapping("/user")
	String user(@RequestParam String name) {
		SimpUser user = this.users.getUser(name);
		return (user == null) ? "none"
				: user.getSessions().size() + " "
						+ user.getSessions()
							.stream()
							.flatMap((session) -> session.getSubscriptions().stream())
							.map((subscription) -> subscription.getId() + "=" + subscription.getDestination())
							.collect(Collectors.toCollection(TreeSet::new));
	}

}
