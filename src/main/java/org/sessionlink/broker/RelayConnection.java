package org.sessionlink.broker;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.LinkClock;
import org.sessionlink.link.Telling;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.BufferingStompDecoder;
import org.springframework.messaging.simp.stomp.StompDecoder;
import org.springframework.messaging.simp.stomp.StompEncoder;
import org.springframework.messaging.tcp.TcpConnection;
import org.springframework.messaging.tcp.TcpConnectionHandler;

/**
 * One connection to the broker: what is sent is written by whoever sends it, and what
 * comes is told by the thread of its {@link RelayLoop}, as is its end, once.
 *
 * <p>
 * Safe for use by any thread. What is to be written is under the lock of
 * {@link RelayOutput}, and nobody is told anything there.
 */
final class RelayConnection implements TcpConnection<byte[]>, RelayLoop.Ready {

	private static final Logger logger = LoggerFactory.getLogger(RelayConnection.class);

	/** What a chunk may have beside the frame that it begins. */
	private static final int BESIDE = 64 * 1024;

	private static final StompEncoder encoder = new StompEncoder();

	private final AtomicBoolean over = new AtomicBoolean();

	private final AtomicBoolean looks = new AtomicBoolean();

	private final SocketChannel channel;

	private final RelayLoop loop;

	private final TcpConnectionHandler<byte[]> handler;

	private final Consumer<Runnable> together;

	private final BufferingStompDecoder decoder;

	private final RelayOutput output;

	private final RelayTimes times;

	/** Of the loop's thread alone. */
	private boolean established;

	/**
	 * Makes it, not connected yet.
	 * @param frameSize the most bytes of a frame; 0 for any number
	 * @param waiting what may wait to be written, over this and others
	 * @param together runs what tells of several frames
	 */
	RelayConnection(SocketChannel channel, RelayLoop loop, TcpConnectionHandler<byte[]> handler, int frameSize,
			Allowance waiting, Consumer<Runnable> together, LinkClock clock) {
		this.channel = channel;
		this.loop = loop;
		this.handler = handler;
		this.together = together;
		this.decoder = new BufferingStompDecoder(new StompDecoder(),
				(frameSize > 0) ? Math.max(frameSize, frameSize + BESIDE) : Integer.MAX_VALUE);
		this.times = new RelayTimes(clock);
		this.output = new RelayOutput(channel, waiting, this.times, this::closeNow);
	}

	/** Connects, on the loop's thread. */
	void connect(SocketAddress address, RelayHost host, @Nullable SSLContext tls) {
		try {
			this.channel.configureBlocking(false);
			boolean connected = this.channel.connect(address);
			SelectionKey key = this.channel.register(this.loop.selector(),
					connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
			this.output.registered(key, (tls != null) ? new Tls(tls, host, this.output::enqueue) : null);
			if (connected) {
				connected();
			}
		}
		catch (Throwable ex) {
			fail(ex);
		}
	}

	@Override
	public void ready(SelectionKey key, ByteBuffer buffer) throws IOException {
		if (key.isConnectable() && this.channel.finishConnect()) {
			key.interestOps(SelectionKey.OP_READ);
			connected();
		}
		else if (key.isReadable()) {
			read(buffer);
		}
		if (key.isValid() && key.isWritable()) {
			this.output.flush();
		}
	}

	@Override
	public void failed(Throwable why) {
		fail(why);
	}

	private void connected() throws IOException {
		this.output.begin();
		if (this.output.isOpen()) {
			established();
		}
	}

	private void established() {
		this.established = true;
		this.times.established();
		Telling.tell("A line to the broker", () -> this.handler.afterConnected(this));
	}

	private void read(ByteBuffer buffer) throws IOException {
		buffer.clear();
		if (this.channel.read(buffer) < 0) {
			fail(null);
			return;
		}
		byte[] plain = this.output.plain(buffer.flip());
		if (!this.established && this.output.isOpen()) {
			established();
		}
		if (plain.length > 0) {
			this.times.read();
			List<Message<byte[]>> frames = this.decoder.decode(ByteBuffer.wrap(plain));
			this.times.unfinished(this.decoder.getBufferSize() > 0, !frames.isEmpty());
			tell(frames);
		}
		if (this.output.isEnded()) {
			fail(null);
		}
	}

	private void tell(List<Message<byte[]>> frames) {
		if (frames.size() > 1) {
			this.together.accept(() -> frames.forEach(this.handler::handleMessage));
		}
		else {
			frames.forEach(this.handler::handleMessage);
		}
	}

	@Override
	public CompletableFuture<@Nullable Void> sendAsync(Message<byte[]> message) {
		try {
			return this.output.send(encoder.encode(message));
		}
		catch (Throwable ex) {
			// What waits before it would not wait for long either.
			this.output.abandon();
			this.loop.execute(() -> fail(ex));
			return CompletableFuture.failedFuture((ex instanceof NotSent) ? ex : new NotSent(ex));
		}
	}

	@Override
	public void onReadInactivity(Runnable task, long millis) {
		this.times.onSilence(task, millis);
	}

	@Override
	public void onWriteInactivity(Runnable task, long millis) {
		this.times.onNothingWritten(task, millis);
	}

	/**
	 * Has looked whether something takes too long; called from time to time by a timer.
	 */
	void look() {
		// Not again while the thread has no time for it.
		if (this.looks.compareAndSet(false, true)) {
			this.loop.executeAfterLook(this::lookNow);
		}
	}

	private void lookNow() {
		this.looks.set(false);
		String tooLong = this.times.tooLong();
		if (tooLong != null) {
			fail(new IOException(tooLong));
		}
		else {
			this.times.due().forEach(this.loop::execute);
		}
	}

	/** Closes once what was sent before is written, and tells nobody. */
	@Override
	public void close() {
		this.over.set(true);
		this.times.closing();
		this.output.close();
	}

	/** Closes at once, and tells nobody. */
	void abort() {
		this.over.set(true);
		closeNow();
	}

	boolean isClosed() {
		return !this.channel.isOpen();
	}

	// With null where the broker has closed it.
	private void fail(@Nullable Throwable why) {
		closeNow();
		if (!this.over.compareAndSet(false, true)) {
			return;
		}
		if (!this.established) {
			Throwable cause = (why != null) ? why : new IOException("It is closed at once");
			Telling.tell("A line to the broker", () -> this.handler.afterConnectFailure(cause));
		}
		else if (why != null) {
			Telling.tell("A line to the broker", () -> this.handler.handleFailure(why));
		}
		else {
			Telling.tell("A line to the broker", this.handler::afterConnectionClosed);
		}
	}

	private void closeNow() {
		try {
			this.channel.close();
		}
		catch (IOException ex) {
			logger.debug("Closed before", ex);
		}
		this.output.abandon();
	}

}
