package org.sessionlink.watch;

import org.springframework.http.HttpStatus;

/** Says that a request was understood and refused, in words that its client may see. */
final class RefusedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final HttpStatus status;

	private final String code;

	RefusedException(HttpStatus status, String code, String sentence) {
		// No stack trace: clients can cause it at will.
		super(sentence, null, false, false);
		this.status = status;
		this.code = code;
	}

	HttpStatus status() {
		return this.status;
	}

	String code() {
		return this.code;
	}

}
