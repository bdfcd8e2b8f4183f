package org.sessionlink.handling;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import jakarta.websocket.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sessionlink.RecordedLog;
import org.sessionlink.inbound.Frame;
import org.sessionlink.inbound.FrameHandlers;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Home;
import org.sessionlink.link.Identity;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;
import org.sessionlink.link.Timed;

import org.springframework.context.support.StaticApplicationContext;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.support.MessageHandlingRunnable;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class SocketQueueTest {

	private static final String READER = Thread.currentThread().getName();

	private final FakeClock clock = new FakeClock();

	private final Links links = new Links(this.clock, LinkPolicy.DEFAULT);

	private final CountDownLatch entered = new CountDownLatch(1);

	private final CountDownLatch released = new CountDownLatch(1);

	private final List<String> handled = new CopyOnWriteArrayList<>();

	private final List<String> threadNames = new CopyOnWriteArrayList<>();

	private final List<Message<?>> heartbeats = new CopyOnWriteArrayList<>();

	private final AtomicInteger inTurn = new AtomicInteger();

	private final HandlerThreads threads = new HandlerThreads(new StaticApplicationContext(), 1, Duration.ofSeconds(10),
			1);

	private final SocketLink link = new SocketLink(this.links.open("key", "id", Home.GONE));

	private final WebSocketSession session = session(this.link);

	private final SocketQueue queue = queue(this.session, this.threads);

	@AfterEach
	void stop() {
		this.released.countDown();
		this.threads.destroy();
	}

	@Test
	void onlyTheCallOfAMethodThatMayWaitAndWhatComesBehindAreHandledOnAThreadOfTheirOwn() throws Exception {
		receive("quick");
		receive("slow wait", "behind");
		receive("behind too");
		awaitEntered();
		assertThat(this.handled).containsExactly("quick", "slow wait found");

		this.released.countDown();
		awaitHandled("behind too");
		awaitFree();
		receive("quick again");

		assertThat(this.handled).containsExactly("quick", "slow wait found", "slow wait", "behind", "behind too",
				"quick again");
		assertThat(this.threadNames).containsExactly(READER, READER, "sessionlink-handler-1", "sessionlink-handler-1",
				"sessionlink-handler-1", READER);
	}

	@Test
	void theTimeOfEachFrameButAHeartbeatIsTakenOnceWhetherItsMethodMayWaitOrNot() throws Exception {
		List<Timed> taken = new CopyOnWriteArrayList<>();
		this.links.timings((what, nanos) -> taken.add(what));
		receive("quick");
		assertThat(taken).hasSize(1);
		receive("slow wait", "behind");
		awaitEntered();
		assertThat(taken).hasSize(1);

		this.released.countDown();
		awaitHandled("behind");
		awaitFree();
		if (this.queue.add(List.of(HeldFramesTest.frame("\n")))) {
			this.queue.work();
		}

		assertThat(taken).containsExactly(Timed.HANDLE, Timed.HANDLE, Timed.HANDLE);
	}

	@Test
	void theTurnOfTheSocketIsFreeWhileTheMethodWaits() throws Exception {
		receive("slow wait");
		awaitEntered();

		assertThat(this.inTurn).hasValue(0);

		this.released.countDown();
		awaitHandled("slow wait");
	}

	@Test
	void whatIsToComeAfterAFrameComesOnceItsMethodHasReturned() throws Exception {
		receive("quick, then more");
		assertThat(this.handled).containsExactly("quick, then more", "afterwards");

		receive("slow wait, then more");
		awaitEntered();
		assertThat(this.handled).hasSize(3);
		this.released.countDown();
		awaitFree();

		assertThat(this.handled).containsExactly("quick, then more", "afterwards", "slow wait, then more found",
				"slow wait, then more", "afterwards");
	}

	@Test
	void nothingComesAfterAFrameThatFails() throws Exception {
		try (RecordedLog log = RecordedLog.of("org.sessionlink.inbound.SafeErrorHandler")) {
			receive("slow fail, then more", "behind");
			awaitFree();

			assertThat(this.handled).containsExactly("slow fail, then more found", "internal-error", "closed 1008");
			assertThat(log.lines()).singleElement().asString().startsWith("ERROR A ");
		}
	}

	@Test
	void aHandlerThatFailsOnAHandlerThreadTakesNoOtherOfItsFrameAlong() throws Exception {
		try (RecordedLog log = RecordedLog.of(HandlerCall.class)) {
			receive("two handlers, then more", "behind");
			awaitHandled("behind");

			assertThat(log.lines()).singleElement().asString().startsWith("ERROR A handler of a MESSAGE frame failed");
		}
		assertThat(this.handled).containsExactly("second handler", "behind");
		assertThat(this.threadNames).containsExactly("sessionlink-handler-1");
	}

	@Test
	void whatAHandlerFailedAtIsForgottenWithItsFrame() throws Exception {
		try (RecordedLog log = RecordedLog.of(HandlerCall.class)) {
			receive("two handlers, then more");
			awaitHandled("second handler");
			awaitFree();
			receive("quick, then more");

			assertThat(log.lines()).hasSize(1);
		}
		assertThat(this.handled).containsExactly("second handler", "quick, then more", "afterwards");
	}

	@Test
	void aHandlerThreadOutlivesWhateverIsThrown() throws Exception {
		receive("slow die", "behind");
		awaitFree();
		SocketQueue other = queue(session(new SocketLink(this.links.open("other", "id", Home.GONE))), this.threads);

		receive(other, "slow next");
		awaitHandled("slow next");

		assertThat(this.handled).doesNotContain("behind").contains("closed 1008");
	}

	@Test
	void anErrorInWhatComesAfterwardsClosesTheSocketAndLeavesTheThread() throws Exception {
		try (RecordedLog log = RecordedLog.of(SocketQueue.class)) {
			receive("slow, then die");
			await().until(() -> this.handled.contains("closed 1011"));
			receive("quick");
			awaitHandled("quick");

			assertThat(log.lines()).singleElement().asString().startsWith("ERROR Closing session due to exception");
		}
	}

	@Test
	void aCloseDropsWhatWaits() throws Exception {
		receive("slow wait", "behind");
		awaitEntered();

		this.queue.close();
		receive("late");
		this.released.countDown();
		awaitHandled("slow wait");
		this.threads.destroy();

		assertThat(this.handled).containsExactly("slow wait found", "slow wait");
	}

	@Test
	void aCallThatStillWaitsForAThreadWhenItsSocketClosesGivesItsPlaceBack() throws Exception {
		receive("slow wait");
		awaitEntered();
		SocketQueue other = queue(session(this.link), this.threads);
		receive(other, "slow other");

		other.close();
		SocketQueue third = queue(session(this.link), this.threads);
		receive(third, "slow third");
		this.released.countDown();
		awaitHandled("slow third");

		assertThat(this.handled).doesNotContain("slow other");
		assertThat(this.links.refusals()).containsEntry(Refused.QUEUE_FULL, 0L);
	}

	@Test
	void whereNoMoreMayWaitTheSocketIsClosedAndNoThreadIsHeld() throws Exception {
		receive("slow wait");
		awaitEntered();
		receive(queue(session(this.link), this.threads), "slow second");

		receive(queue(session(this.link), this.threads), "slow third", "behind");

		assertThat(this.handled).containsExactly("slow wait found", "slow second found", "slow third found",
				"queue-full", "closed 1013");
		assertThat(this.links.refusals()).containsEntry(Refused.QUEUE_FULL, 1L);
	}

	@Test
	void whatComesWhileTheServerStopsIsDropped() throws Exception {
		this.threads.destroy();

		receive("slow");
		receive("quick");

		assertThat(this.handled).containsExactly("slow found");
	}

	@Test
	void aCallThatIsUnderWayWhenTheMomentIsOverIsTheLast() throws Exception {
		HandlerThreads stopping = new HandlerThreads(new StaticApplicationContext(), 1, Duration.ofMillis(50), 1);
		SocketQueue last = queue(this.session, stopping);
		receive(last, "slow wait", "behind");
		awaitEntered();

		stopping.destroy();
		await().until(() -> !this.handled.contains("behind") && this.handled.contains("internal-error"));

		assertThat(this.handled).doesNotContain("behind");
	}

	@Test
	void moreFramesThanMayWaitBehindOneCloseTheSocketWhereReadingCannotBeStopped() throws Exception {
		receive("slow wait");
		awaitEntered();

		for (int i = 0; i < HeldFrames.MOST; i++) {
			receive("behind");
		}
		assertThat(this.handled).containsExactly("slow wait found");
		receive("one too many");
		receive("dropped");

		assertThat(this.handled).containsExactly("slow wait found", "too-many-waiting", "closed 1013");
		assertThat(this.links.refusals()).containsEntry(Refused.TOO_MANY_WAITING, 1L);
	}

	@Test
	void aFullHoldStopsTheReadingWhereTheContainerCanUntilThereIsRoom() throws Exception {
		List<String> calls = new CopyOnWriteArrayList<>();
		AtomicInteger heard = new AtomicInteger();
		this.link.whenHeard(heard::incrementAndGet);
		SocketQueue stoppable = queue(stoppableSession(calls), this.threads);
		receive(stoppable, "slow wait");
		awaitEntered();

		for (int i = 0; i < 2 * HeldFrames.MOST; i++) {
			receive(stoppable, "behind");
		}
		assertThat(calls).containsExactly("suspend");
		int told = heard.get();
		this.clock.pass(Duration.ofSeconds(2));
		assertThat(heard).as("of a client that nobody listens to").hasValue(told + 2);
		this.released.countDown();
		await().until(() -> this.handled.size() == 2 + 2 * HeldFrames.MOST);

		assertThat(calls).containsExactly("suspend", "resume");
		assertThat(this.handled).doesNotContain("too-many-waiting");
	}

	@Test
	void aHoldThatOneMessageFillsStopsTheReadingToo() throws Exception {
		List<String> calls = new CopyOnWriteArrayList<>();
		SocketQueue stoppable = queue(stoppableSession(calls), this.threads);
		String[] bodies = new String[HeldFrames.MOST + 1];
		Arrays.fill(bodies, "behind");
		bodies[0] = "slow wait";

		receive(stoppable, bodies);
		awaitEntered();
		receive(stoppable, "one more");

		assertThat(this.handled).containsExactly("slow wait found");
		assertThat(calls).containsExactly("suspend");
		this.released.countDown();
		awaitHandled("one more");
		assertThat(calls).containsExactly("suspend", "resume");
	}

	@Test
	void whatIsReadAllTheSameWhileReadingIsStoppedHasItsLimit() throws Exception {
		SocketQueue stoppable = queue(stoppableSession(new ArrayList<>()), this.threads);
		receive(stoppable, "slow wait");
		awaitEntered();

		for (int i = 0; i < HeldFrames.MOST_READ_AHEAD + 1; i++) {
			receive(stoppable, "behind");
		}

		assertThat(this.handled).containsExactly("slow wait found", "too-many-waiting", "closed 1013");
	}

	@Test
	void aClientWhoseFramesWaitIsKnownToBeThere() throws Exception {
		AtomicInteger heard = new AtomicInteger();
		this.link.whenHeard(heard::incrementAndGet);
		receive("quick");
		assertThat(heard).hasValue(0);

		receive("slow wait");
		awaitEntered();
		receive("behind");

		assertThat(heard).hasValue(1);
		assertThat(this.heartbeats).hasSize(1);
	}

	@Test
	void oneSocketWithMuchToWaitForLetsOthersGoFirst() throws Exception {
		HandlerThreads one = new HandlerThreads(new StaticApplicationContext(), 2, Duration.ofSeconds(10), 1);
		SocketQueue first = queue(this.session, one);
		receive(first, "slow wait", "behind", "slow more");
		awaitEntered();
		receive(queue(session(this.link), one), "slow other");

		this.released.countDown();
		awaitHandled("slow more");
		one.destroy();

		assertThat(this.handled).containsSubsequence("slow wait", "behind", "slow other", "slow more");
	}

	@Test
	void aThreadGoesOnWithItsSocketWhereNoMoreMayWait() throws Exception {
		receive("slow wait", "slow more", "behind");
		awaitEntered();
		receive(queue(session(this.link), this.threads), "slow other");

		this.released.countDown();
		awaitHandled("slow other");

		assertThat(this.handled).containsSubsequence("slow wait", "slow more", "behind", "slow other");
	}

	@Test
	void whatWaitsWhenItsSessionEndsReachesNoMethod() throws Exception {
		receive("slow wait");
		awaitEntered();
		SocketLink ending = new SocketLink(this.links.open("ending", "id", Home.GONE));
		receive(queue(session(ending), this.threads), "slow other, then more");

		ending.link().end(EndCause.ENDED);
		this.released.countDown();
		await().until(() -> this.handled.contains("session-ended"));

		assertThat(this.handled).doesNotContain("slow other, then more", "afterwards");
	}

	@Test
	void whatWaitsWhenItsUserChangesReachesNoMethodAndIsAnswered() throws Exception {
		Principal ada = () -> "ada";
		receive("slow wait");
		awaitEntered();
		SocketLink adas = new SocketLink(this.links.open("adas", "id", Home.GONE), new Identity(ada, Set.of("STAFF")));
		receive(queue(session(adas), this.threads), "slow other", "behind");

		adas.link().identify(new Identity(ada, Set.of()));
		this.released.countDown();
		awaitHandled("behind");

		assertThat(this.handled).doesNotContain("slow other");
		assertThat(this.links.refusals()).containsEntry(Refused.DESTINATION, 1L);
	}

	@Test
	void whatIsNoPartOfASocketsFrameIsNotParked() {
		assertThat(SocketQueue.park(call("slow", null))).isFalse();
	}

	@Test
	@Timeout(60)
	void everyFrameIsHandledOnceAndInOrderThoughTheThreadsTakeTurns() throws Exception {
		HandlerThreads many = new HandlerThreads(new StaticApplicationContext(), 2, Duration.ofSeconds(10), 2);
		Queue<Integer> numbers = new ConcurrentLinkedQueue<>();
		AtomicInteger inside = new AtomicInteger();
		AtomicInteger together = new AtomicInteger();
		HeldFrames held = new HeldFrames(Integer.MAX_VALUE);
		SocketQueue busy = new SocketQueue(FrameHandlers.of(this.session, this.links, (message) -> {
			String text = new String(message.getPayload(), StandardCharsets.UTF_8);
			Runnable work = () -> {
				together.addAndGet((inside.incrementAndGet() > 1) ? 1 : 0);
				numbers.add(Integer.valueOf(text.substring(1)));
				inside.decrementAndGet();
			};
			if (!text.startsWith("s") || !SocketQueue.park(call(text, work))) {
				work.run();
			}
		}), many, held, new SignOfLife(List::of));

		for (int i = 0; i < 20_000; i++) {
			// Bursts of either kind, so that the socket is taken and given back often.
			boolean slow = i % 7 == 0 || (i / 100) % 3 == 0;
			while (held.isFull()) {
				Thread.onSpinWait();
			}
			receive(busy, (slow ? "s" : "q") + i);
		}
		many.destroy();

		assertThat(numbers).containsExactlyElementsOf(IntStream.range(0, 20_000).boxed().toList());
		assertThat(together).hasValue(0);
	}

	private void receive(String... bodies) {
		receive(this.queue, bodies);
	}

	private static void receive(SocketQueue to, String... bodies) {
		List<Frame> frames = new ArrayList<>();
		for (String body : bodies) {
			frames.add(HeldFramesTest.frame("SEND\ndestination:/app/a\n\n" + body + "\0"));
		}
		if (to.add(frames)) {
			to.work();
		}
	}

	private void awaitEntered() throws InterruptedException {
		assertThat(this.entered.await(10, TimeUnit.SECONDS)).isTrue();
	}

	private void awaitHandled(String body) {
		await().until(() -> this.handled.contains(body));
	}

	// The one thread is done with what came before.
	private void awaitFree() throws InterruptedException {
		CountDownLatch free = new CountDownLatch(1);
		await().until(() -> this.threads.runIfRoom(new HandlerThreads.Task() {

			@Override
			public void run() {
				free.countDown();
			}

			@Override
			public void drop() {
				free.countDown();
			}

		}));
		assertThat(free.await(10, TimeUnit.SECONDS)).isTrue();
	}

	private SocketQueue queue(WebSocketSession opened, HandlerThreads handlerThreads) {
		MessageHandler broker = this.heartbeats::add;
		return new SocketQueue(FrameHandlers.of(opened, this.links, (message) -> spring(opened, message)),
				handlerThreads, new HeldFrames(100_000), new SignOfLife(() -> List.of(broker)));
	}

	/** Everything behind: what is slow is found to be so, and called later. */
	private void spring(WebSocketSession from, Message<byte[]> message) {
		String body = new String(message.getPayload(), StandardCharsets.UTF_8);
		if (body.startsWith("two handlers")) {
			parkTwo(body);
		}
		else if (body.startsWith("slow") && SocketQueue.park(call(body, () -> method(body)))) {
			this.threadNames.add(Thread.currentThread().getName());
			this.handled.add(body + " found");
		}
		else {
			method(body);
		}
		if (body.endsWith(", then more")) {
			SocketLink.in(from.getAttributes()).afterFrame(() -> this.handled.add("afterwards"));
		}
		if (body.endsWith(", then die")) {
			SocketLink.in(from.getAttributes()).afterFrame(() -> {
				throw new StackOverflowError("as of a defect");
			});
		}
	}

	// As the executor does it for two that may wait.
	private void parkTwo(String body) {
		SocketQueue.park(new HandlerCall(call(body, () -> {
			throw new StackOverflowError("as of the application");
		}), SocketQueue.current()));
		SocketQueue.park(new HandlerCall(call(body, () -> this.handled.add("second handler")), SocketQueue.current()));
	}

	private void method(String body) {
		if (body.contains("wait")) {
			this.entered.countDown();
			try {
				assertThat(this.released.await(10, TimeUnit.SECONDS)).isTrue();
			}
			catch (InterruptedException ex) {
				throw new UnsupportedOperationException("interrupted", ex);
			}
		}
		if (body.contains("slow fail")) {
			throw new UnsupportedOperationException("as of the application");
		}
		if (body.contains("slow die")) {
			throw new StackOverflowError("as of a defect");
		}
		this.threadNames.add(Thread.currentThread().getName());
		this.handled.add(body);
	}

	private static MessageHandlingRunnable call(String body, Runnable work) {
		return new MessageHandlingRunnable() {

			@Override
			public Message<?> getMessage() {
				return HeldFramesTest.frame("SEND\ndestination:/app/a\n\n" + body + "\0").message();
			}

			@Override
			public MessageHandler getMessageHandler() {
				return (message) -> {
				};
			}

			@Override
			public void run() {
				work.run();
			}

		};
	}

	/** What Tomcat's sessions can do, too. */
	public interface Stoppable {

		void suspend();

		void resume();

	}

	private WebSocketSession stoppableSession(List<String> calls) {
		StandardWebSocketSession standard = new StandardWebSocketSession(null, new ConcurrentHashMap<>(), null, null);
		standard.initializeNativeSession((Session) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { Session.class, Stoppable.class }, (proxy, method, arguments) -> {
					if (method.getDeclaringClass() == Stoppable.class) {
						calls.add(method.getName());
					}
					return (method.getReturnType() == List.class) ? List.of() : null;
				}));
		return session(this.link, standard);
	}

	private WebSocketSession session(SocketLink tied) {
		return session(tied, new StandardWebSocketSession(null, new ConcurrentHashMap<>(), null, null));
	}

	private WebSocketSession session(SocketLink tied, StandardWebSocketSession standard) {
		WebSocketSession opened = new WebSocketSessionDecorator(standard) {

			@Override
			public boolean isOpen() {
				return true;
			}

			@Override
			public void sendMessage(WebSocketMessage<?> message) {
				SocketQueueTest.this.handled.add(((String) message.getPayload()).lines()
					.filter((line) -> line.startsWith("message:"))
					.findAny()
					.orElse("message:none")
					.substring("message:".length()));
			}

			@Override
			public void close(CloseStatus status) {
				SocketQueueTest.this.handled.add("closed " + status.getCode());
			}

		};
		tied.putInto(opened.getAttributes());
		tied.takesTurns((step) -> {
			this.inTurn.incrementAndGet();
			try {
				step.run();
			}
			finally {
				this.inTurn.decrementAndGet();
			}
		});
		return opened;
	}

}
