package org.sessionlink.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/** What each container is asked for, and in which order. */
class ContainerWiresTest {

	private static final String TIMEOUT = "org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT";

	private static final long SECOND = 1000L;

	private static final long DAY = 24 * 60 * 60 * SECOND;

	private final FakeContainer container = new FakeContainer();

	private final List<Object> told = new ArrayList<>();

	private final ByteBuffer bytes = ByteBuffer.wrap("two".getBytes(StandardCharsets.UTF_8));

	private final List<WebSocketMessage<?>> messages = List.of(new TextMessage("one"), new BinaryMessage(this.bytes));

	@ParameterizedTest
	@CsvSource({ "org.apache.tomcat.Ws, TomcatWire", "org.eclipse.jetty.Ws, JettyWire", "io.undertow.Ws, UndertowWire",
			"com.example.Ws, JakartaWire" })
	void eachContainerHasAWireOfItsOwn(String vendor, String wire) throws Exception {
		StandardWebSocketSession socket = socket(this.container.named(vendor));

		assertThat(Wire.of(socket, Runnable::run).getClass().getSimpleName()).isEqualTo(wire);
	}

	@Test
	void whatIsNoContainersWebSocketIsWrittenToByAThreadThatMayWait() {
		assertThat(Wire.of(new StandardWebSocketSession(null, null, null, null), Runnable::run))
			.isInstanceOf(BlockingWire.class);
	}

	@Test
	void aMessageAloneWaitsForNobodyAndIsToldOnce() {
		JakartaWire wire = new JakartaWire(this.container.session);

		wire.write(this.messages.get(0), this.told::add);
		assertThat(this.told).isEmpty();
		this.container.complete();

		assertThat(this.container.calls).containsExactly("async.sendText one");
		assertThat(this.told).containsExactly((Object) null);
		assertThat(wire.room(true)).isZero();
	}

	@Test
	void aBinaryMessageIsADuplicateAsOthersAreSentTheSame() {
		JakartaWire wire = new JakartaWire(this.container.session);

		wire.write(this.messages.get(1), this.told::add);
		wire.write(this.messages.get(1), this.told::add);

		assertThat(this.container.calls).containsExactly("async.sendBinary bytes two", "async.sendBinary bytes two");
		assertThat(this.bytes.remaining()).isEqualTo(3);
	}

	@Test
	void anErrorIsToldAndOneThatTheContainerDoesNotNameToo() {
		JakartaWire wire = new JakartaWire(this.container.session);
		IOException gone = new IOException("gone");
		wire.write(this.messages.get(0), this.told::add);
		wire.write(this.messages.get(0), this.told::add);

		this.container.fail(gone);
		this.container.fail(null);

		assertThat(this.told).hasSize(2).contains(gone);
	}

	@Test
	void severalAreToldAsOneWithTheFirstError() throws Exception {
		IOException gone = new IOException("gone");
		new JakartaWire(this.container.session).writeTogether(
				List.of(new TextMessage("one"), new TextMessage("two"), new TextMessage("three")), this.told::add);

		this.container.complete();
		this.container.fail(gone);
		assertThat(this.told).isEmpty();
		this.container.fail(new IOException("gone as well"));

		assertThat(this.told).containsExactly(gone);
	}

	@Test
	void severalThatAreWrittenBeforeTheCallReturnsAreToldOnce() throws Exception {
		this.container.during("async.sendText", () -> {
			while (!this.container.handlers.isEmpty()) {
				this.container.complete();
			}
		});

		new JakartaWire(this.container.session).writeTogether(List.of(new TextMessage("one"), new TextMessage("two")),
				this.told::add);
		assertThat(this.told).isEmpty();
		this.container.complete();

		assertThat(this.told).containsExactly((Object) null);
	}

	@Test
	void nothingAtAllIsWrittenAtOnce() throws Exception {
		new JakartaWire(this.container.session).writeTogether(List.of(), this.told::add);

		assertThat(this.told).containsExactly((Object) null);
	}

	@Test
	void aPingIsToldOnceItHasGoneOut() throws Exception {
		new JakartaWire(this.container.session).ping(this.told::add);

		assertThat(this.container.calls).containsExactly("basic.sendPing bytes ");
		assertThat(this.told).containsExactly((Object) null);
	}

