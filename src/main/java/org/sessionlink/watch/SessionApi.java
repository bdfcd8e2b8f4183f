package org.sessionlink.watch;

import java.util.stream.Stream;

import org.sessionlink.link.Links;
import org.sessionlink.store.SessionLinks;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;

/**
 * What a page asks of its own session (B46), and a person of theirs (B48), over HTTP: for
 * the application's own pages, and those of {@code sessionlink.allowed-origins}.
 *
 * <p>
 * An application that wants it imports it, behind a security of its own that asks for
 * CSRF tokens. It has a mapping of its own, so that nothing else of the application
 * changes, and there is one wherever the application has its controllers (B40).
 */
@Configuration(proxyBeanMethods = false)
@Lazy(false)
@Import({ SessionController.class, MySessionsController.class, OwnJson.class })
public class SessionApi {

	// Named as they are imported.
	private static final String[] CONTROLLERS = Stream.of(SessionController.class, MySessionsController.class)
		.map(Class::getName)
		.toArray(String[]::new);

	@Bean("org.sessionlink.sessionCors")
	static SessionCors sessionCors(SessionApiSettings settings, Links links) {
		return new SessionCors(settings.allowedOrigins(), links);
	}

	@Bean(name = "org.sessionlink.sessionMapping", defaultCandidate = false)
	@Fallback
	static SessionMapping sessionMapping(SessionCors cors, SessionLinks sessionLinks) {
		SessionMapping mapping = new SessionMapping(CONTROLLERS, sessionLinks);
		cors.applyTo(mapping);
		return mapping;
	}

}
