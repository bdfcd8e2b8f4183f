package org.sessionlink.watch;

import org.sessionlink.store.SessionLinks;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;

/**
 * Tells load balancers and orchestrators, who know nobody's login, how this server is
 * (B29): {@code GET /health/live} and {@code GET /health/ready}.
 *
 * <p>
 * An application that wants it imports it, and lets these two paths pass its security. It
 * has a mapping of its own, as the {@link SessionApi} has.
 */
@Configuration(proxyBeanMethods = false)
@Lazy(false)
@Import(HealthController.class)
public class HealthApi {

	// Named as it is imported.
	private static final String[] CONTROLLERS = { HealthController.class.getName() };

	@Bean(name = "org.sessionlink.healthMapping", defaultCandidate = false)
	@Fallback
	static SessionMapping healthMapping(SessionLinks sessionLinks) {
		return new SessionMapping(CONTROLLERS, sessionLinks);
	}

}
