package org.sessionlink.cluster;

/** An attribute of a session cannot be written. */
final class UnwritableAttributeException extends IllegalStateException {

	private static final long serialVersionUID = 1;

	private final String name;

	UnwritableAttributeException(String name, Throwable cause) {
		super("The session attribute '" + name + "' cannot be kept in Redis: what is "
				+ "in a session that several servers share has to be Serializable, and so has all in it.", cause);
		this.name = name;
	}

	/** Returns the name of the attribute. */
	String name() {
		return this.name;
	}

}
