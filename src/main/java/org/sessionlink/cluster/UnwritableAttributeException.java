package org.sessionlink.cluster;

import org.jspecify.annotations.Nullable;

/** An attribute of a session cannot be written. */
final class UnwritableAttributeException extends IllegalStateException {

	private static final long serialVersionUID = 1;

	private final String name;

	private UnwritableAttributeException(String name, String rule, @Nullable Throwable cause) {
		super("The session attribute '" + name + "' cannot be kept in Redis: what is "
				+ "in a session that several servers share has to be " + rule + ".", cause);
		this.name = name;
	}

	/** Makes one for what fails to be serialized. */
	static UnwritableAttributeException failing(String name, Throwable cause) {
		return new UnwritableAttributeException(name, "Serializable, and so has all in it", cause);
	}

	/** Makes one for what is larger than may be. */
	static UnwritableAttributeException large(String name, int megabytes) {
		return new UnwritableAttributeException(name, "at most " + megabytes + " MB", null);
	}

	/** Returns the name of the attribute. */
	String name() {
		return this.name;
	}

}
