package org.sessionlink.journey.shop;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;

import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;

/** What applications do to their sessions, and links must bear. */
@Controller
class HabitsController {

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
		Collections.list(session.getAttributeNames()).forEach((name) -> session.setAttribute(name, "scribbled"));
		return "scribbled";
	}

	@GetMapping("/habits/timeout")
	@ResponseBody
	String timeout(@RequestParam int seconds, HttpServletRequest request) {
		request.getSession().setMaxInactiveInterval(seconds);
		return "set";
	}

	/** Sets the timeout of the live session. */
	@MessageMapping("/timeout")
	void timeout(@Payload String seconds, HttpSession session) {
		session.setMaxInactiveInterval(Integer.parseInt(seconds));
	}

}
