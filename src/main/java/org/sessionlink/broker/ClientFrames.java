package org.sessionlink.broker;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Refused;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.util.MimeTypeUtils;

/**
 * The frames that a client's line makes by itself: for the broker in the client's place,
 * and for the client in the broker's.
 *
 * @param version of STOMP, which the client speaks
 * @param setup what all lines have in common
 */
record ClientFrames(String version, RelaySetup setup) {

	private static final byte[] NOTHING = {};

	private static final byte[] LINE_END = { '\n' };

	private static final List<String> VERSIONS = List.of("1.2", "1.1", "1.0");

	static ClientFrames of(StompHeaderAccessor connect, RelaySetup setup) {
		return new ClientFrames(
				VERSIONS.stream().filter(connect.getAcceptVersion()::contains).findFirst().orElse("1.0"), setup);
	}

	/**
	 * Returns the CONNECT frame for the broker, which gets none of the client's headers.
	 */
	Message<byte[]> connect() {
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.CONNECT);
		headers.setAcceptVersion(this.version);
		headers.setLogin(this.setup.login());
		headers.setPasscode(this.setup.passcode());
		headers.setHeartbeat(LineBeats.WITH_BROKER_MILLIS, LineBeats.WITH_BROKER_MILLIS);
		if (this.setup.virtualHost() != null) {
			headers.setHost(this.setup.virtualHost());
		}
		return message(headers, NOTHING);
	}

	/** Returns the CONNECTED frame for the client. */
	Message<byte[]> connected() {
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.CONNECTED);
		headers.setVersion(this.version);
		headers.setHeartbeat(this.setup.heartbeat().toMillis(), this.setup.heartbeat().toMillis());
		return message(headers, NOTHING);
	}

	/** Returns the receipt for the client. */
	static Message<byte[]> receipt(String id) {
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.RECEIPT);
		headers.setReceiptId(id);
		return message(headers, NOTHING);
	}

	/** Returns the ERROR frame for the client whose frame the broker refuses. */
	static Message<byte[]> error(@Nullable String receipt) {
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.ERROR);
		headers.setMessage(Refused.BROKER.code());
		headers.setContentType(MimeTypeUtils.TEXT_PLAIN);
		if (receipt != null) {
			headers.setReceiptId(receipt);
		}
		return message(headers, sentence(Refused.BROKER).getBytes(StandardCharsets.UTF_8));
	}

	static Message<byte[]> disconnect(@Nullable String receipt) {
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.DISCONNECT);
		if (receipt != null) {
			headers.setReceipt(receipt);
		}
		return message(headers, NOTHING);
	}

	static Message<byte[]> abort(String transaction) {
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.ABORT);
		headers.setNativeHeader("transaction", transaction);
		return message(headers, NOTHING);
	}

	static Message<byte[]> heartbeat() {
		return message(StompHeaderAccessor.createForHeartbeat(), LINE_END);
	}

	/** Returns what Spring's own broker says of a client that is silent. */
	static Message<byte[]> silent(String socketId) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(SimpMessageType.DISCONNECT_ACK);
		headers.setSessionId(socketId);
		return MessageBuilder.createMessage(NOTHING, headers.getMessageHeaders());
	}

	/** Returns what Spring's own broker says of a client that has said goodbye. */
	static Message<byte[]> left(StompHeaderAccessor connect) {
		SimpMessageHeaderAccessor said = SimpMessageHeaderAccessor.create(SimpMessageType.DISCONNECT);
		said.setSessionId(connect.getSessionId());
		said.setSessionAttributes(connect.getSessionAttributes());
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(SimpMessageType.DISCONNECT_ACK);
		headers.setSessionId(connect.getSessionId());
		headers.setHeader(SimpMessageHeaderAccessor.DISCONNECT_MESSAGE_HEADER,
				MessageBuilder.createMessage(NOTHING, said.getMessageHeaders()));
		return MessageBuilder.createMessage(NOTHING, headers.getMessageHeaders());
	}

	/** Returns what to do about a refusal, for people. */
	static String sentence(Refused reason) {
		return switch (reason) {
			case BROKER -> "The message broker refuses this frame, or a destination in it.";
			case NO_TRANSACTION -> "No such transaction is open, or it was lost with a connection: begin it again.";
			case TRANSACTION_TOO_LARGE -> "The transaction holds more than it may, and is aborted: send less in one.";
			default -> "The message broker is away: the frame had no effect, send it again when it is back.";
		};
	}

	// Spring writes into the headers of what comes from a broker.
	private static Message<byte[]> message(StompHeaderAccessor headers, byte[] body) {
		headers.setLeaveMutable(true);
		return MessageBuilder.createMessage(body, headers.getMessageHeaders());
	}

}
