package org.sessionlink.broker;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * The encrypted side of one connection, which also holds the broker's certificate against
 * its host's name. Used under the lock of its connection.
 */
final class Tls {

	private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

	private final SSLEngine engine;

	private final Consumer<ByteBuffer> out;

	private ByteBuffer in;

	private boolean closed;

	/**
	 * Makes it.
	 * @param out takes what is to be written
	 */
	Tls(SSLContext context, RelayHost host, Consumer<ByteBuffer> out) {
		this.engine = context.createSSLEngine(host.name(), host.port());
		this.engine.setUseClientMode(true);
		SSLParameters parameters = this.engine.getSSLParameters();
		parameters.setEndpointIdentificationAlgorithm("HTTPS");
		this.engine.setSSLParameters(parameters);
		this.in = ByteBuffer.allocate(this.engine.getSession().getPacketBufferSize());
		this.out = out;
	}

	void begin() throws SSLException {
		this.engine.beginHandshake();
		shakeHands();
	}

	/** Returns whether what is to be sent can be encrypted. */
	boolean isOpen() {
		HandshakeStatus status = this.engine.getHandshakeStatus();
		return status == HandshakeStatus.NOT_HANDSHAKING || status == HandshakeStatus.FINISHED;
	}

	/** Returns whether the broker has said that nothing more comes. */
	boolean isClosed() {
		return this.closed;
	}

	/** Encrypts what is to be sent. */
	void wrap(ByteBuffer plain) throws SSLException {
		do {
			ByteBuffer packet = ByteBuffer.allocate(this.engine.getSession().getPacketBufferSize());
			SSLEngineResult result = this.engine.wrap(plain, packet);
			packet.flip();
			if (packet.hasRemaining()) {
				// As it may wait for long, and mostly is much smaller.
				this.out.accept(ByteBuffer.allocate(packet.remaining()).put(packet).flip());
			}
			if (result.getStatus() != Status.OK) {
				return;
			}
		}
		while (plain.hasRemaining());
	}

	/** Takes what has come, and returns what it says. */
	byte[] unwrap(ByteBuffer came) throws SSLException {
		makeRoom(came.remaining());
		this.in.put(came).flip();
		ByteArrayOutputStream plain = new ByteArrayOutputStream();
		ByteBuffer part = ByteBuffer.allocate(this.engine.getSession().getApplicationBufferSize());
		boolean more = true;
		while (more) {
			SSLEngineResult result = this.engine.unwrap(this.in, part);
			shakeHands();
			plain.write(part.array(), 0, part.position());
			part.clear();
			if (result.getStatus() == Status.BUFFER_OVERFLOW) {
				part = ByteBuffer.allocate(2 * this.engine.getSession().getApplicationBufferSize());
			}
			this.closed |= result.getStatus() == Status.CLOSED;
			more = result.getStatus() == Status.BUFFER_OVERFLOW
					|| (result.getStatus() == Status.OK && this.in.hasRemaining());
		}
		this.in.compact();
		return plain.toByteArray();
	}

	private void makeRoom(int bytes) {
		if (this.in.remaining() < bytes) {
			ByteBuffer larger = ByteBuffer.allocate(this.in.position() + bytes);
			this.in.flip();
			this.in = larger.put(this.in);
		}
	}

	private void shakeHands() throws SSLException {
		HandshakeStatus status = this.engine.getHandshakeStatus();
		while (status == HandshakeStatus.NEED_TASK || status == HandshakeStatus.NEED_WRAP) {
			Runnable task = (status == HandshakeStatus.NEED_TASK) ? this.engine.getDelegatedTask() : null;
			if (task != null) {
				task.run();
			}
			else if (status == HandshakeStatus.NEED_WRAP) {
				wrap(NOTHING.duplicate());
			}
			status = this.engine.getHandshakeStatus();
		}
	}

	/** Says that nothing more is sent. */
	void close() throws SSLException {
		this.engine.closeOutbound();
		shakeHands();
	}

}
