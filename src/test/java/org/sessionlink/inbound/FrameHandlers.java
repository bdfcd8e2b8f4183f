package org.sessionlink.inbound;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

import org.sessionlink.link.Links;

import org.springframework.messaging.Message;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;

/** Makes handlers of frames for tests of other rooms. */
public final class FrameHandlers {

	private FrameHandlers() {
	}

	/** Returns one that gives each frame to this in place of Spring. */
	public static FrameHandler of(WebSocketSession session, Links links, Consumer<Message<byte[]>> spring) {
		return of(session, links, spring, new Refusals(false, () -> (socket, queue, notice) -> {
		}));
	}

	static FrameHandler of(WebSocketSession session, Links links, Consumer<Message<byte[]>> spring, Refusals refusals) {
		return new FrameHandler(session, new AbstractWebSocketHandler() {

			@Override
			public void handleMessage(WebSocketSession from, WebSocketMessage<?> message) {
				spring.accept(new HandedFrames().decode(ByteBuffer.allocate(0), null).get(0));
			}

		}, new SafeErrorHandler(links), refusals);
	}

}
