package org.sessionlink.watch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.annotation.Lazy;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseBody;

/**
 * The metrics of this server as Prometheus reads them: those of a registry of the
 * application's that can write them, with all that the application has there, or else of
 * one of its own with ours alone. No controller to any mapping but that of the
 * {@link MetricsApi}.
 */
@Lazy(false)
@ResponseBody
@RequestMapping("/metrics")
final class MetricsController implements SmartInitializingSingleton, DisposableBean {

	private static final String BEARER = "Bearer ";

	private static final String OPEN_METRICS = "application/openmetrics-text";

	private static final String OPEN_METRICS_1 = OPEN_METRICS + "; version=1.0.0; charset=utf-8";

	private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

	private final LinkMeters meters;

	private final ObjectProvider<MeterRegistry> registries;

	private final byte @Nullable [] token;

	private List<MeterRegistry> bound = List.of();

	private @Nullable PrometheusMeterRegistry own;

	private volatile @Nullable PrometheusMeterRegistry shown;

	MetricsController(LinkMeters meters, ObjectProvider<MeterRegistry> registries, MetricsSettings settings) {
		this.meters = meters;
		this.registries = registries;
		this.token = (settings.token() != null) ? settings.token().getBytes(StandardCharsets.UTF_8) : null;
	}

	// Where the application's registry is in a context inside of that of the meters, they
	// have not seen it.
	@Override
	public void afterSingletonsInstantiated() {
		List<MeterRegistry> found = LinkMeters.of(this.registries);
		this.bound = found.stream().filter(this.meters::bindTo).toList();
		this.shown = found.stream()
			.flatMap((registry) -> Stream.concat(Stream.of(registry), LinkMeters.partsOf(registry).stream()))
			.filter(PrometheusMeterRegistry.class::isInstance)
			.map(PrometheusMeterRegistry.class::cast)
			.findFirst()
			.orElseGet(this::ofOurOwn);
	}

	private PrometheusMeterRegistry ofOurOwn() {
		PrometheusMeterRegistry made = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		this.meters.bindTo(made);
		this.own = made;
		return made;
	}

	@Override
	public void destroy() {
		this.bound.forEach(this.meters::unbind);
		if (this.own != null) {
			this.meters.unbind(this.own);
			this.own.close();
		}
	}

	@GetMapping
	void metrics(HttpServletRequest request, HttpServletResponse response) throws IOException {
		if (!showsToken(request)) {
			operatorsOnly(request);
		}
		PrometheusMeterRegistry registry = this.shown;
		if (registry == null) {
			throw new RefusedException(HttpStatus.SERVICE_UNAVAILABLE, "starting",
					"The server is starting: ask again.");
		}
		String accept = request.getHeader(HttpHeaders.ACCEPT);
		String type = (accept != null && accept.contains(OPEN_METRICS)) ? OPEN_METRICS_1 : TEXT;
		ByteArrayOutputStream text = new ByteArrayOutputStream();
		registry.scrape(text, type);
		response.setContentType(type);
		response.setContentLength(text.size());
		text.writeTo(response.getOutputStream());
	}

	private boolean showsToken(HttpServletRequest request) {
		String shown = request.getHeader(HttpHeaders.AUTHORIZATION);
		return this.token != null && shown != null && shown.regionMatches(true, 0, BEARER, 0, BEARER.length())
				&& MessageDigest.isEqual(this.token,
						shown.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8));
	}

	private static void operatorsOnly(HttpServletRequest request) {
		if (request.getUserPrincipal() == null) {
			throw new RefusedException(HttpStatus.UNAUTHORIZED, "login-required",
					"Log in as an operator, or send the token of sessionlink.metrics.token "
							+ "as Authorization: Bearer <token>.");
		}
		if (!request.isUserInRole("OPERATOR") && !request.isUserInRole("OBSERVER")) {
			throw new RefusedException(HttpStatus.FORBIDDEN, "operators-only",
					"This is for operators and observers: log in as one of them.");
		}
	}

	@ExceptionHandler
	ResponseEntity<Problem> refused(RefusedException ex) {
		ResponseEntity<Problem> answer = Problem.answer(ex.status(), ex.code(), ex);
		return (ex.status() != HttpStatus.UNAUTHORIZED) ? answer
				: ResponseEntity.status(ex.status())
					.headers(answer.getHeaders())
					.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"metrics\"")
					.body(answer.getBody());
	}

}
