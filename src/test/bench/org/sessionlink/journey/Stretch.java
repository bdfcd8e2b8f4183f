package org.sessionlink.journey;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** A stretch of time that a load is measured in. */
final class Stretch {

	private final ServerCpu cpu;

	private final double cpuAtStart;

	private final long start = System.nanoTime();

	private final long end;

	Stretch(ServerCpu cpu, Duration time) {
		this.cpu = cpu;
		this.cpuAtStart = cpu.micros();
		this.end = this.start + time.toNanos();
	}

	/** Returns when it ends, as {@link System#nanoTime()}. */
	long end() {
		return this.end;
	}

	boolean isOver() {
		return System.nanoTime() >= this.end;
	}

	/** Returns the figures of what has been done until now, so many times. */
	Map<Figure, Double> figures(long count) {
		Map<Figure, Double> figures = new EnumMap<>(Figure.class);
		figures.put(Figure.RATE, count * 1e9 / (System.nanoTime() - this.start));
		figures.put(Figure.CPU, (this.cpu.micros() - this.cpuAtStart) / count);
		return figures;
	}

}
