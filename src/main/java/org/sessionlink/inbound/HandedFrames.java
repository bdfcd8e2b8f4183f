package org.sessionlink.inbound;

import java.nio.ByteBuffer;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.core.NamedThreadLocal;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompDecoder;
import org.springframework.util.MultiValueMap;

/**
 * What Spring's STOMP endpoints decode with: finds the one frame that this thread is to
 * handle, which was decoded as it came. So frames are decoded once and handled one by
 * one, however many a WebSocket message had.
 */
final class HandedFrames extends StompDecoder {

	private static final ThreadLocal<@Nullable Message<byte[]>> handed = new NamedThreadLocal<>("STOMP frame");

	/** Runs a step in which Spring finds this frame. */
	static void hand(Message<byte[]> frame, SafeErrorHandler.Step step) throws Exception {
		handed.set(frame);
		try {
			step.run();
		}
		finally {
			handed.remove();
		}
	}

	@Override
	public List<Message<byte[]>> decode(ByteBuffer buffer, @Nullable MultiValueMap<String, String> partialHeaders) {
		Message<byte[]> frame = handed.get();
		if (frame == null) {
			// The application itself hands something to Spring's handler.
			return super.decode(buffer, partialHeaders);
		}
		buffer.position(buffer.limit());
		return List.of(frame);
	}

}
