package org.sessionlink.handshake;

import java.io.IOException;
import java.io.InputStream;

import org.jspecify.annotations.Nullable;

import org.springframework.web.socket.sockjs.frame.SockJsMessageCodec;
import org.springframework.web.socket.sockjs.transport.TransportHandlingSockJsService;

/**
 * The messages that a client of SockJS packs into JSON. What is no such array becomes a
 * message that is no frame, which closes the socket with a code: Spring would log it as
 * an error, with a trace, as often as a stranger likes (B27).
 */
final class SockJsMessages implements SockJsMessageCodec {

	private static final String NO_FRAME = "no JSON array of strings\n\n\0";

	private final SockJsMessageCodec spring;

	private SockJsMessages(SockJsMessageCodec spring) {
		this.spring = spring;
	}

	/** Puts it into a service that has a codec. */
	static void putInto(TransportHandlingSockJsService service) {
		SockJsMessageCodec codec;
		try {
			codec = service.getMessageCodec();
		}
		catch (IllegalStateException ex) {
			// Without Jackson there is none, and Spring says so at the first message.
			return;
		}
		service.setMessageCodec(new SockJsMessages(codec));
	}

	@Override
	public String encode(String... messages) {
		return this.spring.encode(messages);
	}

	@Override
	public String[] decode(String content) {
		return decoded(() -> this.spring.decode(content));
	}

	@Override
	public String[] decodeInputStream(InputStream content) {
		return decoded(() -> this.spring.decodeInputStream(content));
	}

	private static String[] decoded(Decoding decoding) {
		String[] messages;
		try {
			messages = decoding.decode();
		}
		catch (IOException | RuntimeException ex) {
			messages = null;
		}
		if (messages == null) {
			return new String[] { NO_FRAME };
		}
		for (int i = 0; i < messages.length; i++) {
			if (messages[i] == null) {
				messages[i] = NO_FRAME;
			}
		}
		return messages;
	}

	private interface Decoding {

		String @Nullable [] decode() throws IOException;

	}

}
