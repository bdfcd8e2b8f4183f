package org.sessionlink.history;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.LinkClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All destinations of which messages are kept, as the settings say, and what they may
 * take together: whichever was not used for the longest time gives way (B31).
 *
 * <p>
 * Safe for use by any thread: each destination is put in and taken out in one step on the
 * map, and retired under its own lock before that, so that nobody uses one that is gone.
 */
public final class History {

	private static final Logger logger = LoggerFactory.getLogger(History.class);

	private static final Duration EACH = Duration.ofSeconds(10);

	private final ConcurrentMap<Key, KeptDestination> all = new ConcurrentHashMap<>();

	private final AtomicLong bytes = new AtomicLong();

	private final AtomicBoolean makesRoom = new AtomicBoolean();

	private final SecureRandom random = new SecureRandom();

	private final HistorySettings settings;

	private final LinkClock clock;

	private final @Nullable Predicate<Key> needed;

	private @Nullable Future<?> timer;

	private boolean closed;

	/**
	 * Whose messages are kept together.
	 *
	 * @param user of whom alone it is; null for everybody
	 */
	public record Key(String destination, @Nullable String user) {
	}

	public History(HistorySettings settings, LinkClock clock) {
		this(settings, clock, null);
	}

	/**
	 * Makes copies of what all servers keep together.
	 * @param needed which of them somebody reads, whether they have asked for numbers or
	 * not; null where this server keeps all of it
	 */
	History(HistorySettings settings, LinkClock clock, @Nullable Predicate<Key> needed) {
		this.settings = settings;
		this.clock = clock;
		this.needed = needed;
	}

	/** Returns whether nothing is kept at all. */
	public boolean isOff() {
		return this.settings.keep().isEmpty();
	}

	/** Returns how much is kept of a destination, or null where nothing is. */
	public @Nullable KeepRule rule(String destination) {
		for (KeepRule rule : this.settings.keep()) {
			if (rule.fits(destination)) {
				return rule;
			}
		}
		return null;
	}

	/**
	 * Numbers a message and keeps it, in one step with whatever hands it over; does
	 * nothing where nothing is kept of its destination.
	 * @param message is given whose it is and its number, collects the subscribers, hands
	 * it over to them, and returns what to keep
	 * @return that of which it is, or null where nothing is kept of its destination
	 */
	public @Nullable KeptDestination append(Key key, Numbering message) {
		for (KeptDestination one = find(key); one != null; one = find(key)) {
			KeptDestination kept = one;
			LongFunction<Keepable> numbered = (offset) -> message.number(kept, offset);
			if (kept.append(numbered, this.clock.nanoTime())) {
				makeRoom();
				return kept;
			}
			this.all.remove(key, kept);
		}
		return null;
	}

	/** Hands a message over under its number. */
	@FunctionalInterface
	public interface Numbering {

		/** Hands it over, and returns what to keep of it. */
		Keepable number(KeptDestination of, long offset);

	}

	/**
	 * Makes a subscription known, in one step with finding what came before it; does
	 * nothing where nothing is kept of its destination.
	 * @param from where its client was, or null where it does not say
	 * @param reads whether it wants to know numbers, until it has left
	 * @return that of which it is, or null where nothing is kept
	 */
	public @Nullable KeptDestination subscribe(Key key, @Nullable Position from, boolean reads,
			BiConsumer<KeptDestination, Seam> register) {
		for (KeptDestination one = find(key); one != null; one = find(key)) {
			KeptDestination kept = one;
			if (kept.subscribe(from, reads, this.clock.nanoTime(), (seam) -> register.accept(kept, seam))) {
				makeRoom();
				return one;
			}
			this.all.remove(key, one);
		}
		return null;
	}

	/** Returns that of a key, if there is one. */
	@Nullable KeptDestination get(Key key) {
		return this.all.get(key);
	}

	/** Forgets one that has retired. */
	void remove(Key key, KeptDestination retired) {
		this.all.remove(key, retired);
	}

	/** Returns that of a key, and makes it; null where nothing is kept. */
	@Nullable KeptDestination find(Key key) {
		if (isOff()) {
			return null;
		}
		KeptDestination known = this.all.get(key);
		KeepRule rule = (known == null) ? rule(key.destination()) : null;
		return (rule == null) ? known : this.all.computeIfAbsent(key, (absent) -> make(absent, rule));
	}

	private KeptDestination make(Key key, KeepRule rule) {
		startTimer();
		int names = 2 * (key.destination().length() + ((key.user() != null) ? key.user().length() : 0));
		return new KeptDestination((this.needed != null) ? Mark.NOWHERE.epoch() : epoch(), rule,
				KeptDestination.OVERHEAD + names, this.clock.nanoTime(), this.bytes::addAndGet);
	}

	/** Returns what no count has begun with. */
	String epoch() {
		return Long.toUnsignedString(this.random.nextLong(), Character.MAX_RADIX);
	}

	private synchronized void startTimer() {
		if (this.timer == null && !this.closed) {
			this.timer = this.clock.schedule(this::tidyAndGoOn, EACH);
		}
	}

	private void tidyAndGoOn() {
		try {
			tidy();
		}
		finally {
			synchronized (this) {
				this.timer = null;
			}
			if (!this.all.isEmpty()) {
				startTimer();
			}
		}
	}

	/** Forgets what is too old. */
	void tidy() {
		long now = this.clock.nanoTime();
		this.all.forEach((key, one) -> {
			if ((this.needed == null) ? one.tidy(now) : one.tidyCopy(now, isNeeded(key))) {
				this.all.remove(key, one);
			}
		});
	}

	private BooleanSupplier isNeeded(Key key) {
		Predicate<Key> asked = this.needed;
		return () -> asked != null && asked.test(key);
	}

	private boolean isOver() {
		return this.settings.memory() > 0 && this.bytes.get() > this.settings.memory();
	}

	// By one at a time, and an eighth more than needed, so that it is done seldom.
	void makeRoom() {
		if (!isOver() || !this.makesRoom.compareAndSet(false, true)) {
			return;
		}
		try {
			long now = this.clock.nanoTime();
			List<Idle> byIdle = this.all.entrySet()
				.stream()
				.map((entry) -> new Idle(entry.getKey(), entry.getValue(), entry.getValue().idle(now)))
				.sorted(Comparator.comparingLong(Idle::nanos).reversed())
				.toList();
			int gone = 0;
			for (int i = 0; i < byIdle.size() && this.bytes.get() > this.settings.memory() * 7L / 8; i++, gone++) {
				if (byIdle.get(i).one().giveWay(isNeeded(byIdle.get(i).key()))) {
					this.all.remove(byIdle.get(i).key(), byIdle.get(i).one());
				}
			}
			logger.debug("{} destinations gave way, as sessionlink.history.memory is used up", gone);
		}
		finally {
			this.makesRoom.set(false);
		}
	}

	private record Idle(Key key, KeptDestination one, long nanos) {
	}

	/** Returns how much memory is taken. */
	public long bytes() {
		return this.bytes.get();
	}

	/** Returns of how many destinations something is known. */
	public int count() {
		return this.all.size();
	}

	/** Begins anew, after a close. */
	public synchronized void open() {
		this.closed = false;
	}

	/** Forgets everything. */
	public void close() {
		synchronized (this) {
			this.closed = true;
			if (this.timer != null) {
				this.timer.cancel(false);
				this.timer = null;
			}
		}
		this.all.clear();
		this.bytes.set(0);
	}

	/** Returns those that there are. */
	Map<Key, KeptDestination> all() {
		return Map.copyOf(this.all);
	}

}
