package org.sessionlink.outbound;

import java.nio.charset.StandardCharsets;

import org.sessionlink.wire.Payload;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

/** A frame for sockets that take no binary messages. */
record AsText(Payload frame) implements Payload {

	@Override
	public int bytes() {
		return this.frame.bytes();
	}

	@Override
	public WebSocketMessage<?> message() {
		WebSocketMessage<?> message = this.frame.message();
		return (message instanceof BinaryMessage binary)
				? new TextMessage(StandardCharsets.UTF_8.decode(binary.getPayload().duplicate()).toString()) : message;
	}

}
