package org.sessionlink.cluster;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Where the sessions of several nodes are kept.
 *
 * @param url of Redis, with its password; null where each server keeps its own sessions
 * @param grace how long sockets stay open while Redis is away
 * @param namespace what tells the keys of this application from those of others; null for
 * one made of the context path
 */
public record RedisSettings(@Nullable String url, Duration grace, @Nullable String namespace) {

	private static final List<String> NEEDED = List.of("org.springframework.session.Session",
			"io.lettuce.core.RedisClient");

	/** Reads a URL of Redis: {@code redis://} or, with TLS, {@code rediss://}. */
	public static String url(String text) {
		for (String needed : NEEDED) {
			if (!ClassUtils.isPresent(needed, RedisSettings.class.getClassLoader())) {
				throw new IllegalArgumentException(
						"add spring-session-core and lettuce-core, of which one is missing, or leave it out");
			}
		}
		try {
			URI uri = new URI(text);
			if (("redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme())) && uri.getHost() != null
					&& (uri.getPath().isEmpty() || uri.getPath().matches("/\\d{0,4}"))) {
				return text;
			}
		}
		catch (URISyntaxException ex) {
			// Its text may hold a password.
		}
		throw new IllegalArgumentException(
				"use redis://[user:password@]host[:port][/database], or rediss:// for TLS, with % codes for what "
						+ "is special in a password");
	}

	/** Reads a namespace. */
	public static String namespace(String text) {
		if (!text.matches("[A-Za-z0-9._:/~-]{1,100}")) {
			throw new IllegalArgumentException("use up to 100 letters, digits and . _ - : / ~");
		}
		return text;
	}

	// Without its password.
	@Override
	public String toString() {
		return "RedisSettings[grace=" + this.grace + ", namespace=" + this.namespace + "]";
	}

}
