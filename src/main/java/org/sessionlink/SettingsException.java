package org.sessionlink;

/** Says in one sentence which setting makes no sense, and what to write instead. */
final class SettingsException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	SettingsException(String sentence) {
		// No stack trace: the mistake is in a setting, not in code.
		super(sentence, null, false, false);
	}

}
