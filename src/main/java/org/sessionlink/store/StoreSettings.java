package org.sessionlink.store;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;

/**
 * What a deployer decides about HTTP sessions.
 *
 * @param sessionTimeout set on each new HTTP session, in whole seconds; null leaves the
 * container's own
 * @param passiveRequests the paths, relative to the context path, whose GET and HEAD
 * requests do not count as activity (B7)
 */
public record StoreSettings(@Nullable Duration sessionTimeout, List<PathPattern> passiveRequests) {

	public StoreSettings {
		passiveRequests = List.copyOf(passiveRequests);
	}

	boolean isPassive(String path) {
		PathContainer parsed;
		try {
			parsed = PathContainer.parsePath(path);
		}
		catch (IllegalArgumentException ex) {
			// It cannot be decoded: nothing that pages ask for by themselves.
			return false;
		}
		return this.passiveRequests.stream().anyMatch((pattern) -> pattern.matches(parsed));
	}

}
