package org.sessionlink.watch;

/**
 * What the log says of each socket that has closed (B53).
 *
 * @param format how
 * @param user whether the line names who was at the other end
 */
public record CloseLogSettings(Format format, boolean user) {

	/** How a line looks. */
	public enum Format {

		/** Fields as {@code name=value}. */
		LOGFMT,

		/** A JSON object. */
		JSON,

		/** There is none. */
		OFF

	}

}
