package org.sessionlink.watch;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Lazy;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseBody;

/**
 * How this server is. No controller to any mapping but that of the {@link HealthApi}.
 */
@Lazy(false)
@ResponseBody
@RequestMapping(path = "/health", produces = MediaType.APPLICATION_JSON_VALUE)
class HealthController {

	private static final Logger logger = LoggerFactory.getLogger(HealthController.class);

	private static final String FAILED = "a check has failed";

	private final ObjectProvider<HealthCheck> checks;

	HealthController(ObjectProvider<HealthCheck> checks) {
		this.checks = checks;
	}

	// Whatever is wrong elsewhere, a restart of this server would cure nothing.
	@GetMapping("/live")
	Liveness live() {
		return new Liveness("up");
	}

	@GetMapping("/ready")
	ResponseEntity<Readiness> ready() {
		List<String> concerns = new ArrayList<>();
		boolean ready = true;
		for (HealthCheck check : this.checks.orderedStream().toList()) {
			try {
				ready &= check.ready();
				add(check.concern(), concerns);
			}
			catch (RuntimeException | LinkageError ex) {
				logger.warn("The health check {} has failed, and this server counts as not ready",
						check.getClass().getName(), ex);
				ready = false;
				add(FAILED, concerns);
			}
		}
		return ResponseEntity.status(ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
			.body(new Readiness(ready ? "ready" : "not-ready", concerns));
	}

	private static void add(@Nullable String concern, List<String> concerns) {
		if (concern != null && !concerns.contains(concern)) {
			concerns.add(concern);
		}
	}

	/** That it answers at all. */
	record Liveness(String status) {

	}

	/** Whether it may be sent clients, and what is wrong. */
	record Readiness(String status, List<String> concerns) {

	}

}
