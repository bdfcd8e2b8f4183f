package org.sessionlink.inbound;

import java.nio.ByteBuffer;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.log.LogFormatUtils;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompDecoder;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.util.MultiValueMap;

/**
 * Lets what is not a STOMP frame, or one over the limit, go on as a message that says so,
 * for the channel's interceptors to refuse: Spring would log what a stranger has sent,
 * line breaks and all, with a trace, as often as the stranger likes.
 *
 * <p>
 * Where in a WebSocket message a frame ends does not matter (B34): Spring keeps what is
 * incomplete, and hands it in again with what follows.
 *
 * <p>
 * Each frame is paid for as it begins (B27), once however often it is handed in: of what
 * is not paid for nothing is made, as 64 KB of the smallest frames would take megabytes.
 * Used by one socket, and by one thread at a time.
 */
final class SafeDecoder extends StompDecoder {

	private static final Logger logger = LoggerFactory.getLogger(SafeDecoder.class);

	// No client can set it: what clients send are native headers.
	private static final String FLAW = SafeDecoder.class.getName() + ".flaw";

	private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

	private final FrameLimits limits;

	private final Toll toll;

	private ByteBuffer reading = NOTHING;

	private int begun;

	private boolean prepaid;

	private @Nullable FrameRefusedException unpaid;

	/** What a frame costs. */
	interface Toll {

		/**
		 * Pays for a frame that begins.
		 * @throws FrameRefusedException if it cannot be paid for
		 */
		void pay(boolean heartbeat);

	}

	SafeDecoder(FrameLimits limits, Toll toll) {
		this.limits = limits;
		this.toll = toll;
		setHeaderInitializer(this::begin);
	}

	@Override
	public List<Message<byte[]>> decode(ByteBuffer buffer, @Nullable MultiValueMap<String, String> partialHeaders) {
		try {
			List<Message<byte[]>> messages = withinLimit(buffer, partialHeaders);
			messages.forEach(SafeDecoder::checkHeartbeat);
			if (this.unpaid != null) {
				buffer.position(buffer.limit());
				messages.add(flawed(this.unpaid));
			}
			else if (partialHeaders != null) {
				checkLength(partialHeaders);
			}
			return messages;
		}
		catch (RuntimeException ex) {
			buffer.position(buffer.limit());
			return List.of(flawed(ex));
		}
	}

	// One WebSocket message is within the limit, so only the first frame can be over it:
	// the one that earlier messages began.
	private List<Message<byte[]>> withinLimit(ByteBuffer buffer,
			@Nullable MultiValueMap<String, String> partialHeaders) {
		int limit = this.limits.messageSize();
		if (buffer.remaining() <= limit) {
			return upTo(buffer.limit(), buffer, partialHeaders);
		}
		List<Message<byte[]>> messages = upTo(buffer.position() + limit, buffer, null);
		if (this.unpaid == null) {
			if (messages.isEmpty()) {
				throw this.limits.tooLarge();
			}
			messages.addAll(upTo(buffer.limit(), buffer, partialHeaders));
		}
		return messages;
	}

	private List<Message<byte[]>> upTo(int end, ByteBuffer buffer,
			@Nullable MultiValueMap<String, String> partialHeaders) {
		int whole = buffer.limit();
		// Spring takes half a line end of two characters for a flaw.
		boolean halfLineEnd = end > buffer.position() && buffer.get(end - 1) == '\r';
		buffer.limit(halfLineEnd ? end - 1 : end);
		try {
			return whatIsPaidFor(buffer, partialHeaders);
		}
		finally {
			this.reading = NOTHING;
			buffer.limit(whole);
		}
	}

	private List<Message<byte[]>> whatIsPaidFor(ByteBuffer buffer,
			@Nullable MultiValueMap<String, String> partialHeaders) {
		this.reading = buffer;
		this.begun = 0;
		List<Message<byte[]>> messages = super.decode(buffer, partialHeaders);
		// The last one is not there yet, and begins again with what follows.
		this.prepaid = this.begun > messages.size();
		// A heart-beat has nothing behind its beginning.
		return (this.begun < messages.size()) ? messages.subList(0, this.begun) : messages;
	}

	// Called by Spring before it reads further than a frame's first line.
	private void begin(MessageHeaderAccessor frame) {
		try {
			if (!this.prepaid) {
				this.toll
					.pay(frame.getHeader(SimpMessageHeaderAccessor.MESSAGE_TYPE_HEADER) == SimpMessageType.HEARTBEAT);
			}
			this.prepaid = false;
			this.begun++;
		}
		catch (FrameRefusedException ex) {
			this.unpaid = ex;
			// To Spring the rest has not come yet, and it returns what came before.
			this.reading.limit(this.reading.position());
		}
	}

	// Spring reads it of every frame before the interceptors do, and logs what is none.
	private static void checkHeartbeat(Message<byte[]> message) {
		StompHeaderAccessor headers = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
		if (headers != null) {
			headers.getHeartbeat();
		}
	}

	// Spring reads the length of what is still to come, and fails where it is none.
	private void checkLength(MultiValueMap<String, String> partialHeaders) {
		Integer length = StompHeaderAccessor.getContentLength(partialHeaders);
		if (length != null && length > this.limits.messageSize()) {
			throw this.limits.tooLarge();
		}
	}

	/** Returns a message that stands for what is refused. */
	static Message<byte[]> flawed(RuntimeException flaw) {
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.ERROR);
		headers.setHeader(FLAW, flaw);
		headers.setLeaveMutable(true);
		return MessageBuilder.createMessage(new byte[0], headers.getMessageHeaders());
	}

	/** Returns a frame of which nothing is handled, as it is refused. */
	static Message<byte[]> flawed(Message<byte[]> frame, FrameRefusedException flaw) {
		StompHeaderAccessor headers = StompHeaderAccessor.wrap(frame);
		headers.setHeader(FLAW, flaw);
		headers.setLeaveMutable(true);
		return MessageBuilder.createMessage(frame.getPayload(), headers.getMessageHeaders());
	}

	/** Returns why a message that stands for no frame is refused, or null for a frame. */
	static @Nullable FrameRefusedException flawOf(MessageHeaders headers) {
		Object flaw = headers.get(FLAW);
		return (flaw == null || flaw instanceof FrameRefusedException) ? (FrameRefusedException) flaw
				: FrameRefusedException.malformed();
	}

	/**
	 * Lets frames pass.
	 * @throws FrameRefusedException for a message that stands for something else
	 */
	static void refuseFlawed(Message<?> message) {
		FrameRefusedException refusal = flawOf(message.getHeaders());
		if (refusal == null) {
			return;
		}
		if (message.getHeaders().get(FLAW) instanceof RuntimeException flaw && flaw != refusal) {
			logger.info("What came is no STOMP frame: {}",
					LogFormatUtils.formatValue(LogText.visible(flaw.getMessage()), 200, true));
		}
		throw refusal;
	}

}
