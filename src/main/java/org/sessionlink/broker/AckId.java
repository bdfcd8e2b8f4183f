package org.sessionlink.broker;

import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;

/**
 * What an ACK or NACK is for: the header {@code id} of STOMP 1.2, {@code message-id} of
 * the versions before.
 *
 * @param taker the number of the subscription
 * @param message the number of the message there
 */
record AckId(long taker, long message) {

	private static final Pattern TEXT = Pattern.compile("(\\d{1,18})-(\\d{1,18})");

	/** Returns that of a frame, or null for one that the server has not given. */
	static @Nullable AckId in(MessageHeaders headers) {
		String text = NativeMessageHeaderAccessor.getFirstNativeHeader(StompHeaderAccessor.STOMP_ID_HEADER, headers);
		if (text == null) {
			text = NativeMessageHeaderAccessor.getFirstNativeHeader(StompHeaderAccessor.STOMP_MESSAGE_ID_HEADER,
					headers);
		}
		Matcher matcher = TEXT.matcher((text != null) ? text : "");
		return matcher.matches() ? new AckId(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))) : null;
	}

	/** Returns whose it is, of those of one socket, or null. */
	@Nullable Taker taker(Collection<Taker> ofSocket) {
		return ofSocket.stream().filter((each) -> each.number() == this.taker).findFirst().orElse(null);
	}

}
