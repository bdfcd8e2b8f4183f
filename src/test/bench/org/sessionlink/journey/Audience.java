package org.sessionlink.journey;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;

/** The subscribers of one topic, with one who publishes to them. */
final class Audience extends Crowd {

	/** How many publishes may be on their way at most. */
	static final int MOST_OUTSTANDING = 256;

	/** What an audience tells of. */
	interface Listener {

		/** Hears of a message to one subscriber. */
		default void onDelivery(ByteBuffer in, int body) {
		}

		/** Hears that a publish has reached all subscribers. */
		default void onWhole() {
		}

	}

	private final BenchFrame frame = BenchFrame.send("/app/publish");

	private final int[] missing = new int[MOST_OUTSTANDING];

	private final Listener listener;

	private final Crowd publisher;

	private int published;

	private int outstanding;

	private long delivered;

	Audience(Site site, int size, Listener listener) {
		super(site, size, "/topic/fan", site::newSession);
		this.listener = listener;
		this.publisher = new Crowd(site, 1, "/topic/nothing", site::newSession);
		awaitSubscriptions();
	}

	// Plain Spring has no receipts: what reaches all shows that all have subscribed.
	private void awaitSubscriptions() {
		for (int i = 0; i < 30; i++) {
			publish(0);
			if (site().generator().runUntil(() -> this.outstanding == 0, Duration.ofSeconds(1))) {
				return;
			}
			this.outstanding = 0;
			Arrays.fill(this.missing, 0);
		}
		throw new IllegalStateException("Not all are subscribed after 30 s");
	}

	void publish(long stamp) {
		int number = this.published++;
		this.missing[number % MOST_OUTSTANDING] = size();
		this.outstanding++;
		this.publisher.first().send(this.frame.with(stamp, number));
	}

	@Override
	public void onMessage(BenchClient client, ByteBuffer in, int body) {
		this.delivered++;
		this.listener.onDelivery(in, body);
		if (--this.missing[Body.number(in, body) % MOST_OUTSTANDING] == 0) {
			this.outstanding--;
			this.listener.onWhole();
		}
	}

	/** Returns how many publishes have not reached all subscribers. */
	int outstanding() {
		return this.outstanding;
	}

	/** Returns how many messages have reached one subscriber. */
	long delivered() {
		return this.delivered;
	}

	/** Waits until nothing is on its way. */
	void settle() {
		site().generator().await("the last deliveries", () -> this.outstanding == 0);
	}

	void close() {
		leave();
		this.publisher.leave();
	}

}
