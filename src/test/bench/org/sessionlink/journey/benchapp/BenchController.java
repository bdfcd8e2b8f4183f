package org.sessionlink.journey.benchapp;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;

/** Sends what it gets to all, or back; starts and ends HTTP sessions. */
@Controller
public class BenchController {

	@MessageMapping("/publish")
	@SendTo("/topic/fan")
	String publish(String body) {
		return body;
	}

	@MessageMapping("/echo/{name}")
	@SendTo("/topic/echo/{name}")
	String echo(String body) {
		return body;
	}

	@GetMapping("/")
	@ResponseBody
	String open() {
		return "open";
	}

	@GetMapping("/session")
	@ResponseBody
	String start(HttpServletRequest request) {
		request.getSession();
		return "started";
	}

	@DeleteMapping("/session")
	@ResponseBody
	String end(HttpServletRequest request) {
		request.getSession().invalidate();
		return "ended";
	}

}
