package org.sessionlink.link;

/**
 * Writes names and values of STOMP headers as the version asks for that a client speaks:
 * 1.2 escapes backslash, colon, line feed and carriage return, 1.1 the first three (a
 * receiver must not accept others), 1.0 nothing ("Value Encoding" in each). What a
 * version cannot say is left out: no header may break out of its line.
 */
public final class HeaderText {

	private HeaderText() {
	}

	/** Adds a header, as a line of its own. */
	public static void add(StringBuilder head, String name, String value, String version) {
		escape(head, name, version);
		head.append(':');
		escape(head, value, version);
		head.append('\n');
	}

	private static void escape(StringBuilder head, String text, String version) {
		int start = 0;
		for (int i = 0; i < text.length(); i++) {
			char character = text.charAt(i);
			if (character == '\\' || character == ':' || character == '\n' || character == '\r') {
				head.append(text, start, i).append(escaped(character, version));
				start = i + 1;
			}
		}
		head.append(text, start, text.length());
	}

	private static String escaped(char character, String version) {
		boolean escapes = !version.equals("1.0");
		return switch (character) {
			case '\\' -> escapes ? "\\\\" : "\\";
			case ':' -> escapes ? "\\c" : ":";
			case '\n' -> escapes ? "\\n" : "";
			default -> version.equals("1.2") ? "\\r" : "";
		};
	}

}
