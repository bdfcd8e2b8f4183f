package org.sessionlink.link;

/**
 * How many HTTP sessions one user may have at once (B49).
 *
 * @param sessions the most; 0 for any number
 * @param refusesNew whether a session more is refused, or else the oldest ends for it
 */
public record UserLimit(int sessions, boolean refusesNew) {

	/** Any number. */
	public static final UserLimit NONE = new UserLimit(0, false);

	/** Returns whether a login has to ask before it takes effect. */
	boolean refusesLogins() {
		return this.sessions > 0 && this.refusesNew;
	}

}
