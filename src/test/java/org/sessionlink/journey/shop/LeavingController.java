package org.sessionlink.journey.shop;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.sessionlink.link.Drain;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.socket.messaging.SessionDisconnectEvent;

/** Lets the clients go from code, and does one thing or another as each goes. */
@Controller
class LeavingController {

	private static final CountDownLatch gate = new CountDownLatch(1);

	private static volatile String habit = "none";

	private final Drain drain;

	LeavingController(Drain drain) {
		this.drain = drain;
	}

	@GetMapping("/leaving/begin")
	@ResponseBody
	String begin(@RequestParam(defaultValue = "none") String doing) {
		habit = doing;
		return "begun " + this.drain.begin();
	}

	@GetMapping("/leaving/cancel")
	@ResponseBody
	String cancel() {
		habit = "none";
		gate.countDown();
		return "cancelled " + this.drain.cancel();
	}

	@EventListener
	void gone(SessionDisconnectEvent event) throws InterruptedException {
		switch (habit) {
			case "fail" -> throw new IllegalStateException("it was to fail");
			case "wait" -> gate.await(60, TimeUnit.SECONDS);
			default -> {
			}
		}
	}

}
