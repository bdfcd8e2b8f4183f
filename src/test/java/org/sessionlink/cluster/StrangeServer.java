package org.sessionlink.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that is no Redis: it answers whatever it hears with the same. */
final class StrangeServer implements AutoCloseable {

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private final ServerSocket server;

	private final byte[] answer;

	StrangeServer(String answer) {
		this.answer = answer.getBytes(StandardCharsets.ISO_8859_1);
		try {
			this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		start(this::accept);
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "strange-server");
		thread.setDaemon(true);
		thread.start();
	}

	private void accept() {
		try {
			while (true) {
				Socket socket = this.server.accept();
				this.sockets.add(socket);
				start(() -> answer(socket));
			}
		}
		catch (IOException ex) {
			// It is closed.
		}
	}

	private void answer(Socket socket) {
		byte[] heard = new byte[8192];
		try (socket) {
			while (socket.getInputStream().read(heard) >= 0) {
				socket.getOutputStream().write(this.answer);
				socket.getOutputStream().flush();
			}
		}
		catch (IOException ex) {
			// It has gone.
		}
	}

	String url() {
		return "redis://127.0.0.1:" + this.server.getLocalPort();
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		for (Socket socket : this.sockets) {
			socket.close();
		}
	}

}
