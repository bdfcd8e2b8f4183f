package org.sessionlink.broker;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The heart-beats of one client's line (STOMP 1.2, "Heart-beating"): between client and
 * server as the settings have it, between server and broker as here. Looked at once a
 * second. Each field is volatile and stands alone.
 */
final class LineBeats {

	/** How often server and broker let each other hear of them, over a client's line. */
	static final long WITH_BROKER_MILLIS = 20_000;

	/** So many may get lost on the way. */
	private static final int MARGIN = 3;

	/** Longer than that nobody waits. */
	private static final long LONGEST_MILLIS = TimeUnit.DAYS.toMillis(1);

	private static final long LOOK = TimeUnit.SECONDS.toNanos(1);

	private final long toClient;

	private final long ofClient;

	private volatile long toBroker;

	private volatile long heardOfClient;

	private volatile long saidToClient;

	private volatile long saidToBroker;

	/**
	 * Makes them.
	 * @param client what the client can do and wants, in milliseconds
	 * @param server how often the server can and wants to, 0 for never
	 */
	LineBeats(long[] client, Duration server, long now) {
		this.toClient = interval(server.toMillis(), client[1]);
		this.ofClient = interval(client[0], server.toMillis());
		this.heardOfClient = now;
		this.saidToClient = now;
	}

	private static long interval(long can, long wants) {
		return (can > 0 && wants > 0) ? TimeUnit.MILLISECONDS.toNanos(Math.min(LONGEST_MILLIS, Math.max(can, wants)))
				: 0;
	}

	/**
	 * Hears what the broker can do and wants, as it is connected.
	 * @return after how long a silence it is taken for dead; 0 for never
	 */
	Duration agree(long[] broker, long now) {
		this.toBroker = interval(WITH_BROKER_MILLIS, broker[1]);
		this.saidToBroker = now;
		return Duration.ofNanos(MARGIN * interval(broker[0], WITH_BROKER_MILLIS));
	}

	void heardOfClient(long now) {
		this.heardOfClient = now;
	}

	void saidToClient(long now) {
		this.saidToClient = now;
	}

	void saidToBroker(long now) {
		this.saidToBroker = now;
	}

	boolean isClientSilent(long now) {
		return this.ofClient > 0 && now - this.heardOfClient > MARGIN * this.ofClient;
	}

	/** Returns whether one is due to the client, which then is on its way. */
	boolean isDueToClient(long now) {
		boolean due = this.toClient > 0 && now - this.saidToClient >= this.toClient - LOOK;
		if (due) {
			this.saidToClient = now;
		}
		return due;
	}

	boolean isDueToBroker(long now) {
		return this.toBroker > 0 && now - this.saidToBroker >= this.toBroker - LOOK;
	}

}
