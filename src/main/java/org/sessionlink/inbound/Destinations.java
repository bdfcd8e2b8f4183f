package org.sessionlink.inbound;

import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.OpenSockets;

/** What a client may write where the name of a destination stands (B26). */
final class Destinations {

	/** RabbitMQ's, which reach any exchange and any queue, and ActiveMQ's. */
	private static final List<String> KINDS = List.of("/exchange", "/amq/queue", "/temp-queue", "/temp-topic",
			"/reply-queue", "/dsub");

	/** What Spring makes of a user destination for a socket, of whichever server. */
	private static final Pattern OF_ANOTHER = Pattern.compile(OpenSockets.MARK + "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}");

	private Destinations() {
	}

	/**
	 * Returns whether a destination is one and nothing else: no pattern of the broker's.
	 */
	static boolean isPlain(String destination) {
		return isPlainOrPattern(destination) && !isPattern(destination);
	}

	/**
	 * Returns whether it is one, or a pattern without expressions: those of strangers
	 * could keep a thread busy.
	 */
	static boolean isPlainOrPattern(String destination) {
		return destination.chars().noneMatch((c) -> c == '{' || c == '}' || Character.isISOControl(c))
				&& !destination.contains("..");
	}

	static boolean isPattern(String destination) {
		return destination.indexOf('*') >= 0 || destination.indexOf('?') >= 0;
	}

	/**
	 * Returns whether a destination is more than a name to a broker elsewhere, or one
	 * that servers have for themselves: several at once, a queue whatever its address, or
	 * what another client alone is to have.
	 */
	static boolean isMoreThanAName(String destination) {
		return destination.contains("::") || destination.contains(OpenSockets.INTERNAL)
				|| destination.chars().anyMatch((c) -> c == '#' || c == '>' || c == '*')
				|| OF_ANOTHER.matcher(destination).find();
	}

	/** Returns whether it names a kind of destination that brokers have beside topics. */
	static @Nullable String kind(String destination) {
		return KINDS.stream().filter(destination::startsWith).findFirst().orElse(null);
	}

}
