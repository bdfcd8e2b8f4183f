package org.sessionlink.wire;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import jakarta.servlet.http.HttpServlet;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sessionlink.Deadlines;

import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B18: what a peer reads of a Tomcat is whole, whenever its socket is closed. */
class TomcatFramesTest {

	private static final BlockingQueue<Session> opened = new LinkedBlockingQueue<>();

	private static final CloseReason CLOSE = new CloseReason(CloseCodes.TRY_AGAIN_LATER, "slow-consumer");

	private final List<WebSocketMessage<?>> messages = Stream
		.<WebSocketMessage<?>>generate(() -> new TextMessage("MESSAGE\n\n" + "x".repeat(3000) + '\0'))
		.limit(100)
		.toList();

	private final Tomcat tomcat = new Tomcat();

	private final Socket peer = new Socket();

	@BeforeEach
	void start(@TempDir Path directory) throws Exception {
		this.tomcat.setBaseDir(directory.toString());
		this.tomcat.setPort(0);
		this.tomcat.getConnector().setProperty("address", "127.0.0.1");
		// Little room, so that what is written soon waits for the peer.
		this.tomcat.getConnector().setProperty("socket.txBufSize", "4096");
		Context context = this.tomcat.addContext("", directory.toString());
		context.addServletContainerInitializer(new WsSci(), Set.of());
		context.addServletContainerInitializer((classes, servletContext) -> {
			try {
				((ServerContainer) servletContext.getAttribute(ServerContainer.class.getName()))
					.addEndpoint(ServerEndpointConfig.Builder.create(Noting.class, "/ws").build());
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}, Set.of());
		Tomcat.addServlet(context, "none", new Nothing()).addMapping("/");
		this.tomcat.start();
	}

	@AfterEach
	void stop() throws Exception {
		this.peer.close();
		this.tomcat.stop();
		this.tomcat.destroy();
	}

	@Test
	void aPeerThatReadsOnAsItIsClosedReadsNoHalfFrames() throws Exception {
		Session session = connect();
		TomcatWire wire = new TomcatWire(session);
		CompletableFuture<Void> writer = write(wire);
		await().until(wire::isWaiting);

		RemoteEndpoint remote = session.getBasicRemote();
		CompletableFuture<Void> closer = CompletableFuture.runAsync(() -> close(wire, session));
		await().pollInterval(1, TimeUnit.MILLISECONDS).until(() -> !remote.getBatchingAllowed());
		String end = readToEnd();

		assertThat(end).isIn("1013 slow-consumer", "cut off");
		closer.get(10, TimeUnit.SECONDS);
		assertThat(writer).failsWithin(10, TimeUnit.SECONDS).withThrowableOfType(Exception.class);
	}

	@Test
	void aPeerThatTakesLongerThanACloseMayWithEachOfSeveralWritesIsNotClosedForIt() throws Exception {
		Session session = connect();
		TomcatWire wire = new TomcatWire(session);
		CompletableFuture<Void> writer = write(wire);
		DataInputStream in = new DataInputStream(this.peer.getInputStream());

		for (int i = 0; i < 3; i++) {
			long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1100);
			await().pollInterval(1, TimeUnit.MILLISECONDS).until(() -> wire.isWaiting() && System.nanoTime() > until);
			assertThat(session.isOpen()).isTrue();
			in.skipNBytes(3004 * 10);
		}
		wire.beforeClose();

		assertThat(writer).failsWithin(10, TimeUnit.SECONDS).withThrowableOfType(Exception.class);
	}

	@Test
	void aThreadThatIsFreedLeavesNothingButTheEndBehindWhatItHasWritten() throws Exception {
		Session session = connect();
		TomcatWire wire = new TomcatWire(session);
		CompletableFuture<Void> writer = write(wire);
		await().until(wire::isWaiting);

		wire.free();

		assertThat(writer).failsWithin(10, TimeUnit.SECONDS).withThrowableOfType(Exception.class);
		assertThat(readToEnd()).isEqualTo("cut off");
	}

	@Test
	void aPeerThatReadsAllIsClosedWithAllTheWords() throws Exception {
		Session session = connect();
		TomcatWire wire = new TomcatWire(session);
		CompletableFuture<String> end = CompletableFuture.supplyAsync(this::readToEnd);
		write(wire).get(10, TimeUnit.SECONDS);

		close(wire, session);

		assertThat(end.get(10, TimeUnit.SECONDS)).isEqualTo("1013 slow-consumer");
	}

	private Session connect() throws Exception {
		this.peer.setReceiveBufferSize(4096);
		this.peer.setSoTimeout((int) Deadlines.ANY.toMillis());
		this.peer.connect(new InetSocketAddress("127.0.0.1", this.tomcat.getConnector().getLocalPort()));
		String handshake = String.join("\r\n", "GET /ws HTTP/1.1", "Host: localhost", "Connection: Upgrade",
				"Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "",
				"");
		this.peer.getOutputStream().write(handshake.getBytes(StandardCharsets.ISO_8859_1));
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			head.append((char) this.peer.getInputStream().read());
		}
		return opened.take();
	}

	private CompletableFuture<Void> write(TomcatWire wire) {
		return CompletableFuture.runAsync(() -> {
			try {
				wire.writeTogether(this.messages, (error) -> {
				});
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		});
	}

	// As an outbox, and who owns it, do.
	private static void close(TomcatWire wire, Session session) {
		wire.beforeClose();
		try {
			session.close(CLOSE);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		wire.free();
	}

	private String readToEnd() {
		try {
			return new WholeFrames(new DataInputStream(this.peer.getInputStream())).readToEnd();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Is there so that filters are asked. */
	private static final class Nothing extends HttpServlet {

		private static final long serialVersionUID = 1L;

	}

	/** Notes that a socket has opened. */
	public static final class Noting extends Endpoint {

		@Override
		public void onOpen(Session session, EndpointConfig config) {
			opened.add(session);
		}

	}

}
