package org.sessionlink.app;

import org.jspecify.annotations.Nullable;

/**
 * What {@code /app/message} takes: {@code {"name": "..."}} (G5).
 *
 * @param name as it came: perhaps missing, blank or too long
 */
record GreetingRequest(@Nullable String name) {

	private static final int LONGEST = 100;

	/**
	 * Returns the name, as it came.
	 * @throws RefusedException if it is missing, blank or over 100 characters (code
	 * points)
	 */
	String validName() {
		if (this.name == null) {
			throw new RefusedException("name-missing", "Send a name, as in {\"name\": \"Ada\"}.");
		}
		if (this.name.isBlank()) {
			throw new RefusedException("name-blank", "The name is blank: send one with at least one letter.");
		}
		int length = this.name.codePointCount(0, this.name.length());
		if (length > LONGEST) {
			throw new RefusedException("name-too-long",
					"The name has " + length + " characters: send at most " + LONGEST + ".");
		}
		return this.name;
	}

}
