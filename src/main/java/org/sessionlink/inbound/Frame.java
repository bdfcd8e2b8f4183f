package org.sessionlink.inbound;

import java.util.List;
import java.util.Map;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;

/**
 * One frame of a client: decoded, paid for, and not yet let through.
 *
 * @param message as Spring decodes it
 */
public record Frame(Message<byte[]> message) {

	/** Returns whether it says nothing but that the client is there. */
	public boolean isHeartbeat() {
		return SimpMessageHeaderAccessor.getMessageType(this.message.getHeaders()) == SimpMessageType.HEARTBEAT;
	}

	/** Returns about how much memory it takes while it waits. */
	public int size() {
		int size = this.message.getPayload().length;
		for (Map.Entry<String, List<String>> header : nativeHeaders(this.message.getHeaders()).entrySet()) {
			for (String value : header.getValue()) {
				size += header.getKey().length() + ((value != null) ? value.length() : 0);
			}
		}
		return size;
	}

	@SuppressWarnings("unchecked")
	static Map<String, List<String>> nativeHeaders(MessageHeaders headers) {
		Map<String, List<String>> all = (Map<String, List<String>>) headers
			.get(NativeMessageHeaderAccessor.NATIVE_HEADERS);
		return (all != null) ? all : Map.of();
	}

}
