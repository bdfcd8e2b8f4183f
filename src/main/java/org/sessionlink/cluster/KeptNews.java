package org.sessionlink.cluster;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import org.sessionlink.history.History;
import org.sessionlink.history.LogNews;
import org.sessionlink.history.Mark;
import org.sessionlink.history.MessageLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the scripts tell all nodes of messages that are kept: a line of words, the name of
 * the destination, and the bytes of the message.
 */
final class KeptNews {

	private static final Logger logger = LoggerFactory.getLogger(KeptNews.class);

	private static final int WORDS = 6;

	private KeptNews() {
	}

	/** Returns what names a destination, and the user it is of alone. */
	static byte[] name(History.Key key) {
		byte[] destination = Redis.characters(key.destination());
		byte[] user = (key.user() != null) ? Redis.characters(key.user()) : null;
		ByteBuffer name = ByteBuffer
			.allocate(Integer.BYTES + destination.length + ((user != null) ? 1 + user.length : 0));
		name.putInt(destination.length).put(destination);
		if (user != null) {
			name.put((byte) 'u').put(user);
		}
		return name.array();
	}

	private static History.@Nullable Key key(byte[] written) {
		ByteBuffer name = ByteBuffer.wrap(written);
		int length = name.getInt();
		if (length < 0 || length > name.remaining()) {
			return null;
		}
		String destination = text(name, length);
		if (!name.hasRemaining()) {
			return new History.Key(destination, null);
		}
		return (name.get() == 'u') ? new History.Key(destination, text(name, name.remaining())) : null;
	}

	private static String text(ByteBuffer bytes, int length) {
		byte[] text = new byte[length];
		bytes.get(text);
		return ByteBuffer.wrap(text).asCharBuffer().toString();
	}

	/**
	 * Tells a reader; what makes no sense here, as of another version, it does not hear.
	 */
	static void read(byte[] message, MessageLog.Reader reader) {
		try {
			LogNews news = parse(message);
			if (news != null) {
				reader.hear(news);
			}
		}
		catch (NumberFormatException | BufferUnderflowException ex) {
			logger.debug("News of a message make no sense", ex);
		}
	}

	private static @Nullable LogNews parse(byte[] message) {
		int end = 0;
		while (end < message.length && message[end] != '\n') {
			end++;
		}
		String[] words = new String(message, 0, end, StandardCharsets.UTF_8).split(" ");
		if (end == message.length || words.length != WORDS) {
			return null;
		}
		int length = Integer.parseInt(words[5]);
		int begin = end + 1;
		if (length < 0 || length > message.length - begin) {
			return null;
		}
		History.Key key = key(Arrays.copyOfRange(message, begin, begin + length));
		Mark mark = new Mark(words[1], Long.parseLong(words[2]), Long.parseLong(words[3]));
		if (key == null) {
			return null;
		}
		return switch (words[0]) {
			case "message" -> LogNews.message(key, mark, Long.parseLong(words[4]),
					Arrays.copyOfRange(message, begin + length, message.length));
			case "head" -> LogNews.head(key, mark);
			default -> null;
		};
	}

}
