package org.sessionlink.link;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Takes out of text that a stranger chooses what Spring leaves in for the log: what ends
 * a line or turns the direction of writing, and is no control character.
 */
public final class LogText {

	/** Far more than goes into a line. */
	private static final int LONGEST = 1000;

	private static final Pattern INVISIBLE = Pattern.compile("[\\p{Zl}\\p{Zp}\\p{Cf}]");

	private LogText() {
	}

	/** Returns the text with a question mark for each of these. */
	public static @Nullable String visible(@Nullable String text) {
		if (text == null) {
			return null;
		}
		String start = (text.length() > LONGEST) ? text.substring(0, LONGEST) : text;
		return INVISIBLE.matcher(start).replaceAll("?");
	}

}
