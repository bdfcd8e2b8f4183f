package org.sessionlink.inbound;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Refused;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.support.MessageHeaderAccessor;

/**
 * The transactions of one socket (B35): SEND, ACK and NACK frames that name one are held
 * until its COMMIT, in front of which they are then handled one by one, as if they came
 * now: whoever may no longer send does not. What is aborted, or never committed, is gone.
 *
 * <p>
 * In place of a held frame something passes that has no effect but the RECEIPT that the
 * frame asks for: it is held. Used by the thread that reads, one at a time, under the
 * lock of the socket's inlet; freed with it.
 */
final class Transactions {

	private static final String TRANSACTION = "transaction";

	/** What a frame, or a transaction without any, takes beside its text. */
	private static final int OVERHEAD = 128;

	private final Map<String, List<Frame>> open = new HashMap<>(0);

	private final int mostBytes;

	private final boolean elsewhere;

	private long bytes;

	private boolean over;

	/**
	 * There are none yet.
	 * @param mostBytes how many bytes all that are open may hold together; 0 for any
	 * number
	 * @param elsewhere whether a broker elsewhere has them, and every frame goes there
	 */
	Transactions(int mostBytes, boolean elsewhere) {
		this.mostBytes = mostBytes;
		this.elsewhere = elsewhere;
	}

	/** Returns what of these frames, and of those held before, is to be handled now. */
	List<Frame> sort(List<Frame> read) {
		if (this.elsewhere || !isAnyOfTransaction(read)) {
			return read;
		}
		List<Frame> now = new ArrayList<>(read.size());
		for (Frame frame : read) {
			if (!isOfTransaction(frame)) {
				now.add(frame);
			}
			else if (!this.over) {
				takeOrRefuse(frame, now);
			}
		}
		return now;
	}

	// Each frame that is read comes by: nothing is made for it.
	private static boolean isAnyOfTransaction(List<Frame> frames) {
		for (Frame frame : frames) {
			if (isOfTransaction(frame)) {
				return true;
			}
		}
		return false;
	}

	private static boolean isOfTransaction(Frame frame) {
		StompCommand command = command(frame);
		if (command == null) {
			return false;
		}
		return switch (command) {
			case BEGIN, COMMIT, ABORT -> true;
			case SEND, ACK, NACK -> Frame.nativeHeaders(frame.message().getHeaders()).containsKey(TRANSACTION);
			default -> false;
		};
	}

	private static @Nullable StompCommand command(Frame frame) {
		return (frame.message().getHeaders().get("stompCommand") instanceof StompCommand command
				&& SafeDecoder.flawOf(frame.message().getHeaders()) == null) ? command : null;
	}

	private void takeOrRefuse(Frame frame, List<Frame> now) {
		try {
			take(frame, now);
		}
		catch (FrameRefusedException ex) {
			this.over = true;
			now.add(new Frame(SafeDecoder.flawed(frame.message(), ex)));
		}
	}

	private void take(Frame frame, List<Frame> now) {
		StompHeaderAccessor headers = headers(frame.message());
		String id = headers.getFirstNativeHeader(TRANSACTION);
		if (id == null || id.isEmpty()) {
			throw new FrameRefusedException(Refused.MALFORMED,
					"BEGIN, COMMIT and ABORT need a header transaction: give each transaction of a connection its own.");
		}
		switch (headers.getCommand()) {
			case BEGIN -> begin(id);
			case COMMIT -> end(id).forEach((held) -> now.add(asSentNow(held)));
			case ABORT -> end(id);
			default -> {
				hold(id, frame);
				now.add(inPlaceOf(headers));
				return;
			}
		}
		now.add(frame);
	}

	private void begin(String id) {
		if (this.open.containsKey(id)) {
			throw new FrameRefusedException(Refused.TRANSACTION_OPEN,
					"A transaction with this id is open: commit or abort it first, or use another id.");
		}
		grow(sizeOf(id));
		this.open.put(id, new ArrayList<>(1));
	}

	private void hold(String id, Frame frame) {
		List<Frame> held = this.open.get(id);
		if (held == null) {
			throw unknown();
		}
		grow(sizeOf(frame));
		held.add(frame);
	}

	private List<Frame> end(String id) {
		List<Frame> held = this.open.remove(id);
		if (held == null) {
			throw unknown();
		}
		this.bytes -= sizeOf(id) + held.stream().mapToLong(Transactions::sizeOf).sum();
		return held;
	}

	private static FrameRefusedException unknown() {
		return new FrameRefusedException(Refused.NO_TRANSACTION,
				"No transaction with this id is open: send BEGIN first, and COMMIT or ABORT once.");
	}

	private void grow(long more) {
		if (this.mostBytes > 0 && this.bytes + more > this.mostBytes) {
			throw new FrameRefusedException(
					Refused.TRANSACTION_TOO_LARGE, "The open transactions of this connection "
							+ "hold too much: commit more often, they may hold " + this.mostBytes + " bytes.",
					"transaction-size");
		}
		this.bytes += more;
	}

	private static long sizeOf(String id) {
		return (long) OVERHEAD + id.length();
	}

	private static long sizeOf(Frame frame) {
		return (long) OVERHEAD + frame.size();
	}

	// Its receipt has been sent: it was held.
	private static Frame asSentNow(Frame held) {
		StompHeaderAccessor headers = headers(held.message());
		headers.removeNativeHeader(TRANSACTION);
		headers.removeNativeHeader(StompHeaderAccessor.STOMP_RECEIPT_HEADER);
		headers.setLeaveMutable(true);
		return new Frame(MessageBuilder.createMessage(held.message().getPayload(), headers.getMessageHeaders()));
	}

	// Guards and interceptors see another BEGIN, which no handler is there for.
	private static Frame inPlaceOf(StompHeaderAccessor held) {
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.BEGIN);
		headers.setHeader(StompHeaderAccessor.MESSAGE_TYPE_HEADER, SimpMessageType.OTHER);
		headers.setNativeHeader(TRANSACTION, held.getFirstNativeHeader(TRANSACTION));
		if (held.getReceipt() != null) {
			headers.setReceipt(held.getReceipt());
		}
		headers.setLeaveMutable(true);
		return new Frame(MessageBuilder.createMessage(new byte[0], headers.getMessageHeaders()));
	}

	private static StompHeaderAccessor headers(Message<?> message) {
		StompHeaderAccessor headers = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
		return (headers != null && headers.isMutable()) ? headers : StompHeaderAccessor.wrap(message);
	}

	/** Forgets all that was held. */
	void clear() {
		this.open.clear();
		this.bytes = 0;
		this.over = true;
	}

}
