package org.sessionlink.journey;

import java.time.Duration;
import java.util.Map;

/**
 * What visitors take of the server's heap who do nothing: each with an HTTP session, a
 * connected socket and a subscription.
 */
final class IdleHeap implements Load {

	private final Site site;

	private final int visitors;

	IdleHeap(Site site, int visitors) {
		this.site = site;
		this.visitors = visitors;
	}

	@Override
	public Map<Figure, Double> run(Duration time) {
		long before = this.site.container().heapOf("");
		Crowd crowd = new Crowd(this.site, this.visitors, "/topic/nothing", this.site::newSession);
		long after = this.site.container().heapOf("");
		crowd.leave();
		return Map.of(Figure.HEAP, (after - before) / (double) this.visitors);
	}

	@Override
	public void close() {
		// Nobody stays connected.
	}

}
