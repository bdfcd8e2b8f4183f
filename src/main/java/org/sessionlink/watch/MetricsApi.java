package org.sessionlink.watch;

import org.sessionlink.store.SessionLinks;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;

/**
 * Shows the metrics of this server as Prometheus reads them (B29): {@code GET /metrics}.
 *
 * <p>
 * An application that wants it imports it, and has
 * {@code io.micrometer:micrometer-registry-prometheus}. Callers need the role
 * {@code OPERATOR} or {@code OBSERVER}, or the token of {@code sessionlink.metrics.token}
 * for which the application lets this path pass its security. It has a mapping of its
 * own, as the {@link SessionApi} has.
 */
@Configuration(proxyBeanMethods = false)
@Lazy(false)
@Import(OptionalBean.Metrics.class)
public class MetricsApi {

	// Named so, and not asked: it may not be looked at without its library.
	private static final String CONTROLLER = "org.sessionlink.watch.MetricsController";

	@Bean(name = "org.sessionlink.metricsMapping", defaultCandidate = false)
	@Fallback
	static SessionMapping metricsMapping(SessionLinks sessionLinks) {
		return new SessionMapping(new String[] { CONTROLLER }, sessionLinks);
	}

}
