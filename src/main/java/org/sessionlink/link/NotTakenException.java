package org.sessionlink.link;

/**
 * Says that a frame, or a message, was not taken, as a matter of course: there is no
 * RECEIPT for it. Whoever throws this has told the client why.
 */
public final class NotTakenException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/** Says so in a sentence for an application that has sent something itself. */
	public NotTakenException(String sentence) {
		// No stack trace: clients can cause it at will.
		super(sentence, null, false, false);
	}

}
