package org.sessionlink.journey;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import org.sessionlink.Deadlines;

import static org.assertj.core.api.Assertions.assertThat;

/** One WebSocket, with STOMP frames typed by hand. */
final class Socket implements WebSocket.Listener {

	private static final long DEADLINE_SECONDS = Deadlines.ANY.toSeconds();

	private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();

	private final CompletableFuture<Close> close = new CompletableFuture<>();

	private final AtomicInteger heartbeats = new AtomicInteger();

	private final StringBuilder partial = new StringBuilder();

	private final ByteArrayOutputStream partialBinary = new ByteArrayOutputStream();

	private WebSocket webSocket;

	/** The close frame of the server, and when it came, as {@link System#nanoTime()}. */
	record Close(int status, String reason, long nanoTime) {

		/** Returns how long after this moment it came. */
		Duration after(long startNanoTime) {
			return Duration.ofNanos(this.nanoTime - startNanoTime);
		}

	}

	Socket opened(WebSocket opened) {
		this.webSocket = opened;
		return this;
	}

	/** Returns the subprotocol that the server chose. */
	String subprotocol() {
		return this.webSocket.getSubprotocol();
	}

	/** Sends CONNECT, and waits for CONNECTED. */
	Socket connect() {
		send("CONNECT\naccept-version:1.2\nheart-beat:0,0\n\n\0");
		await("CONNECTED");
		return this;
	}

	/** Sends CONNECT with further headers, a line each, and returns the answer. */
	Frame connect(String headers) {
		return send("CONNECT\naccept-version:1.2\nheart-beat:0,0\n" + headers + "\n\0").next();
	}

	/**
	 * Subscribes; whatever this socket sends afterwards finds the subscription in force.
	 */
	Socket subscribe(String id, String destination) {
		send("SUBSCRIBE\nid:" + id + "\ndestination:" + destination + "\n\n\0");
		return this;
	}

	/** Sends to a destination, without a content-type header. */
	Socket send(String destination, String body) {
		return send("SEND\ndestination:" + destination + "\n\n" + body + "\0");
	}

	/** Sends text as it is. */
	Socket send(String frame) {
		this.webSocket.sendText(frame, true).join();
		return this;
	}

	/** Sends text as it is, as one message in these fragments. */
	Socket sendInParts(String... parts) {
		for (int i = 0; i < parts.length; i++) {
			this.webSocket.sendText(parts[i], i == parts.length - 1).join();
		}
		return this;
	}

	/** Sends bytes as they are, as a binary message. */
	Socket sendBinary(byte[] frame) {
		this.webSocket.sendBinary(ByteBuffer.wrap(frame), true).join();
		return this;
	}

	/** Sends text as it is, if the socket is still open. */
	void trySend(String frame) {
		try {
			send(frame);
		}
		catch (CompletionException ex) {
			// The server has closed it: nothing of the frame can reach it.
		}
	}

	/** Waits for the next frame with this command, passing over others. */
	Frame await(String command) {
		return await(command, (frame) -> frame.command().equals(command));
	}

	/** Waits for the next MESSAGE of this subscription, passing over other frames. */
	Frame awaitMessage(String subscription) {
		return await("MESSAGE for " + subscription, (frame) -> subscription.equals(frame.header("subscription")));
	}

	/** Returns the frames that have come and that nobody has waited for. */
	List<Frame> rest() {
		List<Frame> rest = new ArrayList<>();
		this.frames.drainTo(rest);
		return rest;
	}

	/** Returns how many STOMP heart-beats have come. */
	int heartbeats() {
		return this.heartbeats.get();
	}

	boolean isOpen() {
		return !this.close.isDone();
	}

	/** Fails if it has closed, and says how. */
	void assertOpen() {
		assertThat(this.close).isNotDone();
	}

	/** Returns whom the shop says that it is: session, attribute and user. */
	String whoami() {
		return subscribe("me", "/user/queue/me").send("/app/whoami", "").awaitMessage("me").body();
	}

	/**
	 * Waits for the next MESSAGE of this subscription whose body has this in it, passing
	 * over other frames.
	 */
	Frame awaitMessage(String subscription, String part) {
		return await("MESSAGE with " + part,
				(frame) -> subscription.equals(frame.header("subscription")) && frame.body().contains(part));
	}

	/** Waits for the next frame, whatever it is. */
	Frame next() {
		return await("frame", (frame) -> true);
	}

	/** Waits for the server's close frame. */
	Close awaitClose() {
		return this.close.orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS).join();
	}

	/**
	 * Waits until the socket is closed, and returns status and reason, or {@code reset}
	 * where a frame that crossed the close has broken the connection: TCP then drops what
	 * has not been read.
	 */
	String awaitEnd() {
		return this.close.orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS).handle((closed, error) -> {
			if (error == null) {
				return closed.status() + " " + closed.reason();
			}
			if (error instanceof IOException) {
				return "reset";
			}
			throw new CompletionException(error);
		}).join();
	}

	void close() {
		close(WebSocket.NORMAL_CLOSURE);
	}

	/** Closes it with this status. */
	void close(int status) {
		this.webSocket.sendClose(status, "").join();
	}

	/** Breaks the connection off, whatever state it is in. */
	void drop() {
		this.webSocket.abort();
	}

	private Frame await(String what, Predicate<Frame> wanted) {
		List<Frame> passedOver = new ArrayList<>();
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
		try {
			Frame frame = this.frames.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
			while (frame != null && !wanted.test(frame)) {
				passedOver.add(frame);
				frame = this.frames.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
			}
			if (frame == null) {
				throw new AssertionError("No " + what + " within " + DEADLINE_SECONDS + " s, but " + passedOver
						+ (this.close.isDone() ? " and " + this.close : ""));
			}
			return frame;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
		this.partial.append(data);
		if (this.partial.toString().equals("\n")) {
			this.heartbeats.incrementAndGet();
		}
		if (last) {
			this.frames.addAll(Frame.parseAll(this.partial.toString().getBytes(StandardCharsets.UTF_8), false));
			this.partial.setLength(0);
		}
		socket.request(1);
		return null;
	}

	@Override
	public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
		byte[] bytes = new byte[data.remaining()];
		data.get(bytes);
		this.partialBinary.writeBytes(bytes);
		if (last) {
			this.frames.addAll(Frame.parseAll(this.partialBinary.toByteArray(), true));
			this.partialBinary.reset();
		}
		socket.request(1);
		return null;
	}

	@Override
	public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
		this.close.complete(new Close(status, reason, System.nanoTime()));
		return null;
	}

	@Override
	public void onError(WebSocket socket, Throwable error) {
		this.close.completeExceptionally(error);
	}

}
