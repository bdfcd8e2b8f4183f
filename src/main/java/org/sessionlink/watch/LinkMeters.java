package org.sessionlink.watch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import jakarta.servlet.ServletContext;
import org.sessionlink.link.Links;
import org.sessionlink.link.Timed;
import org.sessionlink.link.Timings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.annotation.Lazy;

/**
 * Has the application's own registries of metrics, where there are some, show what
 * happens to its links, for as long as it runs (B29).
 *
 * <p>
 * Which registries these are changes under its monitor; any thread says how long
 * something took.
 */
@Lazy(false)
final class LinkMeters implements Timings, SmartInitializingSingleton, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(LinkMeters.class);

	private final List<BoundMeters> bound = new CopyOnWriteArrayList<>();

	private final AtomicBoolean failed = new AtomicBoolean();

	private final Links links;

	private final Elsewhere elsewhere;

	private final ObjectProvider<Figures> figures;

	private final ObjectProvider<MeterRegistry> registries;

	private final Tags tags;

	private boolean over;

	LinkMeters(Links links, Elsewhere elsewhere, ObjectProvider<Figures> figures,
			ObjectProvider<MeterRegistry> registries, ServletContext servletContext) {
		this.links = links;
		this.elsewhere = elsewhere;
		this.figures = figures;
		this.registries = registries;
		this.tags = tags(servletContext);
	}

	// Of applications that have the library together, each may have a registry that is
	// the same as another's.
	private static Tags tags(ServletContext servletContext) {
		if (MeterRegistry.class.getClassLoader() == servletContext.getClassLoader()) {
			return Tags.empty();
		}
		String path = servletContext.getContextPath();
		return Tags.of("context", path.isEmpty() ? "/" : path);
	}

	@Override
	public void afterSingletonsInstantiated() {
		of(this.registries).forEach(this::bindTo);
	}

	/**
	 * Returns which of an application's registries are to have our meters: the primary
	 * one, or else each that is not part of another.
	 */
	static List<MeterRegistry> of(ObjectProvider<MeterRegistry> registries) {
		try {
			MeterRegistry one = registries.getIfUnique();
			return (one != null) ? List.of(one) : outermost(registries.stream().toList());
		}
		catch (RuntimeException | LinkageError ex) {
			logger.warn("The application's registry of metrics cannot be had: it shows nothing of SessionLink", ex);
			return List.of();
		}
	}

	private static List<MeterRegistry> outermost(List<MeterRegistry> all) {
		Set<MeterRegistry> parts = Collections.newSetFromMap(new IdentityHashMap<>());
		all.forEach((registry) -> parts.addAll(partsOf(registry)));
		List<MeterRegistry> outermost = new ArrayList<>(all);
		outermost.removeIf(parts::contains);
		return outermost;
	}

	/** Returns what a registry hands all on to, at whatever depth. */
	static List<MeterRegistry> partsOf(MeterRegistry registry) {
		List<MeterRegistry> parts = new ArrayList<>();
		if (registry instanceof CompositeMeterRegistry composite) {
			composite.getRegistries().forEach((part) -> {
				parts.add(part);
				parts.addAll(partsOf(part));
			});
		}
		return parts;
	}

	/**
	 * Puts our meters into a registry, unless they are there.
	 * @return whether they have been put there
	 */
	synchronized boolean bindTo(MeterRegistry registry) {
		if (this.over || this.bound.stream().anyMatch((meters) -> meters.areIn(registry))) {
			return false;
		}
		try {
			List<Figure> all = new ArrayList<>(new LinkFigures(this.links).all());
			this.figures.orderedStream().forEach((more) -> all.addAll(more.all()));
			this.bound.add(new BoundMeters(registry, all, TimedMetric.all(this.elsewhere.name() != null), this.tags));
			this.links.timings(this);
			return true;
		}
		catch (RuntimeException | LinkageError ex) {
			logger.warn("{} shows nothing of SessionLink", registry.getClass(), ex);
			return false;
		}
	}

	/** Takes our meters out of a registry. */
	synchronized void unbind(MeterRegistry registry) {
		this.bound.removeIf((meters) -> {
			boolean found = meters.areIn(registry);
			if (found) {
				meters.remove();
			}
			return found;
		});
		if (this.bound.isEmpty()) {
			this.links.timings(Timings.NONE);
		}
	}

	@Override
	public void took(Timed what, long nanos) {
		for (BoundMeters meters : this.bound) {
			try {
				meters.took(what, nanos);
			}
			catch (RuntimeException | LinkageError ex) {
				sayOnce(ex);
			}
		}
	}

	private void sayOnce(Throwable error) {
		if (this.failed.compareAndSet(false, true)) {
			logger.warn("A registry of metrics fails, and misses how long some things take", error);
		}
	}

	@Override
	public synchronized void destroy() {
		this.over = true;
		this.links.timings(Timings.NONE);
		this.bound.forEach(BoundMeters::remove);
		this.bound.clear();
	}

}
