package org.sessionlink.journey.square;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import jakarta.servlet.http.HttpServletRequest;
import org.sessionlink.handling.Blocking;

import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseBody;

/** Passes on what people say, and lets some wait until somebody opens a gate. */
@Controller
class SquareController {

	private final CountDownLatch gate = new CountDownLatch(1);

	@MessageMapping("/say/{place}")
	@SendTo("/topic/{place}")
	String say(@DestinationVariable String place, String words) {
		return words;
	}

	@Blocking
	@MessageMapping("/wait")
	void await() throws InterruptedException {
		this.gate.await(60, TimeUnit.SECONDS);
	}

	@GetMapping("/")
	@ResponseBody
	String home() {
		return "The square";
	}

	@PostMapping("/session")
	@ResponseBody
	String start(HttpServletRequest request) {
		return Boolean.toString(request.getSession().isNew());
	}

	@PostMapping("/logout")
	@ResponseBody
	String end(HttpServletRequest request) {
		request.getSession().invalidate();
		return "Gone";
	}

	@PostMapping("/gate")
	@ResponseBody
	String open() {
		this.gate.countDown();
		return "Open";
	}

}
