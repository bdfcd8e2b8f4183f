package org.sessionlink.broker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sessionlink.RecordedLog;
import org.sessionlink.link.Crew;
import org.sessionlink.link.LinkClock;
import org.sessionlink.link.LinkThreads;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.simp.stomp.StompTcpConnectionHandler;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.tcp.TcpConnection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What waits for a broker that does not read, of all clients together. */
class RelayMemoryTest {

	private static final String LOG = "log of faults";

	private static final int ALL = 3_000_000;

	private static final int FRAME = 60_000;

	private final LinkThreads threads = new LinkThreads();

	private final Allowance allowance = new Allowance(0, ALL);

	private final List<String> told = new CopyOnWriteArrayList<>();

	private final Later clock = new Later();

	private final AtomicBoolean isHeld = new AtomicBoolean();

	private volatile CountDownLatch held = new CountDownLatch(0);

	private Stalling broker;

	private RelayTcp tcp;

	private RelayLines lines;

	@BeforeEach
	void start() throws IOException {
		this.broker = new Stalling();
		this.tcp = new RelayTcp(List.of(new RelayHost("127.0.0.1", this.broker.server.getLocalPort())), null, 65_536,
				this.allowance, Runnable::run, this.clock);
		this.lines = new RelayLines(this.tcp,
				new RelaySetup(this.clock,
						(socketId, queue, notice) -> this.told.add(socketId + " " + notice.values().iterator().next()),
						(message, timeout) -> true, "/user/queue/session", Duration.ZERO, 0, this.allowance, "guest",
						"guest", null));
		this.lines.up();
	}

	@AfterEach
	void stop() throws IOException {
		this.lines.shutdownAsync();
		this.broker.close();
		this.threads.close();
	}

	@Test
	@ResourceLock(LOG)
	void whoSendsMoreThanMayWaitOfAllClientsIsToldAndOthersGoOn() {
		try (RecordedLog log = RecordedLog.of(RelayFaults.class)) {
			ClientLine idle = connected("idle");
			List<ClientLine> busy = new ArrayList<>();
			for (int i = 0; i < 10; i++) {
				busy.add(connected("busy" + i));
			}

			for (int i = 0; i < 1_000 && this.told.isEmpty(); i++) {
				busy.forEach((line) -> line.sendAsync(frame(StompCommand.SEND, FRAME)));
				assertThat(this.allowance.bytes()).isLessThanOrEqualTo(ALL);
			}
			idle.sendAsync(frame(StompCommand.SEND, 10));

			assertThat(this.told).anyMatch((notice) -> notice.matches("busy. broker-slow"))
				.noneMatch((notice) -> notice.startsWith("idle"));
			assertThat(idle.takesMore()).isTrue();
			assertThat(log.lines()).filteredOn((line) -> line.contains("sessionlink.relay.memory")).hasSize(1);
			String refused = this.told.stream()
				.filter((notice) -> notice.endsWith("broker-slow"))
				.findFirst()
				.orElseThrow()
				.substring(0, 5);
			await().until(() -> this.told.contains(refused + " BROKER_DOWN"));
			await().until(() -> this.told.contains(refused + " BROKER_UP"));
		}
	}

	@Test
	void aClientMayHaveAsMuchWaitingAsItsOwnBoundSaysWhereNothingElseDoes() {
		ClientLine line = connected("one");

		for (int i = 0; i < 1_000 && this.told.isEmpty(); i++) {
			assertThat(this.allowance.bytes()).isLessThanOrEqualTo(Unwritten.MOST);
			line.sendAsync(frame(StompCommand.SEND, FRAME));
		}

		assertThat(this.told).contains("one broker-slow");
		assertThat(this.allowance.bytes()).isZero();
	}

	@Test
	void whatIsHeldUntilAConnectionIsMadeCountsWithItsHeaders() {
		this.broker.answers = false;
		ClientLine line = line("held");
		line.sendAsync(frame(StompCommand.CONNECT, 0));
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.SEND);
		headers.setDestination("/topic/" + "a".repeat(50_000));
		Message<byte[]> frame = MessageBuilder.createMessage(new byte[10], headers.getMessageHeaders());

		for (int i = 0; i < 10; i++) {
			line.sendAsync(frame);
		}

