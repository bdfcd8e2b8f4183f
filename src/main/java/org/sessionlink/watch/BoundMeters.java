package org.sessionlink.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Timed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our meters in one registry. What the registry, or a filter of the application's, does
 * with one of them costs that one and no other.
 *
 * <p>
 * Filled and emptied by one thread at a time; any thread records.
 */
final class BoundMeters {

	private static final Logger logger = LoggerFactory.getLogger(BoundMeters.class);

	private final MeterRegistry registry;

	private final Tags tags;

	/** Held here: a registry forgets what nobody else holds. */
	private final Map<Meter, Shown> shown = new IdentityHashMap<>();

	private final List<Meter> own = new ArrayList<>();

	private final Map<Timed, Timer> timers = new EnumMap<>(Timed.class);

	private int missing;

	private @Nullable Throwable failure;

	/**
	 * Puts them into a registry.
	 * @param tags what each has besides its own
	 */
	BoundMeters(MeterRegistry registry, Collection<Figure> figures, Collection<TimedMetric> timed, Tags tags) {
		this.registry = registry;
		this.tags = tags;
		Set<Meter> ofOthers = Collections.newSetFromMap(new IdentityHashMap<>());
		ofOthers.addAll(registry.getMeters());
		figures.forEach((figure) -> add(ofOthers, () -> meter(figure)));
		timed.forEach((metric) -> {
			Timer timer = add(ofOthers, () -> timer(metric));
			if (timer != null) {
				this.timers.put(metric.what(), timer);
			}
		});
		sayWhatIsMissing();
	}

	private Meter meter(Figure figure) {
		Shown one = new Shown(figure);
		Meter meter = register(figure, one);
		Shown before = this.shown.putIfAbsent(meter, one);
		if (before != null) {
			// A filter has left out what tells the two apart.
			before.add(figure);
		}
		return meter;
	}

	private Meter register(Figure figure, Shown shown) {
		Tags all = tags(figure.tags());
		return figure.grows()
				? FunctionCounter.builder(figure.name(), shown, Shown::value)
					.description(figure.description())
					.baseUnit(figure.unit())
					.tags(all)
					.register(this.registry)
				: Gauge.builder(figure.name(), shown, Shown::value)
					.description(figure.description())
					.baseUnit(figure.unit())
					.tags(all)
					.register(this.registry);
	}

	private Timer timer(TimedMetric metric) {
		// Steps that add up over servers, which percentiles do not.
		return Timer.builder(metric.name())
			.description(metric.description())
			.tags(tags(metric.tags()))
			.serviceLevelObjectives(metric.steps().toArray(Duration[]::new))
			.register(this.registry);
	}

	private Tags tags(Map<String, String> own) {
		return this.tags.and(own.entrySet().stream().map((entry) -> Tag.of(entry.getKey(), entry.getValue())).toList());
	}

	private <M extends Meter> @Nullable M add(Set<Meter> ofOthers, Supplier<M> registration) {
		try {
			M meter = registration.get();
			if (!ofOthers.contains(meter)) {
				this.own.add(meter);
				return meter;
			}
		}
		catch (RuntimeException | LinkageError ex) {
			this.failure = ex;
		}
		this.missing++;
		return null;
	}

	private void sayWhatIsMissing() {
		if (this.missing > 0) {
			logger.warn("{} metrics of SessionLink are missing in {}: {}", this.missing, this.registry.getClass(),
					(this.failure != null) ? "it does not take them, or a filter of it fails"
							: "another application has some of these names and tags there",
					this.failure);
		}
	}

	boolean areIn(MeterRegistry other) {
		return this.registry == other;
	}

	void took(Timed what, long nanos) {
		Timer timer = this.timers.get(what);
		if (timer != null) {
			timer.record(nanos, TimeUnit.NANOSECONDS);
		}
	}

	/** Takes them out of the registry, be it one that was closed before. */
	void remove() {
		for (Meter meter : this.own) {
			try {
				this.registry.remove(meter);
			}
			catch (RuntimeException | LinkageError ex) {
				logger.warn("A metric of SessionLink cannot be taken out of {}", this.registry.getClass(), ex);
			}
		}
	}

	/** What one meter shows, and that is nearly always one figure. */
	private static final class Shown {

		private volatile List<Figure> figures;

		Shown(Figure figure) {
			this.figures = List.of(figure);
		}

		void add(Figure figure) {
			List<Figure> all = new ArrayList<>(this.figures);
			all.add(figure);
			this.figures = all;
		}

		double value() {
			return this.figures.stream().mapToDouble((figure) -> figure.value().getAsDouble()).sum();
		}

	}

}
