package org.sessionlink.broker;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sessionlink.link.SocketLink;
import org.sessionlink.outbound.OpenSockets;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;

import static org.assertj.core.api.Assertions.assertThat;

/** B32: who gets a RECEIPT, and when. */
class ReceiptsTest {

	private static final MessageChannel CHANNEL = (message, timeout) -> true;

	private final OpenSockets sockets = new OpenSockets();

	private final OpenSockets.Peer peer = this.sockets.open("1.1");

	private final Receipts receipts = new Receipts(this.sockets.sockets(), List::of, (headers) -> false);

	@ParameterizedTest
	@EnumSource(value = StompCommand.class,
			names = { "SEND", "SUBSCRIBE", "UNSUBSCRIBE", "ACK", "NACK", "BEGIN", "COMMIT", "ABORT" })
	void aFrameThatHasBeenHandledGetsOneInTheWordsOfItsVersion(StompCommand command) {
		complete(frame(command, "a\rb"), true, null);

		assertThat(this.peer.received()).containsExactly("RECEIPT\nreceipt-id:ab\n\n\0");
	}

	@ParameterizedTest
	@EnumSource(value = StompCommand.class, names = { "CONNECT", "STOMP", "DISCONNECT" })
	void aFrameThatHasAnAnswerOfItsOwnGetsNone(StompCommand command) {
		complete(frame(command, "1"), true, null);

		assertThat(this.peer.received()).isEmpty();
	}

	@Test
	void aHeartbeatGetsNone() {
		StompHeaderAccessor heartbeat = StompHeaderAccessor.createForHeartbeat();
		heartbeat.setHeader("receipt", "1");
		heartbeat.setSessionId(this.peer.getId());
		heartbeat.setSessionAttributes(this.peer.attributes());

		complete(MessageBuilder.createMessage(new byte[0], heartbeat.getMessageHeaders()), true, null);

		assertThat(heartbeat.getMessageType()).isEqualTo(SimpMessageType.HEARTBEAT);
		assertThat(this.peer.received()).isEmpty();
	}

	@Test
	void aFrameThatWasRefusedOrFailedOrAsksForNoneGetsNone() {
		complete(frame(StompCommand.SEND, "1"), false, null);
		complete(frame(StompCommand.SEND, "1"), true, new IllegalStateException("on purpose"));
		complete(frame(StompCommand.SEND, null), true, null);

		assertThat(this.peer.received()).isEmpty();
	}

	@Test
	void aFrameOfNoSocketGetsNone() {
		StompHeaderAccessor unknown = StompHeaderAccessor.create(StompCommand.SEND);
		unknown.setReceipt("1");
		unknown.setSessionAttributes(this.peer.attributes());
		complete(MessageBuilder.createMessage(new byte[0], unknown.getMessageHeaders()), true, null);
		StompHeaderAccessor unlinked = StompHeaderAccessor.create(StompCommand.SEND);
		unlinked.setReceipt("1");
		unlinked.setSessionId(this.peer.getId());

		complete(MessageBuilder.createMessage(new byte[0], unlinked.getMessageHeaders()), true, null);

		assertThat(this.peer.received()).isEmpty();
	}

	@Test
	void theReceiptThatTheFirewallHasMovedCountsAsWell() {
		StompHeaderAccessor frame = StompHeaderAccessor.create(StompCommand.SEND);
		frame.setHeader("receipt", "moved");
		frame.setSessionId(this.peer.getId());
		frame.setSessionAttributes(this.peer.attributes());

		complete(MessageBuilder.createMessage(new byte[0], frame.getMessageHeaders()), true, null);

		assertThat(this.peer.received()).containsExactly("RECEIPT\nreceipt-id:moved\n\n\0");
	}

	@Test
	void itComesOnceTheFrameHasBeenHandledOnAnotherThread() {
		List<Runnable> after = new ArrayList<>();
		SocketLink.in(this.peer.attributes()).handledBy((handled, otherwise) -> after.add(handled));
		complete(frame(StompCommand.SEND, "1"), true, null);
		assertThat(this.peer.received()).isEmpty();

		after.forEach(Runnable::run);

		assertThat(this.peer.received()).hasSize(1);
	}

	private void complete(Message<?> frame, boolean sent, Exception ex) {
		this.receipts.afterSendCompletion(frame, CHANNEL, sent, ex);
	}

	private Message<byte[]> frame(StompCommand command, String receipt) {
		StompHeaderAccessor frame = StompHeaderAccessor.create(command);
		if (receipt != null) {
			frame.setReceipt(receipt);
		}
		frame.setSessionId(this.peer.getId());
		frame.setSessionAttributes(this.peer.attributes());
		return MessageBuilder.createMessage("body".getBytes(StandardCharsets.UTF_8), frame.getMessageHeaders());
	}

}
