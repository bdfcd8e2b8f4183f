package org.sessionlink.journey;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Connections that each send again as soon as they have got their last message back. */
final class RoundTrips implements Load {

	private final Latencies latencies = new Latencies();

	private final Site site;

	private final List<Caller> callers;

	private boolean running;

	private long count;

	private RoundTrips(Site site, List<Caller> callers) {
		this.site = site;
		this.callers = callers;
		callers.forEach((caller) -> caller.start(this));
	}

	/** Returns so many connections, each with a destination of its own. */
	static RoundTrips overStomp(Site site, int connections) {
		return new RoundTrips(site,
				IntStream.range(0, connections).mapToObj((i) -> Caller.overStomp(site, i)).toList());
	}

	/** Returns so many connections to what sends text back without STOMP. */
	static RoundTrips raw(Site site, int connections) {
		return new RoundTrips(site, IntStream.range(0, connections).mapToObj((i) -> Caller.raw(site)).toList());
	}

	@Override
	public Map<Figure, Double> run(Duration time) {
		this.latencies.clear();
		this.count = 0;
		Stretch stretch = new Stretch(this.site.cpu(), time);
		this.running = true;
		this.callers.forEach(Caller::call);
		while (!stretch.isOver()) {
			this.site.generator().turn(stretch.end());
		}
		this.running = false;
		Map<Figure, Double> figures = stretch.figures(this.count);
		this.site.generator().await("the last answers", () -> this.callers.stream().allMatch(Caller::isAnswered));
		figures.put(Figure.P50, this.latencies.micros(50));
		figures.put(Figure.P99, this.latencies.micros(99));
		return figures;
	}

	boolean isRunning() {
		return this.running;
	}

	/** Counts an answer; returns whether to go on. */
	boolean answered(long nanos) {
		this.count++;
		this.latencies.add(nanos);
		return this.running;
	}

	@Override
	public void close() {
		this.callers.forEach(Caller::leave);
	}

}
