package org.sessionlink.inbound;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.ReceiptSender;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SentIds;
import org.sessionlink.link.SocketLink;

import org.springframework.core.NamedThreadLocal;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;

/**
 * Stops a SEND that its client repeats, as it has not heard of the first under the same
 * {@code message-id}: that one was handled, whichever socket of the link it came over.
 * Its RECEIPT is sent, once the first was handled (B52).
 *
 * <p>
 * What was not handled, for whatever reason, may be sent again. A SEND without such a
 * header costs a look for it.
 */
final class SendOnce implements ChannelInterceptor {

	/** The most characters of an id, as each is remembered. */
	private static final int LONGEST_ID = 64;

	private static final Runnable NOTHING = () -> {
	};

	// By the thread, as the application may make another message of a frame, and send
	// more.
	private final ThreadLocal<@Nullable First> sending = new NamedThreadLocal<>("SEND that is the first of its id");

	private final Supplier<ReceiptSender> receipts;

	/** A frame that is being sent, perhaps inside of another. */
	private record First(@Nullable SocketLink socket, @Nullable String id, @Nullable First outer) {
	}

	/**
	 * Makes it.
	 * @param receipts what sends them
	 */
	SendOnce(Supplier<ReceiptSender> receipts) {
		this.receipts = receipts;
	}

	@Override
	public @Nullable Message<?> preSend(Message<?> message, MessageChannel channel) {
		MessageHeaders headers = message.getHeaders();
		SocketLink socket = SocketLink.in(SimpMessageHeaderAccessor.getSessionAttributes(headers));
		String id = (socket != null) ? id(headers) : null;
		if (socket != null && id != null && !isFirst(socket, id, receipt(headers))) {
			return null;
		}
		First outer = this.sending.get();
		if (id != null || outer != null) {
			this.sending.set(new First(socket, id, outer));
		}
		return message;
	}

	private static boolean isFirst(SocketLink socket, String id, Runnable receipt) {
		SentIds.Turn turn = socket.link().sentIds().take(id, receipt);
		if (turn == SentIds.Turn.AGAIN) {
			receipt.run();
		}
		return turn == SentIds.Turn.FIRST;
	}

	private static @Nullable String id(MessageHeaders headers) {
		if (SimpMessageHeaderAccessor.getMessageType(headers) != SimpMessageType.MESSAGE
				|| SafeDecoder.flawOf(headers) != null) {
			return null;
		}
		String id = NativeMessageHeaderAccessor.getFirstNativeHeader(StompHeaderAccessor.STOMP_MESSAGE_ID_HEADER,
				headers);
		if (id != null && id.length() > LONGEST_ID) {
			throw new FrameRefusedException(Refused.HEADER_TOO_LONG,
					"The message-id of a SEND may have " + LONGEST_ID + " characters: use a shorter one.");
		}
		return id;
	}

	private Runnable receipt(MessageHeaders headers) {
		String socketId = SimpMessageHeaderAccessor.getSessionId(headers);
		String receipt = NativeMessageHeaderAccessor.getFirstNativeHeader(StompHeaderAccessor.STOMP_RECEIPT_HEADER,
				headers);
		return (socketId == null || receipt == null) ? NOTHING : () -> this.receipts.get().receipt(socketId, receipt);
	}

	@Override
	public void afterSendCompletion(Message<?> message, MessageChannel channel, boolean sent, @Nullable Exception ex) {
		First first = this.sending.get();
		if (first == null) {
			return;
		}
		if (first.outer() != null) {
			this.sending.set(first.outer());
		}
		else {
			this.sending.remove();
		}
		String id = first.id();
		if (first.socket() != null && id != null) {
			remember(first.socket(), id, sent && ex == null);
		}
	}

	private static void remember(SocketLink socket, String id, boolean sent) {
		SentIds ids = socket.link().sentIds();
		if (sent) {
			socket.afterFrame(() -> ids.handled(id).forEach(Runnable::run), () -> ids.failed(id));
		}
		else {
			ids.failed(id);
		}
	}

}
