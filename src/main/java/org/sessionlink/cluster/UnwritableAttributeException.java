package org.sessionlink.cluster;

import java.util.Collection;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/** Attributes of a session cannot be written; all else of it was. */
final class UnwritableAttributeException extends IllegalStateException {

	private static final long serialVersionUID = 1;

	private final boolean large;

	private UnwritableAttributeException(String message, boolean large, @Nullable Throwable cause) {
		super(message, cause);
		this.large = large;
	}

	/** Makes one for what fails to be serialized, and for what is too large beside it. */
	static UnwritableAttributeException failing(Map<String, Throwable> failed, Collection<String> large) {
		Throwable first = failed.values().iterator().next();
		String others = large.isEmpty() ? ""
				: " Nor can " + names(large) + ", which make it more than " + Attributes.MOST_MEGABYTES + " MB.";
		return new UnwritableAttributeException(
				sentence(failed.keySet(), "Serializable, and so has all in it") + others, !large.isEmpty(), first);
	}

	/** Makes one for what makes a session larger than may be. */
	static UnwritableAttributeException large(Collection<String> names) {
		return new UnwritableAttributeException(
				sentence(names, "at most " + Attributes.MOST_MEGABYTES + " MB, all together"), true, null);
	}

	private static String sentence(Collection<String> names, String rule) {
		return "The session attribute " + names(names)
				+ " cannot be kept in Redis: what is in a session that several servers share has to be " + rule + ".";
	}

	private static String names(Collection<String> names) {
		return new TreeSet<>(names).stream().collect(Collectors.joining("', '", "'", "'"));
	}

	/** Returns whether that is as there is more than may be. */
	boolean isLarge() {
		return this.large;
	}

}
