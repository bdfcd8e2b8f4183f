package org.sessionlink.journey;

import java.nio.ByteBuffer;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/** A connection that waits for the answer to each message before it sends the next. */
final class Caller implements BenchClient.Listener {

	private final Site site;

	private final @Nullable BenchFrame subscription;

	private final BenchFrame frame;

	private RoundTrips roundTrips;

	private BenchClient client;

	private boolean connected;

	private boolean closed;

	private int sent;

	private int answered;

	private Caller(Site site, @Nullable BenchFrame subscription, BenchFrame frame) {
		this.site = site;
		this.subscription = subscription;
		this.frame = frame;
	}

	static Caller overStomp(Site site, int number) {
		return new Caller(site, site.subscription("/topic/echo/" + number), BenchFrame.send("/app/echo/" + number));
	}

	static Caller raw(Site site) {
		return new Caller(site, null, BenchFrame.text(Body.empty()));
	}

	/** Connects, and calls until there is an answer. */
	void start(RoundTrips answers) {
		this.roundTrips = answers;
		String cookie = this.site.newSession();
		this.client = (this.subscription != null) ? this.site.open(cookie, this) : this.site.openRaw(cookie, this);
		this.site.generator().await("a handshake", () -> this.connected);
		// Plain Spring may handle a SEND before the SUBSCRIBE in front of it.
		for (int i = 0; !isAnswered() || i == 0; i++) {
			if (i == 30) {
				throw new IllegalStateException("No answer after 30 s");
			}
			call();
			this.site.generator().runUntil(this::isAnswered, Duration.ofSeconds(1));
		}
	}

	@Override
	public void onConnected(BenchClient client) {
		this.connected = true;
		if (this.subscription != null) {
			client.send(this.subscription.again());
		}
	}

	void call() {
		this.client.send(this.frame.with(System.nanoTime(), ++this.sent));
	}

	@Override
	public void onMessage(BenchClient client, ByteBuffer in, int body) {
		int number = Body.number(in, body);
		if (number != this.sent) {
			return;
		}
		this.answered = number;
		if (this.roundTrips.answered(System.nanoTime() - Body.stamp(in, body))) {
			call();
		}
	}

	boolean isAnswered() {
		return this.answered == this.sent;
	}

	void leave() {
		this.client.startClosing();
		this.site.generator().await("the answer to a closing", () -> this.closed);
	}

	@Override
	public void onClosed(BenchClient client, String reason) {
		this.closed = true;
		if (this.roundTrips.isRunning()) {
			throw new IllegalStateException("A socket was closed: " + reason);
		}
	}

}
