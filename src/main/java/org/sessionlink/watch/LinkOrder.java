package org.sessionlink.watch;

import java.util.Comparator;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * By what a list of links can be sorted: only by what is kept of each. Where that is not
 * known, links come last in either direction; those that are equal in it go by their
 * fingerprints.
 */
enum LinkOrder {

	/** When it was used last: at first the latest. */
	LAST_ACTIVITY("lastActivity", true, by((link) -> -link.idle())),

	/** At first the newest. */
	CREATED_AT("createdAt", true, by((link) -> -link.age())),

	/** When its last HTTP request was: at first the latest. */
	LAST_REQUEST("lastRequest", true, by((link) -> before(link.lastRequest()))),

	/** When its last frame came: at first the latest. */
	LAST_FRAME("lastFrame", true, by((link) -> before(link.lastFrame()))),

	/** How long it lasts: at first the one that ends next. */
	REMAINING("remainingSeconds", false, by(LinkTold::remaining)),

	/** By name. */
	PRINCIPAL("principal", false, by((link) -> lowerCase(link.principal()))),

	/** At first the one with most. */
	SOCKETS("sockets", true, by(LinkTold::sockets)),

	/** At first the one with most. */
	SUBSCRIPTIONS("subscriptions", true, by(LinkTold::subscriptions)),

	/** At first the one that has sent most. */
	FRAMES_IN("framesIn", true, by((link) -> link.traffic().framesIn())),

	/** At first the one that was sent most. */
	FRAMES_OUT("framesOut", true, by((link) -> link.traffic().framesOut())),

	/** At first the one that has sent most. */
	BYTES_IN("bytesIn", true, by((link) -> link.traffic().bytesIn())),

	/** At first the one that was sent most. */
	BYTES_OUT("bytesOut", true, by((link) -> link.traffic().bytesOut())),

	/** By the characters of the address. */
	ADDRESS("remoteAddress", false, by(LinkTold::lastAddress)),

	/** By the server's name. */
	NODE("node", false, by(LinkTold::node));

	private final String property;

	private final boolean descending;

	private final Function<Boolean, Comparator<LinkTold>> order;

	LinkOrder(String property, boolean descending, Function<Boolean, Comparator<LinkTold>> order) {
		this.property = property;
		this.descending = descending;
		this.order = order;
	}

	private static <K extends Comparable<? super K>> Function<Boolean, Comparator<LinkTold>> by(
			Function<LinkTold, @Nullable K> key) {
		BiFunction<Boolean, Comparator<K>, Comparator<K>> directed = (descending, natural) -> descending
				? natural.reversed() : natural;
		return (descending) -> Comparator.<LinkTold, @Nullable K>comparing(key,
				Comparator.nullsLast(directed.apply(descending, Comparator.naturalOrder())));
	}

	private static @Nullable Long before(@Nullable Long nanos) {
		return (nanos != null) ? -nanos : null;
	}

	private static @Nullable String lowerCase(@Nullable String name) {
		return (name != null) ? name.toLowerCase(Locale.ROOT) : null;
	}

	/** Returns the one of this name, or null where there is none. */
	static @Nullable LinkOrder of(String property) {
		return Stream.of(values()).filter((order) -> order.property.equals(property)).findFirst().orElse(null);
	}

	/** Returns the names of all. */
	static String names() {
		return Stream.of(values()).map((order) -> order.property).collect(Collectors.joining(", "));
	}

	/** Returns whether at first the largest comes first. */
	boolean isDescending() {
		return this.descending;
	}

	/** Returns the order in a direction. */
	Comparator<LinkTold> directed(boolean descending) {
		return this.order.apply(descending).thenComparing(LinkTold::fingerprint);
	}

}
