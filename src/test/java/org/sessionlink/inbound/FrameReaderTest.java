package org.sessionlink.inbound;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.sessionlink.RecordedLog;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Home;
import org.sessionlink.link.LinkLimits;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;
import org.springframework.web.socket.sockjs.transport.SockJsSession;

import static org.assertj.core.api.Assertions.assertThat;

class FrameReaderTest {

	private final Links links = new Links(new FakeClock(),
			new LinkPolicy(null, LinkPolicy.DEFAULT.expiryWarning(), new LinkLimits(0, 0, 1, 20)));

	private final Map<String, Object> attributes = new ConcurrentHashMap<>();

	private final List<String> handled = new ArrayList<>();

	private final List<String> answers = new ArrayList<>();

	private final List<Frame> waiting = new ArrayList<>();

	private RuntimeException failure;

	private Error closing;

	private Runnable meanwhile = () -> {
	};

	private boolean idle = true;

	private boolean queueClosed;

	private boolean delegateClosed;

	private FrameHandler handler;

	private int room = 8192;

	private final WebSocketSession session = new WebSocketSessionDecorator(
			new StandardWebSocketSession(null, this.attributes, null, null)) {

		@Override
		public void sendMessage(WebSocketMessage<?> message) {
			FrameReaderTest.this.answers.add((String) message.getPayload());
		}

		@Override
		public void close(CloseStatus status) {
			FrameReaderTest.this.answers.add(status.getCode() + " " + status.getReason());
			if (FrameReaderTest.this.failure != null) {
				throw FrameReaderTest.this.failure;
			}
		}

		@Override
		public boolean isOpen() {
			return true;
		}

		@Override
		public int getTextMessageSizeLimit() {
			return FrameReaderTest.this.room;
		}

		@Override
		public void setTextMessageSizeLimit(int limit) {
			FrameReaderTest.this.room = limit;
		}

	};

	private final FrameReader reader = new FrameReader(new Spring(), new FrameLimits(Frames.settings()),
			new SafeErrorHandler(this.links), new Refusals(false, () -> (socket, queue, notice) -> {
			}), () -> Queue::new, () -> new Transactions(1000, false));

	FrameReaderTest() throws Exception {
		new SocketLink(this.links.open("key", "id", Home.GONE)).putInto(this.attributes);
		this.reader.afterConnectionEstablished(this.session);
	}

	@Test
	void partsAreAskedFor() {
		assertThat(this.reader.supportsPartialMessages()).isTrue();
	}

	@Test
	void theContainerKeepsNoMoreRoomForMessagesThanItWouldByItself() {
		assertThat(this.room).isEqualTo(8192);
	}

	// As its messages come whole, and many clients cut long frames into pieces of 16 KB.
	@Test
	void aWebSocketOfSockJsKeepsTheRoomThatSpringAsksFor() throws Exception {
		int[] kept = { 8192 };
		SockJsSession sockJs = (SockJsSession) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { SockJsSession.class }, (proxy, method, arguments) -> switch (method.getName()) {
					case "getAttributes" -> this.attributes;
					case "isOpen" -> true;
					case "getTextMessageSizeLimit" -> kept[0];
					case "setTextMessageSizeLimit" -> kept[0] = (int) arguments[0];
					default -> null;
				});

		this.reader.afterConnectionEstablished(new WebSocketSessionDecorator(sockJs));

