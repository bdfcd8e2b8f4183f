package org.sessionlink.watch;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.SocketClosed;
import org.sessionlink.watch.CloseLogSettings.Format;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each socket that has closed: the logger {@code org.sessionlink.close}, at
 * INFO, for programs to read (B53). What a stranger chooses is quoted, so that it begins
 * no other field and no other line.
 */
public final class CloseLog implements Consumer<SocketClosed> {

	/** The name of the logger. */
	public static final String LOGGER = "org.sessionlink.close";

	private static final Logger logger = LoggerFactory.getLogger(LOGGER);

	private final CloseLogSettings settings;

	/** Writes lines as the settings have it. */
	public CloseLog(CloseLogSettings settings) {
		this.settings = settings;
	}

	@Override
	public void accept(SocketClosed socket) {
		if (this.settings.format() != Format.OFF && logger.isInfoEnabled()) {
			logger.info("{}", line(socket));
		}
	}

	private String line(SocketClosed socket) {
		return new Line(this.settings.format()).word("event", "close")
			.number("code", Integer.toString(socket.code()))
			.word("cause", socket.cause().word())
			.word("link", socket.link().fingerprint())
			.text("socket", socket.socket())
			.text("user", this.settings.user() ? socket.principal() : null)
			.number("age", seconds(socket.age()))
			.number("silent", seconds(socket.silent()))
			.number("frames_in", Long.toString(socket.traffic().framesIn()))
			.number("frames_out", Long.toString(socket.traffic().framesOut()))
			.number("bytes_in", Long.toString(socket.traffic().bytesIn()))
			.number("bytes_out", Long.toString(socket.traffic().bytesOut()))
			.number("waiting", Long.toString(socket.waiting()))
			.number("subscriptions", Integer.toString(socket.subscriptions()))
			.text("address", socket.remoteAddress())
			.text("agent", socket.userAgent())
			.end();
	}

	private static String seconds(Duration time) {
		return String.format(Locale.ROOT, "%d.%03d", time.toSeconds(), time.toMillisPart());
	}

	/** A line as it is made, field by field; a text that is not there is left out. */
	private static final class Line {

		private static final int LONGEST = 256;

		private final StringBuilder line = new StringBuilder(320);

		private final boolean json;

		Line(Format format) {
			this.json = format == Format.JSON;
		}

		/** Adds one of our own words, that need no quotes. */
		Line word(String name, String word) {
			name(name);
			if (this.json) {
				this.line.append('"').append(word).append('"');
			}
			else {
				this.line.append(word);
			}
			return this;
		}

		Line number(String name, String number) {
			name(name);
			this.line.append(number);
			return this;
		}

		/** Adds what somebody else may have chosen. */
		Line text(String name, @Nullable String text) {
			if (text != null) {
				name(name);
				quote((text.length() > LONGEST) ? text.substring(0, LONGEST) : text);
			}
			return this;
		}

		private void name(String name) {
			if (this.json) {
				this.line.append(this.line.isEmpty() ? "{\"" : ",\"").append(name).append("\":");
			}
			else {
				this.line.append(this.line.isEmpty() ? "" : " ").append(name).append('=');
			}
		}

		private void quote(String text) {
			this.line.append('"');
			text.chars().forEach((c) -> {
				if (c == '"' || c == '\\') {
					this.line.append('\\').append((char) c);
				}
				else if (isSafe(c)) {
					this.line.append((char) c);
				}
				else {
					this.line.append(String.format("\\u%04x", c));
				}
			});
			this.line.append('"');
		}

		// Not what ends a line, turns the direction of writing, does not show, or is half
		// a character.
		private static boolean isSafe(int c) {
			return switch (Character.getType(c)) {
				case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE,
						Character.UNASSIGNED, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
					false;
				default -> true;
			};
		}

		String end() {
			return this.json ? this.line.append('}').toString() : this.line.toString();
		}

	}

}
