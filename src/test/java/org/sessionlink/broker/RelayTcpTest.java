package org.sessionlink.broker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sessionlink.RecordedLog;
import org.sessionlink.link.LinkThreads;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.tcp.TcpConnection;
import org.springframework.messaging.tcp.TcpConnectionHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Connections to a broker: encrypted ones, and one that nobody reads. */
class RelayTcpTest {

	private static final char[] PASSWORD = "secret".toCharArray();

	private static KeyStore keys;

	private final LinkThreads clock = new LinkThreads();

	private Allowance allowance = new Allowance(0, 0);

	private Consumer<Runnable> together = Runnable::run;

	private RelayTcp tcp;

	@BeforeAll
	static void makeCertificate(@TempDir Path folder) throws Exception {
		Path file = folder.resolve("broker.p12");
		String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
		Process process = new ProcessBuilder(keytool, "-genkeypair", "-alias", "broker", "-keyalg", "EC", "-dname",
				"CN=localhost", "-ext", "san=dns:localhost", "-storetype", "PKCS12", "-keystore", file.toString(),
				"-storepass", "secret")
			.inheritIO()
			.start();
		assertThat(process.waitFor()).isZero();
		keys = KeyStore.getInstance("PKCS12");
		try (InputStream in = Files.newInputStream(file)) {
			keys.load(in, PASSWORD);
		}
	}

	@AfterEach
	void stop() {
		this.tcp.shutdownAsync();
		this.clock.close();
	}

	@Test
	void aTrustedBrokerIsSpokenToInWholeFrames() throws Exception {
		try (ServerSocket server = encrypted()) {
			Client client = connect("localhost", server, trusting());

			TcpConnection<byte[]> connection = client.connected.get();
			String body = "x".repeat(900_000);
			connection.sendAsync(frame(body));

			assertThat(new String(client.received.take().getPayload(), StandardCharsets.UTF_8)).isEqualTo(body);
		}
	}

	@Test
	void aBrokerWhoseCertificateIsNotTrustedIsNotSpokenTo() throws Exception {
		try (ServerSocket server = encrypted()) {
			Client client = connect("localhost", server, SSLContext.getDefault());

			assertThat(client.failed.get()).isInstanceOf(SSLException.class);
			assertThat(client.connected).isNotDone();
		}
	}

	@Test
	void aBrokerWhoseCertificateIsForAnotherNameIsNotSpokenTo() throws Exception {
		try (ServerSocket server = encrypted()) {
			Client client = connect("127.0.0.1", server, trusting());

			assertThat(client.failed.get()).isInstanceOf(SSLException.class);
			assertThat(client.connected).isNotDone();
		}
	}

