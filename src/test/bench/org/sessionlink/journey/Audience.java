package org.sessionlink.journey;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;

/**
 * The subscribers of one topic, with one who publishes to them. Each must get each
 * message, once.
 */
final class Audience extends Crowd {

	private static final String TOPIC = "/topic/fan";

	// When nothing has arrived for so long, nothing will; containers wait longer before
	// they close.
	private static final Duration SILENCE = Duration.ofSeconds(5);

	/** What an audience tells of. */
	interface Listener {

		/** Hears of a message to one subscriber. */
		void onDelivery(ByteBuffer in, int body);

		/** Hears that the publisher, who has subscribed as well, has got a message. */
		default void onEcho() {
		}

	}

	private final BenchFrame frame = BenchFrame.send("/app/publish");

	private final Tally published = new Tally();

	private final Listener listener;

	private final Publisher publisher;

	private int number;

	private long delivered;

	private Audience(Site site, int size, String destination, Listener listener) {
		super(site, size, TOPIC, site::newSession);
		this.listener = listener;
		this.publisher = new Publisher(site, destination);
		awaitSubscriptions();
	}

	/** Returns subscribers with a publisher who hears nothing. */
	static Audience of(Site site, int size, Listener listener) {
		return new Audience(site, size, "/topic/nothing", listener);
	}

	/** Returns subscribers with a publisher who hears what they do. */
	static Audience withEcho(Site site, int size, Listener listener) {
		return new Audience(site, size, TOPIC, listener);
	}

	// Plain Spring has no receipts: what reaches all shows that all have subscribed.
	private void awaitSubscriptions() {
		for (int i = 0; i < 30; i++) {
			forget();
			publish(0);
			if (site().generator().runUntil(this::isSettled, Duration.ofSeconds(1))) {
				forget();
				return;
			}
		}
		throw new IllegalStateException("Not all are subscribed after 30 s");
	}

	private void forget() {
		this.published.clear();
		this.delivered = 0;
		this.publisher.first().tally().clear();
		clients().forEach((client) -> client.tally().clear());
	}

	/** Publishes a message, and returns its number. */
	int publish(long stamp) {
		int next = this.number++;
		this.published.add(next);
		this.publisher.first().send(this.frame.with(stamp, next));
		return next;
	}

	@Override
	public void onMessage(BenchClient client, ByteBuffer in, int body) {
		this.delivered++;
		client.tally().add(Body.number(in, body));
		this.listener.onDelivery(in, body);
	}

	/** Returns how many messages have reached one subscriber. */
	long delivered() {
		return this.delivered;
	}

	/** Returns how many messages are on their way to one subscriber. */
	long outstanding() {
		return this.published.count() * size() - this.delivered;
	}

	/** Waits until nothing is on its way, and looks whether all have got all. */
	void settle() {
		long before;
		do {
			before = this.delivered;
		}
		while (!site().generator().runUntil(this::isSettled, SILENCE) && this.delivered > before);
		for (int i = 0; i < size(); i++) {
			Tally got = clients().get(i).tally();
			if (!got.fits(this.published)) {
				throw new IllegalStateException(
						String.format(Locale.ROOT, "Subscriber %d of %d got %,d of %,d messages%s", i + 1, size(),
								got.count(), this.published.count(),
								(got.count() == this.published.count()) ? ", but not the same ones" : ""));
			}
		}
		site().generator().await("the last echo", this.publisher::isSettled);
	}

	private boolean isSettled() {
		return outstanding() == 0 && this.publisher.isSettled();
	}

	void close() {
		leave();
		this.publisher.leave();
	}

	/** Who publishes, and may have subscribed as well. */
	private final class Publisher extends Crowd {

		private final boolean subscribed;

		Publisher(Site site, String destination) {
			super(site, 1, destination, site::newSession);
			this.subscribed = destination.equals(TOPIC);
		}

		@Override
		public void onMessage(BenchClient client, ByteBuffer in, int body) {
			client.tally().add(Body.number(in, body));
			Audience.this.listener.onEcho();
		}

		boolean isSettled() {
			return !this.subscribed || first().tally().fits(Audience.this.published);
		}

	}

}
