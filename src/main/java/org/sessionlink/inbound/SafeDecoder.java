package org.sessionlink.inbound;

import java.nio.ByteBuffer;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.log.LogFormatUtils;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompDecoder;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.util.MultiValueMap;

/**
 * Lets what is not a STOMP frame go on as a message that says so, for the channel's
 * interceptors to refuse: Spring would log what a stranger has sent, line breaks and all,
 * with a trace, as often as the stranger likes.
 */
final class SafeDecoder extends StompDecoder {

	private static final Logger logger = LoggerFactory.getLogger(SafeDecoder.class);

	// No client can set it: what clients send are native headers.
	private static final String FLAW = SafeDecoder.class.getName() + ".flaw";

	@Override
	public List<Message<byte[]>> decode(ByteBuffer buffer, @Nullable MultiValueMap<String, String> partialHeaders) {
		try {
			List<Message<byte[]>> messages = super.decode(buffer, partialHeaders);
			if (partialHeaders != null) {
				// Spring reads the length of what is still to come, and fails where it is
				// none.
				StompHeaderAccessor.getContentLength(partialHeaders);
			}
			return messages;
		}
		catch (RuntimeException ex) {
			buffer.position(buffer.limit());
			return List.of(malformed(String.valueOf(ex.getMessage())));
		}
	}

	private static Message<byte[]> malformed(String flaw) {
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.ERROR);
		headers.setHeader(FLAW, flaw);
		headers.setLeaveMutable(true);
		return MessageBuilder.createMessage(new byte[0], headers.getMessageHeaders());
	}

	/** Returns whether these are the headers of a message that stands for no frame. */
	static boolean isMalformed(StompHeaderAccessor headers) {
		return headers.getHeader(FLAW) != null;
	}

	/**
	 * Lets frames pass.
	 * @throws FrameRefusedException for a message that stands for something else
	 */
	static void refuseMalformed(Message<?> message) {
		Object flaw = message.getHeaders().get(FLAW);
		if (flaw != null) {
			logger.info("What came is no STOMP frame: {}", LogFormatUtils.formatValue(flaw, 200, true));
			throw FrameRefusedException.malformed();
		}
	}

}