	@Test
	void aBrokerThatDoesNotReadKeepsNoMoreWaitingThanCanBeKept() throws Exception {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			Client client = connect("127.0.0.1", server, null);
			TcpConnection<byte[]> connection = client.connected.get();
			Message<byte[]> frame = frame("x".repeat(1_000_000));

			await().until(() -> connection.sendAsync(frame).isCompletedExceptionally());

			assertThat(client.failed.get()).isInstanceOf(IOException.class);
			await().until(() -> this.tcp.size() == 0);
		}
	}

	@Test
	void whoeverSendsMoreThanABrokerReadsHearsWhenItHas() throws Exception {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			Client client = connect("127.0.0.1", server, null);
			TcpConnection<byte[]> connection = client.connected.get();
			Socket broker = server.accept();
			CompletableFuture<?> sent = connection.sendAsync(frame("x"));
			for (int i = 0; i < 7 && sent.isDone(); i++) {
				sent = connection.sendAsync(frame("x".repeat(1_000_000)));
			}
			assertThat(sent).isNotDone();

			broker.getInputStream().skipNBytes(3_000_000);
			new Thread(() -> drain(broker)).start();

			sent.get();
		}
	}

	@Test
	void anErrorWhileFramesAreReadEndsTheirConnectionAndNoOther() throws Exception {
		this.together = (frames) -> {
			throw new StackOverflowError("of a test");
		};
		try (ServerSocket server = new ServerSocket(0, 2, InetAddress.getLoopbackAddress());
				RecordedLog log = RecordedLog.of(RelayLoop.class)) {
			List<Client> clients = new ArrayList<>();
			List<Socket> brokers = new ArrayList<>();
			Client first = connect("127.0.0.1", server, null);
			for (int i = 0; i < 4; i++) {
				clients.add((i == 0) ? first : again());
				clients.get(i).connected.get();
				brokers.add(server.accept());
			}

			brokers.get(0).getOutputStream().write("MESSAGE\n\n1\0MESSAGE\n\n2\0".getBytes(StandardCharsets.UTF_8));

			assertThat(clients.get(0).failed.get()).isInstanceOf(StackOverflowError.class);
			assertThat(brokers.get(0).getInputStream().read()).isEqualTo(-1);
			for (int i = 1; i < 4; i++) {
				brokers.get(i).getOutputStream().write("MESSAGE\n\n1\0".getBytes(StandardCharsets.UTF_8));
				assertThat(clients.get(i).received.take().getPayload()).asString().isEqualTo("1");
				assertThat(clients.get(i).failed).isNotDone();
			}
			await().until(() -> log.lines().size() == 1);
		}
	}

	@Test
	void aHandlerThatFailsAtAFrameHasItsConnectionEnded() throws Exception {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			Client client = connect("127.0.0.1", server, null);
			client.connected.get();
			client.fault = new OutOfMemoryError("of a test");

			server.accept().getOutputStream().write("MESSAGE\n\n1\0".getBytes(StandardCharsets.UTF_8));

			assertThat(client.failed.get()).isSameAs(client.fault);
		}
	}

	private static void drain(Socket socket) {
		try {
			socket.getInputStream().transferTo(OutputStream.nullOutputStream());
		}
		catch (IOException ex) {
			// The test is over.
		}
	}

	private static Message<byte[]> frame(String body) {
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.SEND);
		headers.setDestination("/topic/a");
		return MessageBuilder.createMessage(body.getBytes(StandardCharsets.UTF_8), headers.getMessageHeaders());
	}

	private Client connect(String name, ServerSocket server, SSLContext tls) {
		this.tcp = new RelayTcp(List.of(new RelayHost(name, server.getLocalPort())), tls, 1024 * 1024, this.allowance,
				this.together, this.clock);
		return again();
	}

	private Client again() {
		Client client = new Client();
		this.tcp.connectAsync(client);
		return client;
	}

	// Says all that it is told.
	private static ServerSocket encrypted() throws IOException, GeneralSecurityException {
		KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		managers.init(keys, PASSWORD);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(managers.getKeyManagers(), null, null);
		ServerSocket server = context.getServerSocketFactory()
			.createServerSocket(0, 1, InetAddress.getLoopbackAddress());
		Thread echo = new Thread(() -> {
			try (Socket socket = server.accept()) {
				socket.getInputStream().transferTo(socket.getOutputStream());
			}
			catch (IOException ex) {
				// The client wants no more.
			}
		});
		echo.setDaemon(true);
		echo.start();
		return server;
	}

	private static SSLContext trusting() throws GeneralSecurityException, IOException {
		KeyStore trusted = KeyStore.getInstance("PKCS12");
		trusted.load(null, null);
		trusted.setCertificateEntry("broker", keys.getCertificate("broker"));
		TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		managers.init(trusted);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, managers.getTrustManagers(), null);
		return context;
	}

	private static final class Client implements TcpConnectionHandler<byte[]> {

		private final CompletableFuture<TcpConnection<byte[]>> connected = new CompletableFuture<>();

		private final CompletableFuture<Throwable> failed = new CompletableFuture<>();

		private volatile Error fault;

		private final BlockingQueue<Message<byte[]>> received = new LinkedBlockingQueue<>();

		@Override
		public void afterConnected(TcpConnection<byte[]> connection) {
			this.connected.complete(connection);
		}

		@Override
		public void afterConnectFailure(Throwable ex) {
			this.failed.complete(ex);
		}

		@Override
		public void handleMessage(Message<byte[]> message) {
			if (this.fault != null) {
				throw this.fault;
			}
			this.received.add(message);
		}

		@Override
		public void handleFailure(Throwable ex) {
			this.failed.complete(ex);
		}

		@Override
		public void afterConnectionClosed() {
			this.failed.complete(new IOException("Closed"));
		}

	}

}