		assertThat(this.allowance.bytes()).isBetween(150_000L, 256L * 1024);
		assertThat(this.told).contains("held broker-away");
	}

	@Test
	void aThreadThatIsHeldUpTakesNoBrokerForOneThatDoesNotRead() throws InterruptedException {
		int threads = Math.max(2, Runtime.getRuntime().availableProcessors() / 2);
		for (int i = 0; i < 2 * threads; i++) {
			ClientLine line = connected("sent" + i);
			line.sendAsync(frame(StompCommand.SUBSCRIBE, 0));
			while (this.allowance.count() <= i) {
				line.sendAsync(frame(StompCommand.SEND, FRAME));
			}
		}
		this.held = new CountDownLatch(1);
		Stalling.say(this.broker.sockets.get(0), "MESSAGE\nsubscription:s\ndestination:/topic/a\nmessage-id:1\n\n\0");
		await().until(this.isHeld::get);

		this.broker.readAll();
		await().until(() -> this.allowance.count() == 2);
		this.clock.later = Duration.ofSeconds(11).toNanos();
		int before = this.clock.scheduled.get();
		await().until(() -> this.clock.scheduled.get() > before + 4);
		this.held.countDown();

		await().until(() -> this.allowance.count() == 0);
		int after = this.clock.scheduled.get();
		await().until(() -> this.clock.scheduled.get() > after + 4);
		assertThat(this.told).isEmpty();
	}

	@Test
	void aConnectionOfAClientOverWhichABrokerIsSilentIsMadeAgain() {
		this.broker.connected = "CONNECTED\nversion:1.2\nheart-beat:20000,0\n\n\0";
		connected("one");

		this.clock.later = Duration.ofSeconds(40).toNanos();
		int before = this.clock.scheduled.get();
		await().until(() -> this.clock.scheduled.get() > before + 4);
		assertThat(this.told).isEmpty();
		this.clock.later = Duration.ofSeconds(61).toNanos();

		await().until(() -> this.told.equals(List.of("one BROKER_DOWN", "one BROKER_UP")));
	}

	@ParameterizedTest
	@EnumSource
	@Execution(ExecutionMode.CONCURRENT)
	@ResourceLock(value = LOG, mode = ResourceAccessMode.READ)
	void nothingIsTakenOnceLinesHaveEndedInWhateverWay(End end) throws IOException {
		List<ClientLine> all = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			ClientLine line = connected("sent" + i);
			for (int j = 0; this.allowance.bytes() < (i + 1) * 200_000L; j++) {
				assertThat(j).isLessThan(1_000);
				line.sendAsync(frame(StompCommand.SEND, FRAME));
			}
			all.add(line);
		}
		this.broker.answers = false;
		for (int i = 0; i < 8; i++) {
			ClientLine line = line("held" + i);
			line.sendAsync(frame(StompCommand.CONNECT, 0));
			line.sendAsync(frame(StompCommand.SEND, FRAME));
			all.add(line);
		}
		await().until(() -> this.broker.sockets.size() == 16);
		assertThat(this.allowance.count()).isEqualTo(16);

		end(end, all);

		await().until(() -> this.allowance.count() == 0 && this.allowance.bytes() == 0);
	}

	private enum End {

		RESET, CLOSED, READ, STANDS_STILL, NEWS_OF_THE_END, CLIENTS_GO, CLIENTS_SAY_GOODBYE, STOP, TOO_MUCH

	}

	private void end(End end, List<ClientLine> all) throws IOException {
		switch (end) {
			case RESET -> this.broker.endAll(0);
			case CLOSED -> this.broker.endAll(-1);
			case READ -> {
				this.broker.readAll();
				this.broker.answerAll();
			}
			case STANDS_STILL -> {
				this.clock.later = Duration.ofSeconds(11).toNanos();
				this.broker.answerAll();
			}
			case NEWS_OF_THE_END -> this.lines.down();
			case CLIENTS_GO -> all.forEach(ClientLine::close);
			case CLIENTS_SAY_GOODBYE -> {
				all.forEach((line) -> line.sendAsync(frame(StompCommand.DISCONNECT, 0)));
				all.forEach(ClientLine::close);
			}
			case STOP -> {
				this.lines.shutdownAsync();
				this.lines.down();
			}
			case TOO_MUCH -> {
				all.forEach((line) -> {
					for (int i = 0; i < 200; i++) {
						line.sendAsync(frame(StompCommand.SEND, FRAME));
					}
				});
				this.lines.down();
			}
		}
	}

	private ClientLine connected(String socketId) {
		ClientLine line = line(socketId);
		line.sendAsync(frame(StompCommand.CONNECT, 0));
		await().until(line::takesMore);
		return line;
	}

	private ClientLine line(String socketId) {
		this.lines.connectAsync(new Client(socketId));
		return this.lines.get(socketId);
	}

	private static Message<byte[]> frame(StompCommand command, int size) {
		StompHeaderAccessor headers = StompHeaderAccessor.create(command);
		headers.setDestination("/topic/a");
		headers.setNativeHeader("id", "s");
		return MessageBuilder.createMessage("x".repeat(size).getBytes(StandardCharsets.UTF_8),
				headers.getMessageHeaders());
	}

	private final class Client implements StompTcpConnectionHandler<byte[]> {

		private final StompHeaderAccessor connect = StompHeaderAccessor.create(StompCommand.CONNECT);

		private final String socketId;

		Client(String socketId) {
			this.socketId = socketId;
			this.connect.setAcceptVersion("1.2");
			this.connect.setHeartbeat(0, 0);
			this.connect.setSessionId(socketId);
			this.connect.setSessionAttributes(new HashMap<>());
		}

		@Override
		public String getSessionId() {
			return this.socketId;
		}

		@Override
		public StompHeaderAccessor getConnectHeaders() {
			return this.connect;
		}

		@Override
		public void afterConnected(TcpConnection<byte[]> connection) {
		}

		@Override
		public void afterConnectFailure(Throwable ex) {
		}

		@Override
		public void handleMessage(Message<byte[]> message) {
			if (StompHeaderAccessor.wrap(message).getCommand() == StompCommand.MESSAGE) {
				RelayMemoryTest.this.isHeld.set(true);
				try {
					RelayMemoryTest.this.held.await();
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
			}
		}

		@Override
		public void handleFailure(Throwable ex) {
		}

		@Override
		public void afterConnectionClosed() {
		}

	}

	/** The real time, or later. */
	private final class Later implements LinkClock {

		private final AtomicInteger scheduled = new AtomicInteger();

		private volatile long later;

		@Override
		public long nanoTime() {
			return RelayMemoryTest.this.threads.nanoTime() + this.later;
		}

		@Override
		public Instant now() {
			return RelayMemoryTest.this.threads.now();
		}

		@Override
		public Future<?> schedule(Runnable task, Duration delay) {
			this.scheduled.incrementAndGet();
			return RelayMemoryTest.this.threads.schedule(task, delay);
		}

		@Override
		public void execute(Crew crew, Runnable task) {
			RelayMemoryTest.this.threads.execute(crew, task);
		}

	}

	/** A broker that says CONNECTED, and reads nothing more. */
	private static final class Stalling implements AutoCloseable {

		private final List<Socket> sockets = new CopyOnWriteArrayList<>();

		private final ServerSocket server = new ServerSocket();

		private volatile boolean answers = true;

		private volatile String connected = "CONNECTED\nversion:1.2\n\n\0";

		Stalling() throws IOException {
			this.server.setReceiveBufferSize(4096);
			this.server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
			start(this::accept);
		}

		private static void start(Runnable task) {
			Thread thread = new Thread(task, "stalling-broker");
			thread.setDaemon(true);
			thread.start();
		}

		private void accept() {
			try {
				while (true) {
					Socket socket = this.server.accept();
					InputStream in = socket.getInputStream();
					for (int read = in.read(); read > 0; read = in.read()) {
						// CONNECT
					}
					this.sockets.add(socket);
					if (this.answers) {
						say(socket, this.connected);
					}
				}
			}
			catch (IOException ex) {
				// The test is over.
			}
		}

		private static void say(Socket socket, String text) {
			try {
				socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
			}
			catch (IOException ex) {
				// The server has ended it.
			}
		}

		void answerAll() {
			this.sockets.forEach((socket) -> say(socket, this.connected));
		}

		void readAll() {
			this.sockets.forEach((socket) -> start(() -> {
				try {
					socket.getInputStream().transferTo(OutputStream.nullOutputStream());
				}
				catch (IOException ex) {
					// The server has ended it.
				}
			}));
		}

		void endAll(int linger) throws IOException {
			for (Socket socket : this.sockets) {
				if (!socket.isClosed()) {
					socket.setSoLinger(linger >= 0, Math.max(0, linger));
					socket.close();
				}
			}
		}

		@Override
		public void close() throws IOException {
			this.server.close();
			endAll(0);
		}

	}

}
