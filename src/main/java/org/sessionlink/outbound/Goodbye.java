package org.sessionlink.outbound;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.sessionlink.link.EndCause;
import org.sessionlink.link.HeaderText;
import org.sessionlink.link.NoLiveSessionException;
import org.sessionlink.link.Refused;
import org.sessionlink.link.Subscription;

import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompEncoder;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.socket.TextMessage;

/**
 * The last STOMP frames that a client gets, written without the broker, which the gate
 * has cut off.
 */
final class Goodbye {

	private static final StompEncoder encoder = new StompEncoder();

	private Goodbye() {
	}

	/**
	 * Returns the notice that the session has ended, under each subscription of the
	 * client to such, and the ERROR frame (B6, B15).
	 * @param version of STOMP, in which the client has named its subscriptions
	 */
	static TextMessage end(EndCause cause, List<Subscription> notices, String version) {
		StringBuilder frames = new StringBuilder();
		String body = "{\"event\":\"ENDED\",\"cause\":\"" + cause.reason() + "\"}";
		for (Subscription subscription : notices) {
			Map<String, String> headers = new LinkedHashMap<>();
			headers.put(StompHeaderAccessor.STOMP_SUBSCRIPTION_HEADER, subscription.id());
			headers.put(StompHeaderAccessor.STOMP_MESSAGE_ID_HEADER, "end-" + notices.indexOf(subscription));
			headers.put(StompHeaderAccessor.STOMP_DESTINATION_HEADER, subscription.destination());
			headers.put(StompHeaderAccessor.STOMP_CONTENT_TYPE_HEADER, MimeTypeUtils.APPLICATION_JSON_VALUE);
			headers.put(StompHeaderAccessor.STOMP_CONTENT_LENGTH_HEADER, Integer.toString(body.length()));
			frames.append("MESSAGE\n");
			headers.forEach((name, value) -> HeaderText.add(frames, name, value, version));
			frames.append('\n').append(body).append('\0');
		}
		return new TextMessage(frames + frame(error(cause.reason()), NoLiveSessionException.WHAT_TO_DO));
	}

	/**
	 * Returns the ERROR frame of a server that goes down, or lets its clients go before
	 * (B30, B54).
	 * @param retryAfter in how many seconds to come back, as its header says
	 */
	static TextMessage restart(int retryAfter) {
		StompHeaderAccessor error = error("server-restart");
		error.setNativeHeader("retry-after", Integer.toString(retryAfter));
		return new TextMessage(frame(error, "The server restarts: connect again in a moment."));
	}

	/** Returns the ERROR frame of a socket whose client is to come back at once (B12). */
	static TextMessage renewed() {
		StompHeaderAccessor error = error(Refused.SESSION_RENEWED.code());
		error.setNativeHeader("retry-after", "0");
		return new TextMessage(frame(error,
				"A login has given the session a new id: connect again, and the connection has its rights."));
	}

	/** Returns the ERROR frame of a socket that is closed for what its client does. */
	static TextMessage refused(Refused reason, String sentence) {
		return new TextMessage(frame(error(reason.code()), sentence));
	}

	private static StompHeaderAccessor error(String message) {
		StompHeaderAccessor error = StompHeaderAccessor.create(StompCommand.ERROR);
		error.setMessage(message);
		error.setContentType(MimeTypeUtils.TEXT_PLAIN);
		return error;
	}

	private static String frame(StompHeaderAccessor headers, String body) {
		byte[] bytes = encoder.encode(headers.getMessageHeaders(), body.getBytes(StandardCharsets.UTF_8));
		return new String(bytes, StandardCharsets.UTF_8);
	}

}
