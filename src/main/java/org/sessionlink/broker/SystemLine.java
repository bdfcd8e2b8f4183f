package org.sessionlink.broker;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.LinkClock;
import org.sessionlink.link.Telling;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.tcp.TcpConnectionHandler;
import org.springframework.messaging.tcp.TcpOperations;

/**
 * The server's own line to the broker, which tells whether that is there: whatever ends a
 * {@linkplain Wire wire}, another one is tried, after a pause that grows.
 *
 * <p>
 * Safe for use by any thread: which wire counts changes in one step under the monitor,
 * what is told of it comes after.
 */
final class SystemLine implements Wire.Line {

	private static final Duration FIRST_PAUSE = Duration.ofMillis(400);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

	private static final Duration NEXT_HOST = Duration.ofMillis(50);

	private final Pauses pauses = new Pauses(FIRST_PAUSE, LONGEST_PAUSE);

	private final TcpOperations<byte[]> tcp;

	private final TcpConnectionHandler<byte[]> spring;

	private final LinkClock clock;

	private final RelayFaults faults;

	private int failures;

	private @Nullable Wire wire;

	private boolean stopped;

	private volatile boolean refused;

	SystemLine(TcpOperations<byte[]> tcp, TcpConnectionHandler<byte[]> spring, LinkClock clock, RelayFaults faults) {
		this.tcp = tcp;
		this.spring = spring;
		this.clock = clock;
		this.faults = faults;
	}

	void connect() {
		Wire next = new Wire(this, this.clock);
		synchronized (this) {
			if (this.stopped) {
				return;
			}
			this.wire = next;
		}
		next.start((wire) -> {
			if (this.tcp instanceof RelayHosts hosts) {
				hosts.connectServer(wire);
			}
			else {
				this.tcp.connectAsync(wire);
			}
		});
	}

	private synchronized boolean has(Wire one) {
		return this.wire == one;
	}

	/** Returns whether the broker has ended it with an ERROR frame. */
	boolean isRefused() {
		return this.refused;
	}

	@Override
	public void open(Wire one) {
		if (has(one)) {
			this.spring.afterConnected(one);
		}
	}

	@Override
	public void connected(Wire one, Message<byte[]> message, StompHeaderAccessor frame) {
		if (has(one)) {
			this.spring.handleMessage(message);
			this.faults.over();
		}
	}

	@Override
	public void heard(Wire one, Message<byte[]> message, StompHeaderAccessor frame) {
		if (has(one)) {
			this.spring.handleMessage(message);
		}
	}

	@Override
	public void over(Wire one, Throwable why) {
		Duration pause;
		synchronized (this) {
			if (this.wire != one) {
				return;
			}
			this.wire = null;
			this.refused = one.wasConnected() && why instanceof RefusedByBroker;
			pause = pause(one.wasStable());
		}
		this.faults.tell(why);
		Telling.tell("What hears of the broker's end", this.spring::afterConnectionClosed);
		this.clock.schedule(this::connect, pause);
	}

	private Duration pause(boolean wasStable) {
		if (wasStable) {
			this.pauses.reset();
			this.failures = 0;
		}
		this.failures++;
		if (this.tcp instanceof RelayHosts hosts) {
			hosts.next();
			if (this.failures % hosts.count() != 0) {
				return NEXT_HOST;
			}
		}
		return this.pauses.next();
	}

	void stop() {
		Wire last;
		synchronized (this) {
			this.stopped = true;
			last = this.wire;
			this.wire = null;
		}
		if (last != null) {
			last.end();
		}
	}

}
