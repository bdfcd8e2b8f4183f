package org.sessionlink.watch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

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
 * How this server is, in JSON whatever a probe would rather have. No controller to any
 * mapping but that of the {@link HealthApi}.
 *
 * <p>
 * Safe for use by any thread: which checks fail is a set, and who adds one to it says so.
 */
@Lazy(false)
@ResponseBody
@RequestMapping("/health")
class HealthController {

	private static final Logger logger = LoggerFactory.getLogger(HealthController.class);

	private static final String FAILED = "a check has failed";

	private final ObjectProvider<HealthCheck> checks;

	private final Set<HealthCheck> failing = Collections
		.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

	HealthController(ObjectProvider<HealthCheck> checks) {
		this.checks = checks;
	}

	// Whatever is wrong elsewhere, a restart of this server would cure nothing.
	@GetMapping("/live")
	ResponseEntity<Liveness> live() {
		return answer(HttpStatus.OK, new Liveness("up"));
	}

	@GetMapping("/ready")
	ResponseEntity<Readiness> ready() {
		List<String> concerns = new ArrayList<>();
		boolean ready = true;
		for (HealthCheck check : this.checks.orderedStream().toList()) {
			try {
				ready &= check.ready();
				add(check.concern(), concerns);
				this.failing.remove(check);
			}
			catch (RuntimeException | LinkageError ex) {
				failed(check, ex);
				ready = false;
				add(FAILED, concerns);
			}
		}
		return answer(ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE,
				new Readiness(ready ? "ready" : "not-ready", concerns));
	}

	// Once: strangers may ask as often as they like, and do not fill the log.
	private void failed(HealthCheck check, Throwable ex) {
		if (this.failing.add(check)) {
			logger.warn("The health check {} has failed, and this server counts as not ready",
					check.getClass().getName(), ex);
		}
	}

	private static <T> ResponseEntity<T> answer(HttpStatus status, T body) {
		return ResponseEntity.status(status).contentType(MediaType.APPLICATION_JSON).body(body);
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
