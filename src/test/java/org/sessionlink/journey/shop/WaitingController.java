package org.sessionlink.journey.shop;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.servlet.http.HttpSession;
import org.sessionlink.handling.Blocking;

import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.simp.annotation.SendToUser;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;

/** Lets customers wait at a gate until somebody opens it. */
@Controller
class WaitingController {

	private static final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();

	private static final AtomicInteger waiting = new AtomicInteger();

	private static final AtomicInteger told = new AtomicInteger();

	/** Waits, and then puts into the cart and answers, or fails. */
	@Blocking
	@MessageMapping("/wait/{gate}")
	@SendToUser(destinations = "/queue/me", broadcast = false)
	String await(@DestinationVariable String gate, @Payload String item, HttpSession session)
			throws InterruptedException {
		if (item.equals("told")) {
			told.incrementAndGet();
		}
		waiting.incrementAndGet();
		try {
			if (!gate(gate).await(60, TimeUnit.SECONDS)) {
				throw new IllegalStateException("nobody came");
			}
		}
		finally {
			waiting.decrementAndGet();
		}
		if (item.equals("fail")) {
			throw new IllegalStateException("it was to fail");
		}
		Object before = session.getAttribute("cart");
		session.setAttribute("cart", (before != null) ? before + "," + item : item);
		return item;
	}

	@MessageMapping("/open/{gate}")
	void open(@DestinationVariable String gate) {
		gate(gate).countDown();
	}

	private static CountDownLatch gate(String name) {
		return gates.computeIfAbsent(name, (key) -> new CountDownLatch(1));
	}

	@MessageExceptionHandler
	@SendToUser(destinations = "/queue/errors", broadcast = false)
	String failed(IllegalStateException ex) {
		return ex.getMessage();
	}

	@GetMapping("/waiting")
	@ResponseBody
	String waiting() {
		return waiting.toString();
	}

	@GetMapping("/told")
	@ResponseBody
	String told() {
		return told.toString();
	}

}
