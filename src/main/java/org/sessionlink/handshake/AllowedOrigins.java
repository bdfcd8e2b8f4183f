package org.sessionlink.handshake;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.cors.CorsConfiguration;

/**
 * Whose pages may connect to an endpoint beside the application's own (B25): never
 * everybody's, as a page of any site could then act with the session of its visitor.
 *
 * @param exact origins
 * @param patterns as Spring knows them, such as {@code https://*.example.org}
 */
record AllowedOrigins(List<String> exact, List<String> patterns) {

	private static final Logger logger = LoggerFactory.getLogger(AllowedOrigins.class);

	private static final Pattern EVERYBODY = Pattern.compile("(?:[^/]*://)?\\*[*.]*(?::.*)?/?");

	/** Sites of nobody's, and a frame with a sandbox on any site. */
	private static final List<String> ANYBODY = List.of("https://w4z8.q7x2", "http://w4z8.q7x2", "null");

	AllowedOrigins {
		exact = List.copyOf(exact);
		patterns = List.copyOf(patterns);
	}

	/** Returns what code has set for the endpoint at a path, without everybody. */
	static AllowedOrigins inCode(String path, @Nullable Collection<String> exact,
			@Nullable Collection<String> patterns) {
		return new AllowedOrigins(withoutEverybody(path, exact), withoutEverybody(path, patterns));
	}

	private static List<String> withoutEverybody(String path, @Nullable Collection<String> origins) {
		if (origins == null) {
			return List.of();
		}
		return origins.stream().filter((origin) -> {
			boolean everybody = isEverybodys(origin);
			if (everybody) {
				logger.warn("The endpoint {} is open in code to the pages of every site, by the origin {}: not so "
						+ "under SessionLink, as such a page could act with its visitor's session. Name the origins "
						+ "there, or in sessionlink.allowed-origins", path, origin);
			}
			return !everybody;
		}).toList();
	}

	private static boolean isEverybodys(String origin) {
		CorsConfiguration spring = new CorsConfiguration();
		spring.addAllowedOrigin(origin);
		spring.addAllowedOriginPattern(origin);
		return EVERYBODY.matcher(origin).matches()
				|| ANYBODY.stream().anyMatch((anybody) -> spring.checkOrigin(anybody) != null);
	}

	/** Returns these and more. */
	AllowedOrigins and(List<Origin> more) {
		return new AllowedOrigins(
				Stream.concat(this.exact.stream(), more.stream().map(Origin::value)).distinct().toList(),
				this.patterns);
	}

}
