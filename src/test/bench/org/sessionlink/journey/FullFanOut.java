package org.sessionlink.journey;

import java.time.Duration;
import java.util.Map;

/** Publishes again as soon as a publish has reached all subscribers. */
final class FullFanOut implements Load, Audience.Listener {

	private final Audience audience;

	private final int inFlight;

	private boolean running;

	FullFanOut(Site site, int subscribers, int inFlight) {
		this.inFlight = inFlight;
		this.audience = new Audience(site, subscribers, this);
	}

	@Override
	public Map<Figure, Double> run(Duration time) {
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
		return figures;
	}

	@Override
	public void onWhole() {
		if (this.running) {
			this.audience.publish(System.nanoTime());
		}
	}

	@Override
	public void close() {
		this.audience.close();
	}

}
