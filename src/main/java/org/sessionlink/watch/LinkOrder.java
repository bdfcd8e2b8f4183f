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
	LAST_ACTIVITY("lastActivity", true, by((view) -> view.life().lastActivity())),

	/** At first the newest. */
	CREATED_AT("createdAt", true, by((view) -> view.life().createdAt())),

	/** How long it lasts: at first the one that ends next. */
	REMAINING("remainingSeconds", false, by((view) -> view.life().remainingSeconds())),

	/** By name. */
	PRINCIPAL("principal", false,
			by((view) -> (view.who().principal() != null) ? view.who().principal().toLowerCase(Locale.ROOT) : null)),

	/** At first the one with most. */
	SOCKETS("sockets", true, by((view) -> view.reach().sockets())),

	/** At first the one with most. */
	SUBSCRIPTIONS("subscriptions", true, by((view) -> view.reach().subscriptions())),

	/** By the characters of the address. */
	ADDRESS("remoteAddress", false, by((view) -> view.reach().remoteAddress())),

	/** By the server's name. */
	NODE("node", false, by(LinkView::node));

	private final String property;

	private final boolean descending;

	private final Function<Boolean, Comparator<LinkView>> order;

	LinkOrder(String property, boolean descending, Function<Boolean, Comparator<LinkView>> order) {
		this.property = property;
		this.descending = descending;
		this.order = order;
	}

	private static <K extends Comparable<? super K>> Function<Boolean, Comparator<LinkView>> by(
			Function<LinkView, @Nullable K> key) {
		BiFunction<Boolean, Comparator<K>, Comparator<K>> directed = (descending, natural) -> descending
				? natural.reversed() : natural;
		return (descending) -> Comparator.<LinkView, @Nullable K>comparing(key,
				Comparator.nullsLast(directed.apply(descending, Comparator.naturalOrder())));
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
	Comparator<LinkView> directed(boolean descending) {
		return this.order.apply(descending).thenComparing(LinkView::link);
	}

}
