package org.sessionlink.journey;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;

/** Publishes again as soon as a publish has reached all subscribers. */
final class FullFanOut implements Load, Audience.Listener {

	// Far more than are on their way, as the first of them need not be the first to reach
	// all.
	private final int[] missing = new int[4096];

	private final Audience audience;

	private final int inFlight;

	private boolean running;

	FullFanOut(Site site, int subscribers, int inFlight) {
		this.inFlight = inFlight;
		this.audience = Audience.of(site, subscribers, this);
	}

	@Override
	public Map<Figure, Double> run(Duration time) {
		long before = this.audience.delivered();
		Stretch stretch = new Stretch(this.audience.site().cpu(), time);
		this.running = true;
		for (int i = 0; i < this.inFlight; i++) {
			publish();
		}
		while (!stretch.isOver()) {
			this.audience.site().generator().turn(stretch.end());
		}
		this.running = false;
		Map<Figure, Double> figures = stretch.figures(this.audience.delivered() - before);
		this.audience.settle();
		return figures;
	}

	private void publish() {
		int number = this.audience.publish(System.nanoTime());
		this.missing[number % this.missing.length] = this.audience.size();
	}

	@Override
	public void onDelivery(ByteBuffer in, int body) {
		if (--this.missing[Body.number(in, body) % this.missing.length] == 0 && this.running) {
			publish();
		}
	}

	@Override
	public void close() {
		this.audience.close();
	}

}
