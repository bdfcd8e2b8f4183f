package org.sessionlink.inbound;

import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Link;
import org.sessionlink.link.Notices;
import org.sessionlink.link.ReceiptSender;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SentIds;
import org.sessionlink.link.SocketLink;

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
 * What was not handled, for whatever reason, may be sent again, and whoever waits for it
 * is told. A SEND without such a header costs a look for it.
 */
final class SendOnce implements ChannelInterceptor {

	/** The most characters of an id, as each is remembered. */
	private static final int LONGEST_ID = 64;

	private static final Runnable NOTHING = () -> {
	};

	private final Sending<First> sending = new Sending<>("SEND that is the first of its id");

	private static final String NOT_HANDLED = "The first SEND under this message-id was not handled: send it again.";

	private final Supplier<ReceiptSender> receipts;

	private final Supplier<Notices> notices;

	/** A SEND that is to be handled. */
	private record First(SocketLink socket, String id) {
	}

	/**
	 * Makes it.
	 * @param receipts what sends them
	 * @param notices what tells clients that theirs was not handled
	 */
	SendOnce(Supplier<ReceiptSender> receipts, Supplier<Notices> notices) {
		this.receipts = receipts;
		this.notices = notices;
	}

	@Override
	public @Nullable Message<?> preSend(Message<?> message, MessageChannel channel) {
		MessageHeaders headers = message.getHeaders();
		SocketLink socket = SocketLink.in(SimpMessageHeaderAccessor.getSessionAttributes(headers));
		String id = (socket != null) ? id(headers) : null;
		First first = (socket != null && id != null) ? new First(socket, id) : null;
		if (first != null && !isFirst(first, repeat(first, headers))) {
			return null;
		}
		if (first != null || this.sending.isUnderWay()) {
			this.sending.begin(first);
		}
		return message;
	}

	private static boolean isFirst(First send, SentIds.Repeat repeat) {
		SentIds ids = send.socket().link().sentIds();
		SentIds.Turn turn = ids.take(send.id(), repeat);
		if (turn == SentIds.Turn.FIRST) {
			turn = askOthers(send, ids, repeat);
		}
		if (turn == SentIds.Turn.AGAIN) {
			repeat.handled().run();
		}
		return turn == SentIds.Turn.FIRST;
	}

	private static SentIds.Turn askOthers(First send, SentIds ids, SentIds.Repeat repeat) {
		SentIds.Turn turn = send.socket().link().sentElsewhere().take(send.socket().link(), send.id(), repeat);
		switch (turn) {
			case AGAIN -> ids.handled(send.id()).forEach(Runnable::run);
			// Who has come again while that was asked for asks by itself.
			case MEANWHILE -> ids.failed(send.id()).forEach(Runnable::run);
			case FIRST -> {
				// It is handled here.
			}
		}
		return turn;
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

	// Each does nothing where nobody asks for it.
	private SentIds.Repeat repeat(First send, MessageHeaders headers) {
		String socketId = SimpMessageHeaderAccessor.getSessionId(headers);
		return new SentIds.Repeat(receipt(headers), (socketId == null) ? NOTHING : () -> notHandled(send, socketId));
	}

	private void notHandled(First send, String socketId) {
		send.socket().link().refused(Refused.NOT_HANDLED);
		this.notices.get().refused(socketId, Refused.NOT_HANDLED, NOT_HANDLED);
	}

	private Runnable receipt(MessageHeaders headers) {
		String socketId = SimpMessageHeaderAccessor.getSessionId(headers);
		String receipt = NativeMessageHeaderAccessor.getFirstNativeHeader(StompHeaderAccessor.STOMP_RECEIPT_HEADER,
				headers);
		return (socketId == null || receipt == null) ? NOTHING : () -> this.receipts.get().receipt(socketId, receipt);
	}

	@Override
	public void afterSendCompletion(Message<?> message, MessageChannel channel, boolean sent, @Nullable Exception ex) {
		First first = this.sending.end();
		if (first != null) {
			remember(first.socket(), first.id(), sent && ex == null);
		}
	}

	private static void remember(SocketLink socket, String id, boolean sent) {
		if (sent) {
			socket.afterFrame(() -> handled(socket.link(), id), () -> failed(socket.link(), id));
		}
		else {
			failed(socket.link(), id);
		}
	}

	private static void handled(Link link, String id) {
		link.sentElsewhere().handled(link, id);
		link.sentIds().handled(id).forEach(Runnable::run);
	}

	private static void failed(Link link, String id) {
		List<Runnable> following = link.sentIds().failed(id);
		link.sentElsewhere().failed(link, id);
		following.forEach(Runnable::run);
	}

}