		assertThat(kept).containsExactly(16_640);
	}

	@Test
	void springHandlesTheFramesOfAMessageOneByOne() throws Exception {
		receive("SEND\ndestination:/a\n\none\0SEND\ndestination:/a\n\ntwo\0");

		assertThat(this.handled).containsExactly("SEND one", "SEND two");
	}

	@Test
	void whatIsAddedToAQueueThatIsWorkedForIsNotHandledHere() throws Exception {
		this.idle = false;

		receive("SEND\ndestination:/a\n\none\0");

		assertThat(this.handled).isEmpty();
		assertThat(this.waiting).hasSize(1);
	}

	@Test
	void whatIsNoFrameIsRefusedOnceAndNothingFollows() throws Exception {
		receive("HELLO\n\n\0");
		receive("SEND\ndestination:/a\n\none\0");

		assertThat(this.handled).isEmpty();
		assertThat(this.answers).hasSize(2);
		assertThat(this.answers.get(0)).startsWith("ERROR\n").contains("\nmessage:malformed-frame\n");
		assertThat(this.answers.get(1)).isEqualTo("1008 malformed-frame");
		assertThat(this.links.refusals()).containsEntry(Refused.MALFORMED, 1L);
	}

	@Test
	void framesBehindOneThatIsRefusedAreNotHandledThoughTheyCameWithIt() throws Exception {
		receive("HELLO\n\n\0");
		receive("SEND\ndestination:/a\n\none\0");
		this.reader.handleMessage(this.session, new TextMessage("SEND\ndestination:/a\n\ntwo\0"));

		assertThat(this.handled).isEmpty();
	}

	@Test
	void whatSpringItselfThrowsIsToldInWordsOfOurs() throws Exception {
		this.failure = new IllegalArgumentException("org.example.Innards");

		receive("SEND\ndestination:/a\n\none\0SEND\ndestination:/a\n\ntwo\0");

		assertThat(this.handled).containsExactly("SEND one");
		assertThat(this.answers).hasSize(2).last().isEqualTo("1008 malformed-frame");
		assertThat(this.answers.get(0)).doesNotContain("Innards");
	}

	@Test
	void anErrorOfTheApplicationClosesItsSocketAlone() throws Exception {
		this.closing = new StackOverflowError("org.example.Innards");

		try (RecordedLog log = RecordedLog.of(SafeErrorHandler.class)) {
			receive("SEND\ndestination:/a\n\none\0");

			assertThat(log.lines()).containsExactly("ERROR A SEND frame failed");
		}
		assertThat(this.answers).hasSize(2).last().isEqualTo("1008 internal-error");
	}

	@Test
	void theErrorSaysTheLimit() throws Exception {
		receive("x".repeat(1_001));

		assertThat(this.answers).hasSize(2);
		assertThat(this.answers.get(0)).startsWith("ERROR\n")
			.contains("\nmessage:frame-too-large\n")
			.endsWith("The frame is too large: send at most 1000 bytes.\0");
		assertThat(this.answers.get(1)).isEqualTo("1008 frame-too-large");
		assertThat(this.links.refusals()).containsEntry(Refused.FRAME_TOO_LARGE, 1L);
	}

	@Test
	void whatIsRefusedForTheMomentMayComeBack() {
		this.handler.refuse(Refused.TOO_MANY_WAITING, "Later.");
		this.handler.refuse(Refused.QUEUE_FULL, "Later still.");

		assertThat(this.answers).hasSize(2).last().isEqualTo("1013 too-many-waiting");
		assertThat(this.links.refusals()).containsEntry(Refused.TOO_MANY_WAITING, 1L)
			.containsEntry(Refused.QUEUE_FULL, 0L);
	}

	@Test
	void whoeverFailsFirstTellsTheClientAndNobodyElse() throws Exception {
		this.meanwhile = () -> this.handler.refuse(Refused.TOO_MANY_WAITING, "Later.");
		this.failure = new IllegalArgumentException("as of the application");

		receive("SEND\ndestination:/a\n\none\0");

		assertThat(this.answers).hasSize(2).last().isEqualTo("1013 too-many-waiting");
		assertThat(this.links.refusals()).containsEntry(Refused.MALFORMED, 0L);
	}

	@Test
	void aClientIsToldOnceThoughManyThreadsFailAtATime() throws Exception {
		SafeErrorHandler errors = new SafeErrorHandler(this.links);
		ExecutorService threads = Executors.newFixedThreadPool(4);
		try (RecordedLog log = RecordedLog.of(SafeErrorHandler.class)) {
			for (int i = 0; i < 500; i++) {
				Incoming incoming = new Incoming();
				CyclicBarrier together = new CyclicBarrier(4);
				Callable<Integer> failing = () -> (errors.watch(incoming, null, () -> {
					together.await(10, TimeUnit.SECONDS);
					throw new FrameRefusedException(Refused.QUEUE_FULL, "Later.");
				}) != null) ? 1 : 0;
				int told = 0;
				for (Future<Integer> one : threads.invokeAll(Collections.nCopies(4, failing))) {
					told += one.get();
				}

				assertThat(told).isEqualTo(1);
				assertThat(incoming.isRefused()).isTrue();
			}
			assertThat(log.lines()).hasSize(500);
		}
		finally {
			threads.shutdown();
		}
		assertThat(this.links.refusals()).containsEntry(Refused.QUEUE_FULL, 500L);
	}

	@Test
	void aCloseIsPassedOnAndClosesTheQueue() throws Exception {
		this.reader.afterConnectionClosed(this.session, CloseStatus.NORMAL);

		assertThat(this.queueClosed).isTrue();
		assertThat(this.delegateClosed).isTrue();
	}

	private void receive(String text) throws Exception {
		this.reader.handleMessage(this.session, new TextMessage(text));
	}

	/** Spring, as far as it matters: finds the frame, and fails if it is to. */
	private final class Spring extends AbstractWebSocketHandler {

		@Override
		public void afterConnectionEstablished(WebSocketSession opened) {
			// As Spring does it.
			opened.setTextMessageSizeLimit(16_640);
		}

		@Override
		public void handleMessage(WebSocketSession from, WebSocketMessage<?> message) {
			Message<byte[]> frame = new HandedFrames().decode(ByteBuffer.allocate(0), null).get(0);
			SafeDecoder.refuseFlawed(frame);
			FrameReaderTest.this.handled.add(StompHeaderAccessor.wrap(frame).getCommand() + " "
					+ new String(frame.getPayload(), StandardCharsets.UTF_8));
			FrameReaderTest.this.meanwhile.run();
			if (FrameReaderTest.this.failure != null) {
				throw FrameReaderTest.this.failure;
			}
			if (FrameReaderTest.this.closing != null) {
				throw FrameReaderTest.this.closing;
			}
		}

		@Override
		public void afterConnectionClosed(WebSocketSession from, CloseStatus status) {
			FrameReaderTest.this.delegateClosed = true;
		}

	}

	/** Handles at once, if nobody is said to be at it. */
	private final class Queue implements FrameQueue {

		Queue(FrameHandler handler) {
			FrameReaderTest.this.handler = handler;
		}

		@Override
		public boolean add(List<Frame> frames) {
			FrameReaderTest.this.waiting.addAll(frames);
			return FrameReaderTest.this.idle;
		}

		@Override
		public void work() {
			FrameReaderTest.this.waiting.forEach(FrameReaderTest.this.handler::handle);
			FrameReaderTest.this.waiting.clear();
		}

		@Override
		public void close() {
			FrameReaderTest.this.queueClosed = true;
		}

	}

}
