package org.sessionlink.cluster;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.netty.util.concurrent.GlobalEventExecutor;
import org.jspecify.annotations.Nullable;

/**
 * The connections to Redis, one for what is done there and one for news. Nobody waits
 * longer than {@link #PATIENCE} for an answer, and nobody at all for a connection: who
 * watches the store makes one ({@link #connect}).
 *
 * <p>
 * Safe for use by any thread: the connections are exchanged by one volatile write under
 * the lock of who connects, together, or that for news alone.
 */
final class Redis implements AutoCloseable {

	static final Duration PATIENCE = Duration.ofSeconds(2);

	private final RedisClient client;

	private final RedisURI uri;

	private final byte[] prefix;

	private final List<String> channels = new CopyOnWriteArrayList<>();

	private final BiConsumer<String, byte[]> news;

	private volatile @Nullable Lines lines;

	private volatile LongConsumer timing = (nanos) -> {
	};

	private boolean closed;

	/**
	 * Makes it, without a connection.
	 * @param prefix what all keys and channels begin with
	 * @param channels that this hears, without the prefix
	 * @param news told what comes over which channel, without the prefix, on a thread of
	 * the connection, which it may not hold up
	 */
	Redis(String url, String prefix, List<String> channels, BiConsumer<String, byte[]> news) {
		this.uri = RedisURI.create(url);
		this.uri.setTimeout(PATIENCE);
		this.prefix = bytes(prefix);
		this.channels.addAll(channels);
		this.news = news;
		this.client = RedisClient.create();
		this.client.setOptions(ClientOptions.builder()
			.autoReconnect(false)
			.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
			.socketOptions(SocketOptions.builder().connectTimeout(PATIENCE).build())
			.build());
	}

	/** Has somebody hear how many nanoseconds each script takes, with its way. */
	void timed(LongConsumer now) {
		this.timing = now;
	}

	/** Hears more channels, from the next connection on. */
	void hear(List<String> more) {
		this.channels.addAll(more);
	}

	/**
	 * Makes new connections in place of those that there are.
	 * @throws RedisException if it cannot
	 */
	synchronized void connect() {
		disconnect();
		if (this.closed) {
			throw new RedisException("closed");
		}
		StatefulRedisConnection<byte[], byte[]> commands = this.client.connect(ByteArrayCodec.INSTANCE, this.uri);
		boolean listening = false;
		try {
			this.lines = new Lines(commands, listening(List.of()));
			listening = true;
		}
		finally {
			if (!listening) {
				commands.closeAsync();
			}
		}
	}

	/**
	 * Makes a new connection for news where that alone is gone, and what is done goes on;
	 * returns whether there is one, which is to the same server.
	 * @throws RedisException if it cannot
	 */
	synchronized boolean listenAgain() {
		Lines open = this.lines;
		if (open == null || !open.isDeaf()) {
			return false;
		}
		try {
			return listenBeside(open);
		}
		catch (RedisException ex) {
			// What broke may break again at once: it is away where that goes on.
			return open.isDeaf() && listenBeside(open);
		}
	}

	private boolean listenBeside(Lines open) {
		String own = "here:" + UUID.randomUUID();
		Lines both = new Lines(open.commands, listening(List.of(own)));
		boolean same = false;
		try {
			// A name may stand for another server by now: who hears is counted at this.
			same = both.await(open.commands.async().publish(key(own), new byte[0])) > 0;
			if (same) {
				this.lines = both;
			}
			return same;
		}
		finally {
			if (!same) {
				both.channels.closeAsync();
			}
		}
	}

	private StatefulRedisPubSubConnection<byte[], byte[]> listening(List<String> more) {
		StatefulRedisPubSubConnection<byte[], byte[]> hears = this.client.connectPubSub(ByteArrayCodec.INSTANCE,
				this.uri);
		boolean listening = false;
		try {
			subscribe(hears,
					Stream.concat(this.channels.stream(), more.stream()).map(this::key).toArray(byte[][]::new));
			listening = true;
			return hears;
		}
		finally {
			if (!listening) {
				hears.closeAsync();
			}
		}
	}

