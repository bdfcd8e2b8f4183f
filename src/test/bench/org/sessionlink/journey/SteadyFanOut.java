package org.sessionlink.journey;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;

/** Publishes at a steady rate, however long the deliveries take. */
final class SteadyFanOut implements Load, Audience.Listener {

	private static final int MOST_ON_THEIR_WAY = 256;

	private final Latencies latencies = new Latencies();

	private final Audience audience;

	private final long interval;

	private final long most;

	SteadyFanOut(Site site, int subscribers, int deliveriesPerSecond) {
		this.audience = Audience.of(site, subscribers, this);
		this.most = (long) MOST_ON_THEIR_WAY * subscribers;
		this.interval = 1_000_000_000L * subscribers / deliveriesPerSecond;
	}

	@Override
	public Map<Figure, Double> run(Duration time) {
		this.latencies.clear();
		long before = this.audience.delivered();
		Stretch stretch = new Stretch(this.audience.site().cpu(), time);
		long next = System.nanoTime();
		while (!stretch.isOver()) {
			// What is late counts from when it was due.
			if (System.nanoTime() >= next && this.audience.outstanding() < this.most) {
				this.audience.publish(next);
				next += this.interval;
			}
			this.audience.site().generator().turn(Math.min(next, stretch.end()));
		}
		Map<Figure, Double> figures = stretch.figures(this.audience.delivered() - before);
		this.audience.settle();
		figures.put(Figure.P50, this.latencies.micros(50));
		figures.put(Figure.P99, this.latencies.micros(99));
		return figures;
	}

	@Override
	public void onDelivery(ByteBuffer in, int body) {
		this.latencies.add(System.nanoTime() - Body.stamp(in, body));
	}

	@Override
	public void close() {
		this.audience.close();
	}

}
