package org.sessionlink.inbound;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sessionlink.RecordedLog;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Home;
import org.sessionlink.link.LinkLimits;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;

import org.springframework.context.support.StaticApplicationContext;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class BlockingHandlerTest {

	private static final String SLOW = "SEND\ndestination:/app/slow\n\n";

	private static final String READER = Thread.currentThread().getName();

	private final Links links = new Links(new FakeClock(),
			new LinkPolicy(null, LinkPolicy.DEFAULT.expiryWarning(), new LinkLimits(0, 0, 1, 3)));

	private final CountDownLatch waits = new CountDownLatch(1);

	private final CountDownLatch released = new CountDownLatch(1);

	private final List<String> handled = new CopyOnWriteArrayList<>();

	private final List<String> threadNames = new CopyOnWriteArrayList<>();

	private final List<Message<?>> heartbeats = new CopyOnWriteArrayList<>();

	private final AtomicInteger heard = new AtomicInteger();

	private final HandlerThreads threads = new HandlerThreads(new StaticApplicationContext(), this.links, 1,
			Duration.ofSeconds(10), 1);

	private final BlockingHandler handler = handler(SlowController.class);

	private final WebSocketSession session = session();

	@AfterEach
	void stop() {
		this.released.countDown();
		this.threads.destroy();
	}

	@Test
	void onlyWhatMayBlockIsHandledOnAThreadOfItsOwn() throws Exception {
		receive("quick");
		receive(SLOW + "wait\0");
		receive("behind");
		assertThat(this.handled).containsExactly("quick");

		this.released.countDown();
		awaitFree();
		receive("quick again");

		assertThat(this.handled).containsExactly("quick", SLOW + "wait\0", "behind", "quick again");
		assertThat(this.threadNames).containsExactly(READER, "sessionlink-handler-1", "sessionlink-handler-1", READER);
	}

	@Test
	void theBufferOfTheContainerIsCopiedBeforeItIsUsedAgain() throws Exception {
		byte[] buffer = (SLOW + "wait\0").getBytes(StandardCharsets.UTF_8);
		receive(SLOW + "wait\0");

		this.handler.handleMessage(this.session, new BinaryMessage(ByteBuffer.wrap(buffer), false));
		buffer[0] = 'X';
		this.released.countDown();
		awaitFree();

		assertThat(this.handled).containsExactly(SLOW + "wait\0", SLOW + "wait\0");
	}

	@Test
	void aMessageThatFailsClosesItsSocketAndTheNextIsHandled() throws Exception {
		try (RecordedLog log = RecordedLog.of(BlockingHandler.class)) {
			receive(SLOW + "fail\0");
			receive("behind");
			awaitFree();

			assertThat(this.handled).containsExactly("closed with 1011", "behind");
			assertThat(log.lines()).singleElement().asString().startsWith("ERROR Closing session due to exception");
		}
	}

	@Test
	void aCloseIsPassedOnAtOnceAndWhatWaitsIsDropped() throws Exception {
		receive(SLOW + "wait\0");
		receive(SLOW + "dropped\0");
		assertThat(this.waits.await(10, TimeUnit.SECONDS)).isTrue();

		this.handler.afterConnectionClosed(this.session, CloseStatus.NORMAL);
		assertThat(this.handled).containsExactly("told of the close");
		receive("dropped too");
		this.released.countDown();
		awaitFree();

		assertThat(this.handled).containsExactly("told of the close", SLOW + "wait\0");
	}

	@Test
	void whereNoMoreMayWaitTheReadingThreadHandlesItItself() throws Exception {
		receive(SLOW + "wait\0");
		assertThat(this.waits.await(10, TimeUnit.SECONDS)).isTrue();
		WebSocketSession second = session();
		this.handler.handleMessage(second, new TextMessage(SLOW + "second\0"));
		WebSocketSession third = session();

		try (RecordedLog log = RecordedLog.of(HandlerThreads.class)) {
			this.handler.handleMessage(third, new TextMessage(SLOW + "third\0"));
			this.handler.handleMessage(third, new TextMessage(SLOW + "fourth\0"));

			assertThat(this.handled).containsExactly(SLOW + "third\0", SLOW + "fourth\0");
			assertThat(this.links.refusals()).containsEntry(Refused.QUEUE_FULL, 2L);
			assertThat(log.lines()).singleElement()
				.asString()
				.startsWith("WARN 1 sockets wait for a thread, as many as may");
		}
	}

	@Test
	void oneSocketWithMuchToWaitForLetsOthersGoFirst() throws Exception {
		HandlerThreads one = new HandlerThreads(new StaticApplicationContext(), this.links, 2, Duration.ofSeconds(10),
				1);
		BlockingHandler fair = handler(SlowController.class, one);
		WebSocketSession first = session(fair);
		fair.handleMessage(first, new TextMessage(SLOW + "wait\0"));
		assertThat(this.waits.await(10, TimeUnit.SECONDS)).isTrue();
		fair.handleMessage(first, new TextMessage("behind"));
		fair.handleMessage(first, new TextMessage(SLOW + "more\0"));
		fair.handleMessage(session(fair), new TextMessage(SLOW + "other\0"));

		this.released.countDown();
		await().until(() -> this.handled.size() == 4);
		one.destroy();

		assertThat(this.handled).containsExactly(SLOW + "wait\0", "behind", SLOW + "other\0", SLOW + "more\0");
	}

	@Test
	void aClientWhoseFramesWaitIsKnownToBeThere() throws Exception {
		receive(SLOW + "wait\0");

		receive("\n");

		assertThat(this.heard).hasValue(1);
		assertThat(this.heartbeats).singleElement().satisfies((heartbeat) -> {
			assertThat(SimpMessageHeaderAccessor.getMessageType(heartbeat.getHeaders()))
				.isEqualTo(SimpMessageType.HEARTBEAT);
			assertThat(SimpMessageHeaderAccessor.getSessionId(heartbeat.getHeaders())).isEqualTo(this.session.getId());
		});
	}

	@Test
	void pongsWaitForNothingAndCostAsMuchAsFrames() throws Exception {
		receive(SLOW + "wait\0");

		for (int i = 0; i < 5; i++) {
			this.handler.handleMessage(this.session, new PongMessage(ByteBuffer.wrap(new byte[10])));
		}
		this.released.countDown();
		awaitFree();

		assertThat(this.heard).hasValue(5);
		assertThat(this.handled).as("what is not paid for is refused in its turn")
			.containsExactly(SLOW + "wait\0", "pong", "pong");
	}

	@Test
	void whereNoMethodBlocksNothingIsKeptOfASocket() throws Exception {
		BlockingHandler idle = handler(QuickController.class);
		WebSocketSession quick = session(idle);

		idle.handleMessage(quick, new TextMessage(SLOW + "quick\0"));

		assertThat(this.threadNames).containsExactly(READER);
		assertThat(HeldSocket.in(quick.getAttributes())).isNull();
	}

	@Test
	void everyMessageIsHandledOnceAndInOrderThoughTheThreadsTakeTurns() throws Exception {
		HandlerThreads many = new HandlerThreads(new StaticApplicationContext(), this.links, 2, Duration.ofSeconds(10),
				2);
		Queue<Integer> numbers = new ConcurrentLinkedQueue<>();
		AtomicInteger inside = new AtomicInteger();
		AtomicInteger together = new AtomicInteger();
		BlockingHandler busy = new BlockingHandler(new AbstractWebSocketHandler() {

			@Override
			public void handleMessage(WebSocketSession from, WebSocketMessage<?> message) {
				if (inside.incrementAndGet() > 1) {
					together.incrementAndGet();
				}
				String text = (String) message.getPayload();
				numbers.add(Integer.valueOf(text.substring(text.lastIndexOf('\n') + 1).replace("\0", "")));
				inside.decrementAndGet();
			}

		}, SingletonSupplier.of(() -> Methods.blockingIn(SlowController.class)), many, new SignOfLife(List::of),
				1_000_000);
		WebSocketSession socket = session(busy);

		for (int i = 0; i < 20_000; i++) {
			// Bursts of either kind, so that the socket is taken and given back often.
			boolean slow = i % 7 == 0 || (i / 100) % 3 == 0;
			busy.handleMessage(socket, new TextMessage((slow ? SLOW : "SEND\ndestination:/app/quick\n\n") + i + "\0"));
		}
		many.destroy();

		assertThat(numbers).containsExactlyElementsOf(IntStream.range(0, 20_000).boxed().toList());
		assertThat(together).hasValue(0);
	}

	private void receive(String text) throws Exception {
		this.handler.handleMessage(this.session, new TextMessage(text));
	}

	private void awaitFree() {
		await().until(() -> !HeldSocket.in(this.session.getAttributes()).messages().isTaken());
	}

	private BlockingHandler handler(Class<?> controller) {
		return handler(controller, this.threads);
	}

	private BlockingHandler handler(Class<?> controller, HandlerThreads handlerThreads) {
		BlockingDestinations destinations = Methods.blockingIn(controller);
		MessageHandler broker = this.heartbeats::add;
		return new BlockingHandler(new Recorder(), () -> destinations, handlerThreads,
				new SignOfLife(() -> List.of(broker)), 1_000);
	}

	private WebSocketSession session() {
		return session(this.handler);
	}

	private WebSocketSession session(BlockingHandler opening) {
		WebSocketSession opened = new WebSocketSessionDecorator(
				new StandardWebSocketSession(null, new ConcurrentHashMap<>(), null, null)) {

			@Override
			public boolean isOpen() {
				return true;
			}

			@Override
			public void close(CloseStatus status) {
				BlockingHandlerTest.this.handled.add("closed with " + status.getCode());
			}

		};
		SocketLink socket = new SocketLink(this.links.open("key", "id", Home.GONE));
		socket.whenHeard(this.heard::incrementAndGet);
		socket.putInto(opened.getAttributes());
		try {
			opening.afterConnectionEstablished(opened);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
		return opened;
	}

	/** Everything behind: waits, fails, or takes note of what it gets. */
	private final class Recorder extends AbstractWebSocketHandler {

		@Override
		public void handleMessage(WebSocketSession from, WebSocketMessage<?> message) throws Exception {
			if (message instanceof PongMessage) {
				BlockingHandlerTest.this.handled.add("pong");
				return;
			}
			String text = (message.getPayload() instanceof ByteBuffer bytes)
					? StandardCharsets.UTF_8.decode(bytes).toString() : (String) message.getPayload();
			if (text.endsWith("wait\0")) {
				BlockingHandlerTest.this.waits.countDown();
				assertThat(BlockingHandlerTest.this.released.await(10, TimeUnit.SECONDS)).isTrue();
			}
			if (text.endsWith("fail\0")) {
				throw new StackOverflowError("as of a defect");
			}
			BlockingHandlerTest.this.threadNames.add(Thread.currentThread().getName());
			BlockingHandlerTest.this.handled.add(text);
		}

		@Override
		public void afterConnectionClosed(WebSocketSession from, CloseStatus status) {
			BlockingHandlerTest.this.handled.add("told of the close");
		}

	}

	static class SlowController {

		@Blocking
		@MessageMapping("/slow")
		void slow() {
			// It is not called.
		}

	}

	static class QuickController {

		@MessageMapping("/slow")
		void quick() {
			// It is not called.
		}

	}

}
