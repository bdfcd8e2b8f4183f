package org.sessionlink.app;

/**
 * Says that a request was understood and refused; code and sentence are ones that a
 * client may see.
 */
final class RefusedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String code;

	RefusedException(String code, String sentence) {
		// No stack trace: clients can cause it at will.
		super(sentence, null, false, false);
		this.code = code;
	}

	String code() {
		return this.code;
	}

}
