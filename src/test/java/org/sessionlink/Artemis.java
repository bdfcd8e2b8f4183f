package org.sessionlink;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;

/** A broker in this process: ActiveMQ Artemis, which keeps nothing. */
final class Artemis implements AutoCloseable {

	private final int port;

	private final String options;

	private EmbeddedActiveMQ broker;

	private Artemis(String options) {
		this.options = options;
		this.port = freePort();
		begin();
	}

	/** The one of most tests, as long as this process lives. */
	static Artemis shared() {
		return Shared.ARTEMIS;
	}

	/** One that a test can stop. */
	static Artemis own() {
		return new Artemis("");
	}

	private static int freePort() {
		try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return free.getLocalPort();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	void begin() {
		try {
			Configuration configuration = new ConfigurationImpl().setPersistenceEnabled(false)
				.setSecurityEnabled(false)
				.setJMXManagementEnabled(false)
				.addAcceptorConfiguration("stomp", "tcp://127.0.0.1:" + this.port + "?protocols=STOMP" + this.options);
			configuration.setGracefulShutdownEnabled(false);
			this.broker = new EmbeddedActiveMQ().setConfiguration(configuration);
			this.broker.start();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	void end() {
		try {
			this.broker.stop();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	String host() {
		return "127.0.0.1:" + this.port;
	}

	int port() {
		return this.port;
	}

	int connections() {
		return this.broker.getActiveMQServer().getConnectionCount();
	}

	String[] queues() {
		return this.broker.getActiveMQServer().getActiveMQServerControl().getQueueNames();
	}

	@Override
	public void close() {
		end();
	}

	private static final class Shared {

		private static final Artemis ARTEMIS = new Artemis("");

	}

}
