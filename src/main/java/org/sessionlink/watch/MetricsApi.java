package org.sessionlink.watch;

import org.sessionlink.store.SessionLinks;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportSelector;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.ClassUtils;

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
@Import(MetricsApi.Controller.class)
public class MetricsApi {

	// Named as it is imported.
	private static final String CONTROLLER = "org.sessionlink.watch.MetricsController";

	@Bean(name = "org.sessionlink.metricsMapping", defaultCandidate = false)
	@Fallback
	static SessionMapping metricsMapping(SessionLinks sessionLinks) {
		return new SessionMapping(new String[] { CONTROLLER }, sessionLinks);
	}

	/** Finds the controller, which could not be looked at without its library. */
	static final class Controller implements ImportSelector {

		private static final String REGISTRY = "io.micrometer.prometheusmetrics.PrometheusMeterRegistry";

		@Override
		public String[] selectImports(AnnotationMetadata importing) {
			if (!ClassUtils.isPresent(REGISTRY, MetricsApi.class.getClassLoader())) {
				throw new IllegalStateException("MetricsApi is imported, and what it shows metrics with is missing: "
						+ "add io.micrometer:micrometer-registry-prometheus.");
			}
			return new String[] { CONTROLLER };
		}

	}

}
