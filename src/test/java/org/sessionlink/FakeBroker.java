package org.sessionlink;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/** A broker that does as a test wants: one thread for each of its connections. */
final class FakeBroker implements AutoCloseable {

	/** Says CONNECTED, and gives receipts. */
	static final BiConsumer<Connection, String> WELL = (connection, frame) -> {
		if (frame.startsWith("CONNECT\n")) {
			connection.say("CONNECTED\nversion:1.2\nheart-beat:0,0\n\n\0");
		}
		String receipt = header(frame, "receipt");
		if (receipt != null) {
			connection.say("RECEIPT\nreceipt-id:" + receipt + "\n\n\0");
		}
	};

	private final List<Connection> connections = new CopyOnWriteArrayList<>();

	private final ServerSocket server;

	private volatile BiConsumer<Connection, String> script = WELL;

	FakeBroker() throws IOException {
		this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
		start(this::accept);
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "fake-broker");
		thread.setDaemon(true);
		thread.start();
	}

	String host() {
		return "127.0.0.1:" + this.server.getLocalPort();
	}

	/**
	 * Has frames answered so from now on: the first of each connection is its CONNECT.
	 */
	void answers(BiConsumer<Connection, String> script) {
		this.script = script;
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Connection connection = new Connection(this.server.accept());
				this.connections.add(connection);
				start(connection::read);
			}
			catch (IOException ex) {
				return;
			}
		}
	}

	List<Connection> connections() {
		return List.copyOf(this.connections);
	}

	List<Connection> open() {
		return this.connections.stream().filter((connection) -> !connection.ended).toList();
	}

	/** Returns all frames that begin so, of connections that are open. */
	List<String> frames(String start) {
		return open().stream()
			.flatMap((connection) -> connection.frames.stream())
			.filter((frame) -> frame.startsWith(start))
			.toList();
	}

	/** Says something over each connection over which a frame has come that begins so. */
	void say(String toWhoHasSent, String text) {
		open().stream()
			.filter((connection) -> connection.frames().stream().anyMatch((frame) -> frame.startsWith(toWhoHasSent)))
			.forEach((connection) -> connection.say(text));
	}

	/** Breaks all connections off. */
	void reset() {
		open().forEach(Connection::reset);
	}

	static String header(String frame, String name) {
		return frame.lines()
			.filter((line) -> line.startsWith(name + ':'))
			.map((line) -> line.substring(name.length() + 1))
			.findFirst()
			.orElse(null);
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		reset();
	}

	/** One of its connections. */
	final class Connection {

		private final List<String> frames = new CopyOnWriteArrayList<>();

		private final long since = System.nanoTime();

		private final Socket socket;

		private volatile boolean ended;

		Connection(Socket socket) {
			this.socket = socket;
		}

		long since() {
			return this.since;
		}

		List<String> frames() {
			return this.frames;
		}

		/** Returns whether it is that of a client, and not the server's own. */
		boolean isOfClient() {
			return !this.frames.isEmpty() && !this.frames.get(0).contains("accept-version:1.1,1.2");
		}

		private void read() {
			try (InputStream in = this.socket.getInputStream()) {
				ByteArrayOutputStream frame = new ByteArrayOutputStream();
				for (int b = in.read(); b >= 0; b = in.read()) {
					if (b != 0) {
						frame.write(b);
						continue;
					}
					String text = frame.toString(StandardCharsets.UTF_8).stripLeading();
					frame.reset();
					this.frames.add(text);
					FakeBroker.this.script.accept(this, text);
				}
			}
			catch (IOException ex) {
				// It has ended.
			}
			this.ended = true;
		}

		void say(String text) {
			try {
				this.socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
			}
			catch (IOException ex) {
				this.ended = true;
			}
		}

		/** Says it again and again until the other side has had enough. */
		void sayForEver(String text) {
			byte[] bytes = text.repeat(1_000).getBytes(StandardCharsets.UTF_8);
			try {
				while (true) {
					this.socket.getOutputStream().write(bytes);
				}
			}
			catch (IOException ex) {
				this.ended = true;
			}
		}

		boolean hasEnded() {
			return this.ended;
		}

		void reset() {
			try {
				this.ended = true;
				this.socket.setSoLinger(true, 0);
				this.socket.close();
			}
			catch (IOException ex) {
				// The server was first.
			}
		}

	}

}
