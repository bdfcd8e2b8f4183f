package org.sessionlink.watch;

import java.util.List;

/**
 * Says that what somebody wanted to end is not there, or not clear: nothing was ended.
 * Code and sentence are ones that an operator may see.
 */
public final class TargetException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String code;

	private final boolean ambiguous;

	private TargetException(String code, boolean ambiguous, String sentence) {
		// No stack trace: it is an ordinary outcome.
		super(sentence, null, false, false);
		this.code = code;
		this.ambiguous = ambiguous;
	}

	static TargetException unknownLink() {
		return new TargetException("unknown-link", false,
				"No open link has this fingerprint: it may have ended meanwhile.");
	}

	static TargetException ambiguousLink() {
		return new TargetException("ambiguous-link", true, "More than one open link has this fingerprint: "
				+ "end the sockets one by one, or all links of the user.");
	}

	static TargetException unknownSocket() {
		return new TargetException("unknown-socket", false,
				"No open socket has this id: it may have closed meanwhile.");
	}

	static TargetException unknownUser() {
		return new TargetException("unknown-user", false, "No open link belongs to a user of this name.");
	}

	static TargetException unknownKeep() {
		return new TargetException("unknown-keep", false,
				"The link to keep is not an open link of this user: no link was ended.");
	}

	static TargetException unknownSubscription() {
		return new TargetException("unknown-subscription", false,
				"The socket has no subscription with this id: it may have ended meanwhile.");
	}

	/** Returns the same where it may be on other servers, which have not answered. */
	TargetException unless(List<String> silent) {
		return silent.isEmpty() ? this : new TargetException(this.code, this.ambiguous, getMessage()
				+ " These nodes have not answered, and may know of it: " + String.join(", ", silent) + ".");
	}

	/** Returns what is wrong, for programs, such as {@code unknown-link}. */
	public String code() {
		return this.code;
	}

	/** Returns whether there is more than one that could be meant. */
	public boolean isAmbiguous() {
		return this.ambiguous;
	}

}
