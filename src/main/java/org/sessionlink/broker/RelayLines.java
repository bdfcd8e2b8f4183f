package org.sessionlink.broker;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.LinkClock;
import org.sessionlink.link.Notices;
import org.sessionlink.link.Refused;
import org.sessionlink.link.Telling;

import org.springframework.messaging.simp.stomp.StompTcpConnectionHandler;
import org.springframework.messaging.tcp.ReconnectStrategy;
import org.springframework.messaging.tcp.TcpConnectionHandler;
import org.springframework.messaging.tcp.TcpOperations;

/**
 * The lines between this server and the broker: one for each client that is connected,
 * and the server's own. To Spring they look like connections that never end.
 *
 * <p>
 * Safe for use by any thread: each line adds and removes itself in one step. Whether the
 * broker is there is one volatile field, written by the server's own line.
 */
final class RelayLines implements TcpOperations<byte[]> {

	private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

	/** So many clients a second connect again where a broker comes back. */
	private static final int COME_BACK_PER_SECOND = 2_000;

	private final ConcurrentMap<String, ClientLine> bySocket = new ConcurrentHashMap<>();

	private final TcpOperations<byte[]> tcp;

	private final RelaySetup setup;

	private final RelayFaults faults;

	private volatile boolean up;

	private final AtomicLong outages = new AtomicLong();

	private volatile boolean stopped;

	private volatile @Nullable SystemLine system;

	RelayLines(TcpOperations<byte[]> tcp, RelaySetup setup) {
		this.tcp = tcp;
		this.setup = setup;
		this.faults = new RelayFaults(tcp.toString(), setup.clock());
	}

	RelaySetup setup() {
		return this.setup;
	}

	LinkClock clock() {
		return this.setup.clock();
	}

	TcpOperations<byte[]> tcp() {
		return this.tcp;
	}

	RelayFaults faults() {
		return this.faults;
	}

	/** Returns whether the broker is there, as far as this server knows. */
	boolean isUp() {
		return this.up;
	}

	/** Returns how often it has gone away. */
	long outages() {
		return this.outages.get();
	}

	/** Hears that the server's own line is connected. */
	void up() {
		this.up = true;
		int spread = Math.max(1, 1_000 * this.bySocket.size() / COME_BACK_PER_SECOND);
		this.bySocket.values()
			.forEach((line) -> clock().schedule(line::up,
					Duration.ofMillis(ThreadLocalRandom.current().nextInt(spread))));
	}

	/** Hears that it is not any more. */
	void down() {
		this.up = false;
		this.outages.incrementAndGet();
		// An ERROR for the server's own frame says nothing about the lines of clients.
		SystemLine own = this.system;
		boolean forAll = own == null || !own.isRefused();
		this.bySocket.values().forEach((line) -> Telling.tell("A line to the broker", () -> line.down(forAll)));
	}

	/** Returns the line of a client, or null where it has none. */
	@Nullable ClientLine get(String socketId) {
		return this.bySocket.get(socketId);
	}

	void remove(String socketId, ClientLine line) {
		this.bySocket.remove(socketId, line);
	}

	/** Tells a client on its own destination what the broker does. */
	void tell(String socketId, String event) {
		this.setup.notices().tell(socketId, Notices.SESSION, Map.of("event", event));
	}

	/** Tells a client why a frame of its had no effect. */
	void tell(String socketId, Refused reason, String sentence) {
		this.setup.notices().refused(socketId, reason, sentence);
	}

	@Override
	public CompletableFuture<@Nullable Void> connectAsync(TcpConnectionHandler<byte[]> handler) {
		StompTcpConnectionHandler<byte[]> client = (StompTcpConnectionHandler<byte[]>) handler;
		ClientLine line = new ClientLine(this, client);
		this.bySocket.put(client.getSessionId(), line);
		handler.afterConnected(line);
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public CompletableFuture<@Nullable Void> connectAsync(TcpConnectionHandler<byte[]> handler,
			ReconnectStrategy strategy) {
		SystemLine line = new SystemLine(this.tcp, handler, clock(), this.faults);
		this.system = line;
		line.connect();
		look();
		return CompletableFuture.completedFuture(null);
	}

	private void look() {
		if (!this.stopped) {
			clock().schedule(this::look, BETWEEN_LOOKS);
			long now = clock().nanoTime();
			this.bySocket.values().forEach((line) -> Telling.tell("The look at a line", () -> line.look(now)));
		}
	}

	/** Returns how many clients have a line. */
	int size() {
		return this.bySocket.size();
	}

	@Override
	public CompletableFuture<@Nullable Void> shutdownAsync() {
		this.stopped = true;
		this.up = false;
		SystemLine last = this.system;
		if (last != null) {
			last.stop();
		}
		this.bySocket.values().forEach(ClientLine::close);
		return this.tcp.shutdownAsync();
	}

	@Override
	public String toString() {
		return this.tcp.toString();
	}

}
