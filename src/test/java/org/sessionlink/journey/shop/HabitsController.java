package org.sessionlink.journey.shop;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;

import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;

/** What applications do to their sessions, and links must bear. */
@Controller
class HabitsController {

	private static final BlockingQueue<Consumer<String>> waiting = new LinkedBlockingQueue<>();

	/** Goes on in a new session with all that the old one had, as logins do. */
	@GetMapping("/habits/migrate")
	@ResponseBody
	String migrate(HttpServletRequest request) {
		HttpSession old = request.getSession();
		Map<String, Object> kept = new LinkedHashMap<>();
		Collections.list(old.getAttributeNames()).forEach((name) -> kept.put(name, old.getAttribute(name)));
		old.invalidate();
		kept.forEach(request.getSession()::setAttribute);
		return "migrated";
	}

	/** Goes on without its thread, until it is told what to put into the session. */
	@GetMapping("/habits/late")
	void late(HttpServletRequest request, HttpServletResponse response) {
		HttpSession session = request.getSession();
		AsyncContext late = request.startAsync();
		waiting.add((value) -> {
			session.setAttribute("cart", value);
			late.complete();
		});
	}

	/** Tells the one that waits. */
	@GetMapping("/habits/tell")
	@ResponseBody
	String tell(@RequestParam String value) throws InterruptedException {
		waiting.take().accept(value);
		return "told";
	}

	/** Takes all out of the session, as logouts do. */
	@GetMapping("/habits/clear")
	@ResponseBody
	String clear(HttpServletRequest request) {
		HttpSession session = request.getSession();
		Collections.list(session.getAttributeNames()).forEach(session::removeAttribute);
		return "cleared";
	}

	/** Sets every attribute to a text, as pages for administrators can. */
	@GetMapping("/habits/scribble")
	@ResponseBody
	String scribble(HttpServletRequest request) {
		HttpSession session = request.getSession();
		Collections.list(session.getAttributeNames())
			.stream()
			// WildFly's own, without which it serves no request of the session.
			.filter((name) -> !name.startsWith("WELD"))
			.forEach((name) -> session.setAttribute(name, "scribbled"));
		return "scribbled";
	}

	@GetMapping("/habits/timeout")
	@ResponseBody
	String timeout(@RequestParam int seconds, HttpServletRequest request) {
		request.getSession().setMaxInactiveInterval(seconds);
		return "set";
	}

	/** Answers late, and uses the session then. */
	@GetMapping("/habits/slow")
	@ResponseBody
	String slow(@RequestParam int millis, HttpServletRequest request) throws InterruptedException {
		HttpSession session = request.getSession();
		Thread.sleep(millis);
		session.setAttribute("slow", millis);
		return "slow";
	}

	/** The same in a session of its own, as a first request that logs in. */
	@GetMapping("/habits/slow-start")
	@ResponseBody
	String slowStart(@RequestParam int millis, HttpServletRequest request) throws InterruptedException {
		request.getSession().setMaxInactiveInterval(2);
		request.changeSessionId();
		return slow(millis, request);
	}

	/** The same on a thread of the application, and then by another dispatch. */
	@GetMapping("/habits/slow-async")
	@ResponseBody
	Callable<String> slowAsync(@RequestParam int millis, HttpServletRequest request) {
		return () -> slow(millis, request);
	}

	/** The same with an answer of the application's own, without another dispatch. */
	@GetMapping("/habits/slow-complete")
	void slowComplete(@RequestParam int millis, HttpServletRequest request, HttpServletResponse response) {
		HttpSession session = request.getSession();
		AsyncContext async = request.startAsync();
		async.start(() -> {
			try {
				Thread.sleep(millis);
				session.setAttribute("slow", millis);
				response.getWriter().write("slow");
			}
			catch (IOException | InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			async.complete();
		});
	}

	/** The same, and then includes another answer. */
	@GetMapping("/habits/slow-include")
	void slowInclude(@RequestParam int millis, HttpServletRequest request, HttpServletResponse response)
			throws IOException, InterruptedException, ServletException {
		slow(millis, request);
		request.getRequestDispatcher("/cart").include(request, response);
	}

	/** The same, and then fails. */
	@GetMapping("/habits/slow-error")
	void slowError(@RequestParam int millis, HttpServletRequest request, HttpServletResponse response)
			throws IOException, InterruptedException {
		slow(millis, request);
		response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
	}

	/** Lets SockJS answer requests that came for another path. */
	@PostMapping("/habits/relay/{id}/{transport}")
	String relay(@PathVariable String id, @PathVariable String transport) {
		return "forward:/js/000/" + id + "/" + transport;
	}

	/** Sets the timeout of the live session. */
	@MessageMapping("/timeout")
	void timeout(@Payload String seconds, HttpSession session) {
		session.setMaxInactiveInterval(Integer.parseInt(seconds));
	}

}
