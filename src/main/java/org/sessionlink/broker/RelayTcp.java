package org.sessionlink.broker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Crew;
import org.sessionlink.link.LinkClock;
import org.sessionlink.link.Telling;

import org.springframework.messaging.tcp.ReconnectStrategy;
import org.springframework.messaging.tcp.TcpConnectionHandler;
import org.springframework.messaging.tcp.TcpOperations;

/**
 * Connections to the broker, over a few threads that none of them holds: to one of its
 * hosts, the same for all.
 *
 * <p>
 * Safe for use by any thread: each connection adds itself in one step. A stop is one
 * volatile write, looked at again by whoever has just added one.
 */
final class RelayTcp implements TcpOperations<byte[]>, RelayHosts {

	private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

	/** Servers tell each other of all their users in one frame. */
	private static final int TIMES_LARGER = 32;

	private final Set<RelayConnection> open = ConcurrentHashMap.newKeySet();

	private final AtomicInteger host = new AtomicInteger();

	private final AtomicInteger lastLoop = new AtomicInteger();

	private final List<RelayHost> hosts;

	private final @Nullable SSLContext tls;

	private final int frameSize;

	/** The server's own connection has its own bound alone: clients cannot use it up. */
	private final Allowance ofServer = new Allowance(0, 0);

	private final Allowance ofClients;

	private final Consumer<Runnable> together;

	private final LinkClock clock;

	private final List<RelayLoop> loops;

	private volatile boolean stopped;

	/**
	 * Makes it, connected to nothing.
	 * @param tls what encrypts, or null for nothing
	 * @param frameSize the most bytes of a frame; 0 for any number
	 * @param ofClients what may wait to be written over all connections of clients
	 * @param together runs what tells of several frames
	 */
	RelayTcp(List<RelayHost> hosts, @Nullable SSLContext tls, int frameSize, Allowance ofClients,
			Consumer<Runnable> together, LinkClock clock) {
		this.hosts = hosts;
		this.tls = tls;
		this.frameSize = frameSize;
		this.ofClients = ofClients;
		this.together = together;
		this.clock = clock;
		int threads = 1 + Math.max(2, Runtime.getRuntime().availableProcessors() / 2);
		this.loops = IntStream.rangeClosed(1, threads)
			.mapToObj((i) -> new RelayLoop("sessionlink-relay-" + i))
			.toList();
		look();
	}

	@Override
	public int count() {
		return this.hosts.size();
	}

	@Override
	public void next() {
		this.host.updateAndGet((now) -> (now + 1) % this.hosts.size());
	}

	private void look() {
		if (!this.stopped) {
			this.clock.schedule(this::look, BETWEEN_LOOKS);
			this.open.removeIf(RelayConnection::isClosed);
			this.open.forEach((connection) -> Telling.tell("The look at a connection", connection::look));
		}
	}

	@Override
	public CompletableFuture<@Nullable Void> connectAsync(TcpConnectionHandler<byte[]> handler) {
		int others = this.loops.size() - 1;
		open(handler, this.loops.get(1 + Math.floorMod(this.lastLoop.getAndIncrement(), others)), this.frameSize,
				this.ofClients);
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public void connectServer(TcpConnectionHandler<byte[]> handler) {
		open(handler, this.loops.get(0), (int) Math.min(Integer.MAX_VALUE, (long) this.frameSize * TIMES_LARGER),
				this.ofServer);
	}

	private void open(TcpConnectionHandler<byte[]> handler, RelayLoop loop, int largest, Allowance waiting) {
		RelayHost to = this.hosts.get(this.host.get());
		this.clock.execute(Crew.CONNECTING, () -> {
			try {
				connect(to, handler, loop, largest, waiting);
			}
			catch (Throwable ex) {
				Telling.tell("A line to the broker", () -> handler.afterConnectFailure(ex));
			}
		});
	}

	private void connect(RelayHost to, TcpConnectionHandler<byte[]> handler, RelayLoop loop, int largest,
			Allowance waiting) throws IOException {
		InetSocketAddress address = new InetSocketAddress(to.name(), to.port());
		if (address.isUnresolved()) {
			throw new UnknownHostException("There is no host " + to.name());
		}
		SocketChannel channel = SocketChannel.open();
		channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
		channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
		RelayConnection connection = new RelayConnection(channel, loop, handler, largest, waiting, this.together,
				this.clock);
		this.open.add(connection);
		loop.execute(() -> connection.connect(address, to, this.tls));
		if (this.stopped) {
			connection.abort();
		}
	}

	/** Connects once: whoever wants to have it again tries again. */
	@Override
	public CompletableFuture<@Nullable Void> connectAsync(TcpConnectionHandler<byte[]> handler,
			ReconnectStrategy strategy) {
		return connectAsync(handler);
	}

	@Override
	public CompletableFuture<@Nullable Void> shutdownAsync() {
		this.stopped = true;
		this.open.forEach(RelayConnection::abort);
		this.loops.forEach(RelayLoop::stop);
		return CompletableFuture.completedFuture(null);
	}

	/** Returns how many connections there are. */
	int size() {
		this.open.removeIf(RelayConnection::isClosed);
		return this.open.size();
	}

	@Override
	public String toString() {
		return this.hosts.toString();
	}

}
