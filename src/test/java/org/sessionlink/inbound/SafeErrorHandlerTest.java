package org.sessionlink.inbound;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sessionlink.RecordedLog;
import org.sessionlink.link.CloseCause;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.NoLiveSessionException;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageDeliveryException;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompConversionException;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.web.csrf.MissingCsrfTokenException;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.socket.messaging.StompSubProtocolErrorHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class SafeErrorHandlerTest {

	private static final String INNARDS = "org.example.Innards: /etc/passwd";

	private final Links links = new Links(new FakeClock(), LinkPolicy.DEFAULT);

	private final SafeErrorHandler handler = new SafeErrorHandler(this.links);

	private final Incoming incoming = new Incoming();

	private final Message<byte[]> frame = frame();

	static Stream<Arguments> failures() {
		Throwable noSession = catchThrowableOfType(NoLiveSessionException.class, () -> SocketLink.live(null));
		return Stream.of(Arguments.of("no-session", frame(), new MessageDeliveryException(frame(), INNARDS, noSession)),
				Arguments.of("malformed-frame", null, new StompConversionException(INNARDS)),
				Arguments.of("malformed-frame", null, new IllegalArgumentException(INNARDS)),
				Arguments.of("malformed-frame", frame(), new NumberFormatException(INNARDS)),
				Arguments.of("malformed-frame", flawed("FOO\n\n\0"), new IllegalStateException(INNARDS)),
				Arguments.of("frame-too-large", flawed("SEND\ncontent-length:1001\n\n"),
						new IllegalStateException(INNARDS)),
				Arguments.of("too-many-headers", frame(),
						inTheChannel(new FrameRefusedException(Refused.TOO_MANY_HEADERS, "Send fewer."))),
				Arguments.of("unexpected-frame", frame(), new IllegalStateException(INNARDS)),
				Arguments.of("internal-error", frame(), new MessageDeliveryException(INNARDS)),
				Arguments.of("internal-error", frame(), inTheChannel(new IllegalStateException(INNARDS))),
				Arguments.of("access-denied", frame(), inTheChannel(new AccessDeniedException(INNARDS))),
				Arguments.of("access-denied", frame(),
						inTheChannel(new AuthenticationCredentialsNotFoundException(INNARDS))),
				Arguments.of("csrf-token-invalid", frame(), inTheChannel(new MissingCsrfTokenException(INNARDS))),
				Arguments.of("internal-error", frame(), new Error(INNARDS)));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void theClientIsToldWhatToDoAndNothingOfTheInnards(String code, Message<byte[]> frame, Throwable failure) {
		Message<byte[]> error = this.handler.handleClientMessageProcessingError(frame, failure);

		StompHeaderAccessor headers = StompHeaderAccessor.wrap(error);
		assertThat(headers.getCommand()).isEqualTo(StompCommand.ERROR);
		assertThat(headers.getMessage()).isEqualTo(code);
		assertThat(new String(error.getPayload(), StandardCharsets.UTF_8)).isNotBlank().doesNotContain("Innards");
		assertThat(headers.toNativeHeaderMap().toString()).doesNotContain("Innards", "Exception");
	}

	@Test
	void theErrorNamesTheReceiptAskedFor() {
		Message<byte[]> error = this.handler.handleClientMessageProcessingError(frame(), new Error());

		assertThat(StompHeaderAccessor.wrap(error).getReceiptId()).isEqualTo("r1");
	}

	@ParameterizedTest
	@MethodSource("failures")
	void everyRefusalIsCountedAndAFailureOfOursIsNone(String code, Message<byte[]> frame, Throwable failure) {
		this.handler.handleClientMessageProcessingError(frame, failure);

		String counted = code.equals("no-session") ? "session-over" : code;
		assertThat(this.links.refusals()).allSatisfy((reason, count) -> assertThat(count).as(reason.code())
			.isEqualTo(reason.code().equals(counted) ? 1 : 0));
	}

	@Test
	void theLimitIsInTheSentenceBeforeTheFirstConnectToo() {
		Message<byte[]> error = this.handler.handleClientMessageProcessingError(flawed("SEND\ncontent-length:1001\n\n"),
				new IllegalStateException("Unknown session"));

		assertThat(error.getPayload()).asString().isEqualTo("The frame is too large: send at most 1000 bytes.");
	}

	@Test
	void whoAsksForAVersionOfTheFutureIsToldWhichThereAre() {
		Message<byte[]> error = this.handler.handleClientMessageProcessingError(frame(),
				new FrameRefusedException(Refused.VERSION, "Use another."));

		assertThat(StompHeaderAccessor.wrap(error).getVersion()).isEqualTo("1.0,1.1,1.2");
	}

	@Test
	void whatAHandlerThrowsIsLoggedWhateverItsType() {
		try (RecordedLog log = RecordedLog.of(SafeErrorHandler.class)) {
			this.handler.handleClientMessageProcessingError(frame(), inTheChannel(new IllegalStateException(INNARDS)));

			assertThat(log.lines()).containsExactly("ERROR A SEND frame failed");
		}
	}

	@Test
	void whatRulesDenyIsLoggedInOneLineWithoutATrace() {
		try (RecordedLog log = RecordedLog.of(SafeErrorHandler.class)) {
			this.handler.handleClientMessageProcessingError(frame(), denied());

			assertThat(log.lines())
				.containsExactly("WARN A frame is refused, and its socket closed: access-denied (\"Access Denied\")");
		}
	}

	@Test
	void whatIsOverALimitIsLoggedWithTheSettingThatItIs() {
		FrameLimits limits = new FrameLimits(Frames.settings());
		Map<String, List<String>> longer = Map.of("x", List.of("y".repeat(10_000)));
		Map<String, List<String>> many = Map.of("x", Collections.nCopies(1_000, "y"));

		try (RecordedLog log = RecordedLog.of(SafeErrorHandler.class)) {
			for (ThrowingCallable tooMuch : List.<ThrowingCallable>of(() -> limits.checkSize(1_000_000),
					() -> limits.checkHeaders(many), () -> limits.checkHeaders(longer))) {
				this.handler.handleClientMessageProcessingError(frame(), catchThrowable(tooMuch));
			}

			assertThat(log.lines()).containsExactly(
					"WARN A frame is refused, and its socket closed: frame-too-large, see sessionlink.limits.message-size",
					"WARN A frame is refused, and its socket closed: too-many-headers, see sessionlink.limits.headers",
					"WARN A frame is refused, and its socket closed: header-too-long, see sessionlink.limits.header-length");
		}
	}

	@ParameterizedTest
	@CsvSource({ "access-denied, WARN", "internal-error, ERROR" })
	void anErrorHandlerOfTheApplicationsSaysWhatBecameOfWhatTheApplicationDeniesOrFailsAt(String code, String level) {
		this.handler.leaveTo(new Own(this.frame));
		Throwable failure = code.equals("access-denied") ? denied() : inTheChannel(new IllegalStateException(INNARDS));

		try (RecordedLog log = RecordedLog.of(SafeErrorHandler.class)) {
			SafeErrorHandler.Answer answer = watch(failure);

			CloseCause cause = code.equals("access-denied") ? CloseCause.of(Refused.ACCESS_DENIED)
					: CloseCause.SERVER_ERROR;
			assertThat(answer).isEqualTo(new SafeErrorHandler.Answer(this.frame, code, cause));
			assertThat(log.lines()).singleElement().asString().startsWith(level);
		}
	}

	@Test
	void whatSessionLinkRefusesKeepsItsCodeUnderAnErrorHandlerOfTheApplications() {
		this.handler.leaveTo(new Own(this.frame));

		Message<byte[]> error = this.handler.handleClientMessageProcessingError(frame(),
				inTheChannel(new FrameRefusedException(Refused.TOO_MANY_HEADERS, "Send fewer.")));

		assertThat(StompHeaderAccessor.wrap(error).getMessage()).isEqualTo("too-many-headers");
		assertThat(this.links.refusals()).containsEntry(Refused.TOO_MANY_HEADERS, 1L);
	}

	@Test
	void anErrorHandlerThatSendsNoErrorFrameLeavesTheSocketOpen() {
		this.handler.leaveTo(new Own(null));

		SafeErrorHandler.Answer answer = watch(denied());

		assertThat(answer).isNull();
		assertThat(this.incoming.isRefused()).isFalse();
		assertThat(this.links.refusals()).containsEntry(Refused.ACCESS_DENIED, 1L);
	}

	@Test
	void anErrorHandlerThatFailsItselfIsReplaced() {
		this.handler.leaveTo(new Own(null) {

			@Override
			public Message<byte[]> handleClientMessageProcessingError(Message<byte[]> frame, Throwable cause) {
				throw new StackOverflowError(INNARDS);
			}

		});

		SafeErrorHandler.Answer answer = watch(denied());

		assertThat(answer.code()).isEqualTo("access-denied");
		assertThat(new String(answer.frame().getPayload(), StandardCharsets.UTF_8)).startsWith("You may not");
	}

	@Test
	void whatABrokerSaysGoesThroughAnErrorHandlerOfTheApplicationsToo() {
		this.handler.leaveTo(new Own(this.frame));

		assertThat(this.handler.handleErrorMessageToClient(frame())).isSameAs(this.frame);
	}

	@Test
	void whatIsNoFrameIsLoggedInOneShortLine() {
		try (RecordedLog log = RecordedLog.of(SafeErrorHandler.class)) {
			this.handler.handleClientMessageProcessingError(null,
					new StompConversionException("no\nINFO forged" + "x".repeat(1_000)));

			assertThat(log.lines()).singleElement()
				.asString()
				.startsWith("WARN A frame is refused, and its socket closed: malformed-frame (\"no")
				.doesNotContain("\n")
				.hasSizeLessThan(300);
		}
	}

	private static Throwable denied() {
		return inTheChannel(new AccessDeniedException("Access Denied"));
	}

	private SafeErrorHandler.Answer watch(Throwable failure) {
		return this.handler.watch(this.incoming, frame(),
				() -> this.handler.handleClientMessageProcessingError(frame(), failure));
	}

	// As a channel passes on what an interceptor or a handler throws.
	private static Throwable inTheChannel(Throwable cause) {
		return new MessageDeliveryException(frame(), "Failed to send message to clientInboundChannel", cause);
	}

	// As Spring's handler gets it, and passes it on.
	private static Message<byte[]> flawed(String text) {
		return new SafeDecoder(new FrameLimits(Frames.settings()), (heartbeat) -> {
		}).decode(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), new LinkedMultiValueMap<>()).get(0);
	}

	private static Message<byte[]> frame() {
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.SEND);
		headers.setReceipt("r1");
		return MessageBuilder.createMessage(new byte[0], headers.getMessageHeaders());
	}

	private static class Own extends StompSubProtocolErrorHandler {

		private final Message<byte[]> answer;

		Own(Message<byte[]> answer) {
			this.answer = answer;
		}

		@Override
		public Message<byte[]> handleClientMessageProcessingError(Message<byte[]> frame, Throwable cause) {
			return this.answer;
		}

		@Override
		public Message<byte[]> handleErrorMessageToClient(Message<byte[]> error) {
			return this.answer;
		}

	}

}
