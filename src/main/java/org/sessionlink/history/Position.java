package org.sessionlink.history;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Where in the messages of a destination somebody is: nothing behind it has reached them.
 * No secret, and no right to anything (B31).
 *
 * @param epoch tells one count from another, as each begins anew
 * @param offset the number of the last message; 0 before the first
 */
public record Position(String epoch, long offset) {

	private static final Pattern WRITTEN = Pattern.compile("([0-9a-z]{1,32}):([0-9]{1,18})");

	/** Reads a position; null where there is none in the text. */
	public static @Nullable Position of(String text) {
		Matcher written = WRITTEN.matcher(text);
		return written.matches() ? new Position(written.group(1), Long.parseLong(written.group(2))) : null;
	}

	/** Returns it as it goes over the wire. */
	@Override
	public String toString() {
		return this.epoch + ':' + this.offset;
	}

}
