package org.sessionlink.inbound;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.messaging.handler.HandlerMethod;
import org.springframework.messaging.simp.annotation.support.SimpAnnotationMethodMessageHandler;
import org.springframework.util.PathMatcher;

/**
 * The destinations of the methods that are {@link Blocking}, matched as Spring matches
 * them; whether a frame is a SEND or a SUBSCRIBE makes no difference.
 */
final class BlockingDestinations {

	private final List<Mapping> mappings;

	private BlockingDestinations(List<Mapping> mappings) {
		this.mappings = mappings;
	}

	/** Returns those of the methods that these call. */
	static BlockingDestinations of(Stream<SimpAnnotationMethodMessageHandler> handlers) {
		return new BlockingDestinations(handlers.flatMap(BlockingDestinations::mappings).toList());
	}

	private static Stream<Mapping> mappings(SimpAnnotationMethodMessageHandler handler) {
		return handler.getHandlerMethods()
			.entrySet()
			.stream()
			.filter((entry) -> isBlocking(entry.getValue()))
			.map((entry) -> new Mapping(entry.getKey().getDestinationConditions().getPatterns(),
					handler.getDestinationPrefixes(), handler.getPathMatcher()));
	}

	private static boolean isBlocking(HandlerMethod method) {
		return AnnotatedElementUtils.hasAnnotation(method.getMethod(), Blocking.class)
				|| AnnotatedElementUtils.hasAnnotation(method.getBeanType(), Blocking.class);
	}

	boolean isEmpty() {
		return this.mappings.isEmpty();
	}

	boolean include(String destination) {
		return this.mappings.stream().anyMatch((mapping) -> mapping.fits(destination));
	}

	private record Mapping(Set<String> patterns, Collection<String> prefixes, PathMatcher matcher) {

		boolean fits(String destination) {
			String looked = withoutPrefix(destination);
			return looked != null && this.patterns.stream()
				.anyMatch((pattern) -> pattern.equals(looked) || this.matcher.match(pattern, looked));
		}

		private @Nullable String withoutPrefix(String destination) {
			if (this.prefixes.isEmpty()) {
				return destination;
			}
			// A path keeps the slash that its prefix ends with.
			int kept = this.matcher.combine("a", "a").equals("a/a") ? 1 : 0;
			return this.prefixes.stream()
				.filter(destination::startsWith)
				.findFirst()
				.map((prefix) -> destination.substring(prefix.length() - kept))
				.orElse(null);
		}

	}

}
