package org.sessionlink.journey;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;

/**
 * Publishes again as soon as a publish has come back to the publisher, who so waits for
 * none of the others. Latency is that of every sixteenth message.
 */
final class OpenFanOut implements Load, Audience.Listener {

	private static final int SAMPLE = 16;

	private final Latencies latencies = new Latencies();

	private final Audience audience;

	private final int inFlight;

	private boolean running;

	OpenFanOut(Site site, int subscribers, int inFlight) {
		this.inFlight = inFlight;
		this.audience = Audience.withEcho(site, subscribers, this);
	}

	@Override
	public Map<Figure, Double> run(Duration time) {
		this.latencies.clear();
		long before = this.audience.delivered();
		Stretch stretch = new Stretch(this.audience.site().cpu(), time);
		this.running = true;
		for (int i = 0; i < this.inFlight; i++) {
			this.audience.publish(System.nanoTime());
		}
		while (!stretch.isOver()) {
			this.audience.site().generator().turn(stretch.end());
		}
		this.running = false;
		Map<Figure, Double> figures = stretch.figures(this.audience.delivered() - before);
		this.audience.settle();
		figures.put(Figure.P50, this.latencies.micros(50));
		figures.put(Figure.P99, this.latencies.micros(99));
		return figures;
	}

	@Override
	public void onEcho() {
		if (this.running) {
			this.audience.publish(System.nanoTime());
		}
	}

	@Override
	public void onDelivery(ByteBuffer in, int body) {
		if (Body.number(in, body) % SAMPLE == 0) {
			this.latencies.add(System.nanoTime() - Body.stamp(in, body));
		}
	}

	@Override
	public void close() {
		this.audience.close();
	}

}