	// Only the word of the server counts: where the right is missing, nothing else fails.
	private void subscribe(StatefulRedisPubSubConnection<byte[], byte[]> hears, byte[][] keys) {
		Listener listener = new Listener(keys.length);
		hears.addListener(listener);
		RedisFuture<Void> asked = hears.async().subscribe(keys);
		try {
			if (!listener.subscribed.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new RedisException((asked.getError() != null) ? asked.getError() : "No answer to SUBSCRIBE");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new RedisException(ex);
		}
	}

	/** Returns whether both connections are there, as far as anybody knows. */
	boolean isConnected() {
		Lines open = this.lines;
		return open != null && open.commands.isOpen() && open.channels.isOpen();
	}

	/** Gives the connections up, whatever they are waiting for. */
	synchronized void disconnect() {
		Lines open = this.lines;
		this.lines = null;
		if (open != null) {
			open.commands.closeAsync();
			open.channels.closeAsync();
		}
	}

	/**
	 * Runs a script, and returns the list that it returns.
	 * @throws StoreAwayException if that is not known
	 */
	List<?> run(Script script, List<byte[]> arguments) {
		Lines open = this.lines;
		if (open == null) {
			throw new StoreAwayException("There is no connection to Redis.");
		}
		byte[][] keys = { this.prefix };
		byte[][] values = arguments.toArray(byte[][]::new);
		long begun = System.nanoTime();
		try {
			try {
				return open.await(open.commands.async().evalsha(script.digest(), ScriptOutputType.MULTI, keys, values));
			}
			catch (RedisNoScriptException ex) {
				return open
					.await(open.commands.async().<List<?>>eval(script.text(), ScriptOutputType.MULTI, keys, values));
			}
		}
		catch (RuntimeException ex) {
			throw away(ex);
		}
		finally {
			this.timing.accept(System.nanoTime() - begun);
		}
	}

	/**
	 * Tries the connection for news, which would be silent without it; not where it has
	 * broken just now, as is seen next time.
	 * @throws StoreAwayException if nothing is heard over it
	 */
	void listen() {
		Lines open = this.lines;
		if (open == null) {
			throw new StoreAwayException("There is no connection to Redis.");
		}
		try {
			open.await(open.channels.async().ping());
		}
		catch (RuntimeException ex) {
			if (!open.isDeaf()) {
				throw away(ex);
			}
		}
	}

	/**
	 * Tells all nodes that hear a channel, one message after the other.
	 * @throws StoreAwayException if that is not known
	 */
	void publish(String channel, List<String> messages) {
		Lines open = this.lines;
		if (open == null) {
			throw new StoreAwayException("There is no connection to Redis.");
		}
		try {
			List<RedisFuture<Long>> told = messages.stream()
				.map((message) -> open.commands.async().publish(key(channel), bytes(message)))
				.toList();
			told.forEach(open::await);
		}
		catch (RuntimeException ex) {
			throw away(ex);
		}
	}

	// Whatever it is that fails: what has become of the command nobody knows.
	private static StoreAwayException away(RuntimeException failure) {
		return new StoreAwayException("Redis " + Trouble.of(failure).sentence() + ".", failure);
	}

	private byte[] key(String name) {
		byte[] rest = bytes(name);
		byte[] key = Arrays.copyOf(this.prefix, this.prefix.length + rest.length);
		System.arraycopy(rest, 0, key, this.prefix.length, rest.length);
		return key;
	}

	static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Returns what is another for each text: in UTF-8 all that is no character, such as
	 * half a surrogate pair in somebody's name, becomes the same.
	 */
	static byte[] characters(String text) {
		ByteBuffer bytes = ByteBuffer.allocate(text.length() * Character.BYTES);
		bytes.asCharBuffer().put(text);
		return bytes.array();
	}

	static String text(@Nullable Object bytes) {
		return (bytes instanceof byte[] value) ? new String(value, StandardCharsets.UTF_8) : String.valueOf(bytes);
	}

	@Override
	public void close() {
		synchronized (this) {
			disconnect();
			this.closed = true;
		}
		this.client.shutdown(0, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
	}

	/**
	 * Waits for Netty's own thread, which ends a second after its last work, and would
	 * keep the application.
	 */
	static void awaitLastThread() {
		if (Redis.class.getClassLoader() == ClassLoader.getSystemClassLoader()) {
			// The JVM's own classes stay anyway.
			return;
		}
		try {
			GlobalEventExecutor.INSTANCE.awaitInactivity(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (IllegalStateException ex) {
			// It never was.
		}
	}

	private record Lines(StatefulRedisConnection<byte[], byte[]> commands,
			StatefulRedisPubSubConnection<byte[], byte[]> channels) {

		/** Returns whether the connection for news alone is gone. */
		private boolean isDeaf() {
			return this.commands.isOpen() && !this.channels.isOpen();
		}

		private <T> T await(RedisFuture<T> answer) {
			long end = System.nanoTime() + PATIENCE.toNanos();
			boolean interrupted = false;
			try {
				while (true) {
					try {
						return answer.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
					}
					catch (InterruptedException ex) {
						// Whoever is to stop has still done what is to be kept.
						interrupted = true;
					}
				}
			}
			catch (TimeoutException ex) {
				answer.cancel(true);
				throw new RedisException(ex);
			}
			catch (ExecutionException ex) {
				throw (ex.getCause() instanceof RedisException known) ? known : new RedisException(ex.getCause());
			}
			finally {
				if (interrupted) {
					Thread.currentThread().interrupt();
				}
			}
		}

	}

	private final class Listener extends RedisPubSubAdapter<byte[], byte[]> {

		private final CountDownLatch subscribed;

		private Listener(int channels) {
			this.subscribed = new CountDownLatch(channels);
		}

		@Override
		public void subscribed(byte[] channel, long count) {
			this.subscribed.countDown();
		}

		@Override
		public void message(byte[] channel, byte[] message) {
			Redis.this.news.accept(text(channel).substring(text(Redis.this.prefix).length()), message);
		}

	}

}