	@Test
	void aPingThatFailsIsNotToldAsWritten() {
		this.container.during("basic.sendPing", () -> {
			throw new IOException("gone");
		});

		assertThatIOException().isThrownBy(() -> new JakartaWire(this.container.session).ping(this.told::add));

		assertThat(this.told).isEmpty();
	}

	@Test
	void aThreadThatWaitsToPingIsSeenAndFreed() throws Exception {
		JakartaWire wire = new JakartaWire(
				this.container.during("basic.sendPing", FakeContainer::awaitInterrupt).session);
		CompletableFuture<Void> ping = CompletableFuture.runAsync(() -> {
			try {
				wire.ping(this.told::add);
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}, (task) -> new Thread(task).start());

		await().until(wire::isWaiting);
		wire.free();

		assertThat(ping).failsWithin(10, TimeUnit.SECONDS).withThrowableOfType(Exception.class);
		assertThat(wire.isWaiting()).isFalse();
	}

	@Test
	void undertowsConnectionIsBrokenOffByForce() throws Exception {
		Session session = this.container.named("io.undertow.Ws", FakeContainer.WithForce.class);

		new UndertowWire(session).letGo();

		assertThat(this.container.calls).containsExactly("session.forceClose");
	}

	@Test
	void jettysConnectionIsAborted() throws Exception {
		Session session = this.container.named("org.eclipse.jetty.Ws", FakeContainer.WithAbort.class);

		new JettyWire(session).letGo();

		assertThat(this.container.calls).containsExactly("session.abort");
	}

	@Test
	void tomcatsConnectionIsClosedBeneathItsRemote() throws Exception {
		new TomcatWire(this.container.named("org.apache.tomcat.Ws")).letGo();

		assertThat(this.container.calls).containsExactly("endpoint.close");
	}

	@Test
	void theConnectionOfAnUnknownContainerEndsOnceThePeerIsSilent() throws Exception {
		this.container.endpoint = false;

		new JakartaWire(this.container.named("com.example.Ws")).letGo();

		assertThat(this.container.calls).containsExactly("session.setMaxIdleTimeout 1");
	}

	@Test
	void anUnknownContainerThatHasClosedTheSessionHasClosedItsConnection() throws Exception {
		this.container.endpoint = false;
		JakartaWire wire = new JakartaWire(this.container.named("com.example.Ws"));
		this.container.during("session.setMaxIdleTimeout", () -> {
			throw new IllegalStateException("The WebSocket session has been closed");
		});

		assertThatCode(wire::letGo).doesNotThrowAnyException();
	}

	@Test
	void aWrappedOneIsBrokenOffAsItsContainerNeedsIt() throws Exception {
		wrapped(this.container.named("io.undertow.Ws", FakeContainer.WithForce.class)).letGo();
		wrapped(this.container.named("org.eclipse.jetty.Ws", FakeContainer.WithAbort.class)).letGo();
		wrapped(this.container.named("org.apache.tomcat.Ws")).letGo();

		assertThat(this.container.calls).containsSubsequence("session.forceClose", "session.abort", "endpoint.close");
		assertThat(this.container.properties).isEmpty();
	}

	private static Wire wrapped(Session session) throws Exception {
		Wire wire = Wire.of(new WebSocketSessionDecorator(socket(session)), Runnable::run);
		assertThat(wire).isInstanceOf(BlockingWire.class);
		return wire;
	}

	@Test
	void onlyTomcatNeedsAThreadToSayThatAMessageIsWritten() {
		assertThat(new TomcatWire(this.container.session).isCheaperTogether()).isTrue();
		assertThat(new JettyWire(this.container.session).isCheaperTogether()).isFalse();
		assertThat(new UndertowWire(this.container.session).isCheaperTogether()).isFalse();
	}

	@Test
	void tomcatsBasicRemoteBatchesAndFlushesAsItStops() throws Exception {
		TomcatWire wire = new TomcatWire(this.container.session);
		assertThat(this.container.properties).containsEntry(TIMEOUT, SECOND);
		this.container.during("basic.sendText",
				() -> assertThat(this.container.properties).containsEntry(TIMEOUT, DAY));

		wire.writeTogether(this.messages, this.told::add);

		assertThat(this.container.calls).containsExactly("basic.setBatchingAllowed true", "basic.sendText one",
				"basic.sendBinary bytes two", "basic.setBatchingAllowed false");
		assertThat(this.bytes.remaining()).isEqualTo(3);
		assertThat(this.told).containsExactly((Object) null);
		assertThat(this.container.properties).containsEntry(TIMEOUT, SECOND);
	}

	@Test
	void tomcatThatFailsIsToldSoByTheExceptionAloneAndClosesInTime() {
		TomcatWire wire = new TomcatWire(this.container.session);
		this.container.during("basic.sendText", () -> {
			throw new IOException("gone");
		});

		assertThatIOException().isThrownBy(() -> wire.writeTogether(this.messages, this.told::add));

		assertThat(this.told).isEmpty();
		assertThat(this.container.properties).containsEntry(TIMEOUT, SECOND);
	}

	@Test
	void whatSomebodyTakesOutOfTomcatsHandsIsNotWrittenPast() {
		TomcatWire wire = new TomcatWire(this.container.session);
		this.container.during("basic.sendText", () -> this.container.batching = false);

		assertThatIOException().isThrownBy(() -> wire.writeTogether(this.messages, this.told::add));

		assertThat(this.container.calls).containsExactly("basic.setBatchingAllowed true", "basic.sendText one");
		assertThat(this.told).isEmpty();
		assertThat(this.container.properties).containsEntry(TIMEOUT, SECOND);
	}

	@Test
	void tomcatGivesEachMessageItsTimeThoughThoseBeforeWereSeenToWait() throws Exception {
		TomcatWire wire = new TomcatWire(this.container.session);
		List<Object> times = new ArrayList<>();
		CountDownLatch reads = new CountDownLatch(1);
		this.container.during("basic.sendText", () -> {
			times.add(this.container.properties.get(TIMEOUT));
			try {
				reads.await();
			}
			catch (InterruptedException ex) {
				throw new IOException(ex);
			}
		});
		this.container.during("basic.sendBinary", () -> times.add(this.container.properties.get(TIMEOUT)));
		CompletableFuture<Void> writer = write(wire);
		await().until(wire::isWaiting);
		assertThat(this.container.properties).containsEntry(TIMEOUT, SECOND);

		reads.countDown();
		writer.get(10, TimeUnit.SECONDS);

		assertThat(times).containsExactly(DAY, DAY);
		assertThat(this.container.properties).containsEntry(TIMEOUT, SECOND);
	}

	@Test
	void tomcatGivesTheLastFlushItsTimeThoughTheMessagesBeforeWereSeenToWait() throws Exception {
		TomcatWire wire = new TomcatWire(this.container.session);
		List<Object> times = new ArrayList<>();
		CountDownLatch reads = new CountDownLatch(1);
		this.container.during("basic.sendBinary", () -> {
			try {
				reads.await();
			}
			catch (InterruptedException ex) {
				throw new IOException(ex);
			}
		});
		this.container.during("basic.setBatchingAllowed", () -> times.add(this.container.properties.get(TIMEOUT)));
		CompletableFuture<Void> writer = write(wire);
		await().until(wire::isWaiting);
		await().until(wire::isWaiting);

		reads.countDown();
		writer.get(10, TimeUnit.SECONDS);

		assertThat(times).containsExactly(DAY, DAY);
	}

	@Test
	void tomcatGivesAPingItsTimeAndWhoClosesNone() throws Exception {
		TomcatWire wire = new TomcatWire(this.container.session);
		List<Object> times = new ArrayList<>();
		this.container.during("basic.sendPing", () -> times.add(this.container.properties.get(TIMEOUT)));

		wire.ping(this.told::add);

		assertThat(times).containsExactly(DAY);
		assertThat(this.told).containsExactly((Object) null);
		assertThat(this.container.properties).containsEntry(TIMEOUT, SECOND);
	}

	@Test
	void noCloseFrameOfTomcatsGetsIntoTheMiddleOfWhatIsWritten() throws Exception {
		TomcatWire wire = new TomcatWire(this.container.session);
		CompletableFuture<Void> writer = writeAndWait(wire, new CountDownLatch(1));
		await().until(wire::isWaiting);
		List<Object> interrupted = new ArrayList<>();
		this.container.during("endpoint.close", () -> interrupted.add(writer.isDone()));

		wire.beforeClose();

		assertThat(writer).failsWithin(10, TimeUnit.SECONDS).withThrowableOfType(Exception.class);
		assertThat(interrupted).containsExactly(false);
		assertThat(this.container.calls).containsSubsequence("endpoint.close", "async.setBatchingAllowed false");
	}

	@Test
	void tomcatClosesAsUsualWhereNothingIsWrittenAndNothingIsAfterwards() throws Exception {
		TomcatWire wire = new TomcatWire(this.container.session);
		wire.writeTogether(this.messages, this.told::add);
		this.container.calls.clear();

		wire.beforeClose();

		assertThat(this.container.calls).isEmpty();
		assertThat(this.container.properties).containsEntry(TIMEOUT, SECOND);
		assertThatIOException().isThrownBy(() -> wire.writeTogether(this.messages, this.told::add));
		assertThat(this.container.calls).isEmpty();
	}

	@Test
	void aTomcatThatHasNoticedTheBreakAlreadySaysSoToNobody() throws Exception {
		TomcatWire wire = new TomcatWire(this.container.session);
		CompletableFuture<Void> writer = writeAndWait(wire, new CountDownLatch(1));
		await().until(wire::isWaiting);
		this.container.during("async.setBatchingAllowed", () -> {
			throw new IllegalStateException("The WebSocket session has been closed");
		});

		assertThatCode(wire::free).doesNotThrowAnyException();

		assertThat(writer).failsWithin(10, TimeUnit.SECONDS).withThrowableOfType(Exception.class);
	}

	@Test
	void othersHaveTheirCloseFramesBehindWhatIsWritten() throws Exception {
		JettyWire wire = new JettyWire(this.container.session);
		CountDownLatch reads = new CountDownLatch(1);
		CompletableFuture<Void> writer = writeAndWait(wire, reads);
		await().until(wire::isWaiting);

		wire.beforeClose();

		assertThat(wire.isWaiting()).isTrue();
		reads.countDown();
		writer.get(10, TimeUnit.SECONDS);
	}

	@Test
	void tomcatsSessionThatHasClosedIsLookedAtAndFreedAllTheSame() throws Exception {
		CountDownLatch peerReads = new CountDownLatch(1);
		TomcatWire wire = new TomcatWire(this.container.session);
		CompletableFuture<Void> writer = writeAndWait(wire, peerReads);
		await().until(wire::isWaiting);
		assertThat(this.container.properties).containsEntry(TIMEOUT, SECOND);

		this.container.closed = true;
		assertThatIllegalStateException().isThrownBy(this.container.session::getUserProperties);
		assertThat(wire.isWaiting()).isTrue();
		wire.free();

		assertThat(writer).failsWithin(10, TimeUnit.SECONDS).withThrowableOfType(Exception.class);
	}

	@Test
	void whoClosesTomcatsSocketDoesNotWaitAsLongAsWhoWrites() throws Exception {
		TomcatWire wire = new TomcatWire(this.container.session);
		this.container.properties.put(TIMEOUT, DAY);
		assertThat(wire.isWaiting()).isFalse();
		assertThat(this.container.properties).containsEntry(TIMEOUT, DAY);

		wire.free();

		assertThat(this.container.properties).containsEntry(TIMEOUT, SECOND);
	}

	@Test
	void jettysAsynchronousRemoteBatchesAndFlushesAsItStops() throws Exception {
		new JettyWire(this.container.session).writeTogether(this.messages, this.told::add);
		assertThat(this.container.calls).containsExactly("async.setBatchingAllowed true", "async.sendText one",
				"async.sendBinary bytes two", "async.setBatchingAllowed false");
		assertThat(this.told).isEmpty();

		this.container.complete();
		this.container.complete();

		assertThat(this.told).containsExactly((Object) null);
		assertThat(this.bytes.remaining()).isEqualTo(3);
	}

	@Test
	void jettyThatFailsStopsBatching() {
		this.container.during("async.sendText", () -> {
			throw new IOException("gone");
		});

		assertThatCode(() -> new JettyWire(this.container.session).writeTogether(this.messages, this.told::add))
			.isInstanceOf(Exception.class);

		assertThat(this.container.calls).last().isEqualTo("async.setBatchingAllowed false");
		assertThat(this.told).isEmpty();
	}

	@Test
	void undertowBatchesAndFlushesOnceItHasStopped() throws Exception {
		UndertowWire wire = new UndertowWire(this.container.session);

		wire.writeTogether(this.messages, this.told::add);
		assertThat(this.container.calls).containsExactly("async.setBatchingAllowed true", "async.sendText one",
				"async.sendBinary bytes two", "async.setBatchingAllowed false", "async.flushBatch");
		assertThat(this.told).isEmpty();
		this.container.complete();
		this.container.complete();

		assertThat(this.told).containsExactly((Object) null);
		assertThat(wire.room(false)).isEqualTo(Wire.MOST_TOGETHER);
		assertThat(wire.room(true)).isEqualTo(Wire.MOST_TOGETHER);
	}

	@Test
	void undertowThatFailsStopsBatchingAndFlushes() {
		this.container.during("async.sendText", () -> {
			throw new IOException("gone");
		});

		assertThatCode(() -> new UndertowWire(this.container.session).writeTogether(this.messages, this.told::add))
			.isInstanceOf(Exception.class);

		assertThat(this.container.calls).endsWith("async.setBatchingAllowed false", "async.flushBatch");
		assertThat(this.told).isEmpty();
	}

	@Test
	void aPeerThatLetAThreadWaitIsOfferedOneMessageAloneAndThenMoreAndMore() throws Exception {
		CountDownLatch peerReads = new CountDownLatch(1);
		JettyWire wire = new JettyWire(this.container.session);
		assertThat(wire.room(false)).isZero();
		assertThat(wire.room(true)).isEqualTo(Wire.MOST_TOGETHER);
		CompletableFuture<Void> writer = writeAndWait(wire, peerReads);
		await().until(wire::isWaiting);
		peerReads.countDown();
		writer.get(10, TimeUnit.SECONDS);
		assertThat(wire.room(true)).isZero();

		wire.write(new TextMessage("alone"), this.told::add);
		assertThat(wire.room(true)).isZero();
		this.container.handlers.get(this.container.handlers.size() - 1)
			.onResult(new SendResult(this.container.session));
		assertThat(this.told).containsExactly((Object) null);
		assertThat(wire.room(true)).isEqualTo(2 * 1024);
		for (int room = 4 * 1024; room <= Wire.MOST_TOGETHER; room *= 2) {
			wire.writeTogether(this.messages, this.told::add);
			assertThat(wire.room(true)).isEqualTo(room);
		}
		wire.writeTogether(this.messages, this.told::add);

		assertThat(wire.room(true)).isEqualTo(Wire.MOST_TOGETHER);
		assertThat(wire.room(false)).isZero();
	}

	@Test
	void aPeerWhoseMessagesWentOutInTimeIsOfferedAsMuchAsBefore() {
		JettyWire wire = new JettyWire(this.container.session);

		wire.write(new TextMessage("alone"), this.told::add);
		this.container.complete();

		assertThat(wire.room(true)).isEqualTo(Wire.MOST_TOGETHER);
		assertThat(this.told).containsExactly((Object) null);
	}

	@Test
	void aThreadThatIsLateBecauseTheMachineIsBusyLetsAPeerBeOfferedAsMuch() throws Exception {
		JettyWire wire = new JettyWire(this.container.session);
		CountDownLatch writes = new CountDownLatch(1);
		CountDownLatch looked = new CountDownLatch(1);
		this.container.during("async.setBatchingAllowed", () -> {
			writes.countDown();
			while (looked.getCount() > 0) {
				Thread.onSpinWait();
			}
		});
		CompletableFuture<Void> writer = write(wire);
		assertThat(writes.await(10, TimeUnit.SECONDS)).isTrue();

		boolean seen = wire.isWaiting();
		looked.countDown();
		writer.get(10, TimeUnit.SECONDS);

		assertThat(seen).isFalse();
		assertThat(wire.room(true)).isEqualTo(Wire.MOST_TOGETHER);
	}

	private CompletableFuture<Void> writeAndWait(WaitingWire wire, CountDownLatch peerReads) {
		String call = (wire instanceof TomcatWire) ? "basic.setBatchingAllowed" : "async.setBatchingAllowed";
		this.container.during(call, () -> {
			try {
				peerReads.await();
			}
			catch (InterruptedException ex) {
				throw new IOException(ex);
			}
		});
		return write(wire);
	}

	private CompletableFuture<Void> write(WaitingWire wire) {
		return CompletableFuture.runAsync(() -> {
			try {
				wire.writeTogether(this.messages, this.told::add);
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}, (task) -> new Thread(task).start());
	}

	private static StandardWebSocketSession socket(Session session) {
		StandardWebSocketSession socket = new StandardWebSocketSession(null, null, null, null);
		socket.initializeNativeSession(session);
		return socket;
	}

}
