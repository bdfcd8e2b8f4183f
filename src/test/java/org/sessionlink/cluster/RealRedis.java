package org.sessionlink.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import redis.embedded.core.ExecutableProvider;

import static org.awaitility.Awaitility.await;

/** A Redis of its own, on a free port, for as long as it is open. */
public final class RealRedis implements AutoCloseable {

	/** Written before anything starts: what another process has open cannot be run. */
	private static final String PROGRAM = program();

	private final int port;

	private final RedisClient client;

	private final Process process;

	private StatefulRedisConnection<String, String> connection;

	public RealRedis() {
		try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			this.port = free.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.client = RedisClient.create(RedisURI.create("127.0.0.1", this.port));
		this.process = start();
		await().ignoreExceptionsInstanceOf(RedisException.class).until(() -> ask().ping().equals("PONG"));
	}

	private static String program() {
		try {
			return ExecutableProvider.newJarResourceProvider().get().getAbsolutePath();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Process start() {
		try {
			Path folder = Files.createTempDirectory("redis");
			return new ProcessBuilder(PROGRAM, "--port", Integer.toString(this.port), "--bind", "127.0.0.1", "--save",
					"", "--dir", folder.toString())
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public String url() {
		return "redis://127.0.0.1:" + this.port;
	}

	String url(String user, String password) {
		return "redis://" + user + ":" + password + "@127.0.0.1:" + this.port;
	}

	/** Asks it as its operator. */
	public synchronized RedisCommands<String, String> ask() {
		if (this.connection == null) {
			this.connection = this.client.connect();
		}
		return this.connection.sync();
	}

	/** Lets it stand still. */
	public void freeze() {
		signal("STOP");
	}

	/** Lets it go on. */
	public void thaw() {
		signal("CONT");
	}

	private void signal(String name) {
		try {
			new ProcessBuilder("kill", "-" + name, Long.toString(this.process.pid())).start().waitFor();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		thaw();
		this.client.shutdown(0, 2, TimeUnit.SECONDS);
		this.process.destroyForcibly();
	}

}
