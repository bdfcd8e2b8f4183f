package org.sessionlink.cluster;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Presence;
import org.sessionlink.link.PresenceReporter;
import org.sessionlink.link.Telling;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is there by all nodes (B37), where any destination has presence: on a thread of its
 * own, so that however much there is to tell holds up nothing else. Where none has, there
 * is nothing to hear, no thread, and nobody to tell of.
 *
 * <p>
 * Safe for use by any thread. Where something has changed stands in a set, from which it
 * is taken by the one step before it is read; whether somebody is to read it is one
 * atomic flag. All else only the thread knows.
 */
public final class SharedPresence implements PresenceReporter, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(SharedPresence.class);

	/** The least time between two times that others are told something. */
	static final Duration PACE = Duration.ofMillis(200);

	/** While nobody can be told, all is looked at afterwards beyond that. */
	private static final int MOST_CHANGED = 10_000;

	private final Set<String> changed = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean anyChanged = new AtomicBoolean();

	private final AtomicBoolean telling = new AtomicBoolean();

	private final OwnPresence own = new OwnPresence(OwnPresence.MOST);

	private final Redis redis;

	private final Nodes nodes;

	private final StoreWatch watch;

	private final ScheduledExecutorService thread;

	private volatile @Nullable Presence presence;

	private volatile long told = System.nanoTime() - PACE.toNanos();

	private boolean on;

	private @Nullable PresenceTalk talk;

	private @Nullable Object greetedIn;

	SharedPresence(Redis redis, Nodes nodes, StoreWatch watch, ScheduledExecutorService thread) {
		this.redis = redis;
		this.nodes = nodes;
		this.watch = watch;
		this.thread = thread;
	}

	/** Switches it on, before the start of the cluster. */
	public void on() {
		this.on = true;
		this.redis.hear(List.of(PresenceTalk.CHANNEL, PresenceTalk.channelOf(this.nodes.id())));
	}

	/** Begins to look whether others have heard all, now and then. */
	void start() {
		if (this.on) {
			lookSoon();
		}
	}

	private void lookSoon() {
		this.thread.schedule(() -> {
			whileUp(PresenceTalk::remind);
			lookSoon();
		}, Cluster.millisToNextLook(), TimeUnit.MILLISECONDS);
	}

	/** Shares a presence from now on, in place of any other. */
	public void share(Presence one) {
		if (!this.on) {
			return;
		}
		this.presence = one;
		one.shareWith(this);
		this.thread.execute(() -> {
			this.talk = new PresenceTalk(this.nodes.id(), this.nodes.name(), one, this.own, System::nanoTime,
					(channel, message) -> this.redis.publish(channel, List.of(message)));
			this.anyChanged.set(true);
			this.greetedIn = null;
			whileUp(this::greet);
		});
	}

	/**
	 * Shares it no more. Others are not told: who was here may come back elsewhere.
	 */
	public void unshare(Presence one) {
		if (this.presence == one) {
			this.presence = null;
			one.shareWith(PresenceReporter.NONE);
			this.thread.execute(() -> {
				if (this.presence == null) {
					this.talk = null;
				}
			});
		}
	}

	@Override
	public String name() {
		return this.nodes.name();
	}

	@Override
	public void changed(String destination) {
		if (this.changed.size() < MOST_CHANGED) {
			this.changed.add(destination);
		}
		else {
			this.anyChanged.set(true);
		}
		if (this.telling.compareAndSet(false, true)) {
			long wait = PACE.minusNanos(System.nanoTime() - this.told).toMillis();
			this.thread.schedule(() -> {
				this.telling.set(false);
				whileUp(this::tell);
				if (!this.watch.isUp()) {
					// What strangers do meanwhile takes no memory.
					this.anyChanged.set(true);
					this.changed.clear();
				}
			}, Math.max(0, wait), TimeUnit.MILLISECONDS);
		}
	}

	/** Returns of how many destinations something has yet to be told. */
	int waiting() {
		return this.changed.size();
	}

	private void tell(PresenceTalk now) {
		this.told = System.nanoTime();
		if (this.anyChanged.getAndSet(false)) {
			this.changed.clear();
			now.tellAnew();
		}
		Set<String> taken = new LinkedHashSet<>();
		for (String destination : this.changed) {
			this.changed.remove(destination);
			taken.add(destination);
		}
		now.tell(taken);
	}

	/** Takes note of what another node has said; never waits. */
	void hear(String message) {
		this.thread.execute(() -> whileUp((now) -> now.hear(message)));
	}

	/** Looks after it with each pulse of the store. */
	void beat() {
		if (!this.on) {
			return;
		}
		boolean awayForLong = this.watch.isAwayForLong();
		this.thread.execute(() -> {
			if (awayForLong && this.talk != null) {
				this.talk.forgetOthers();
			}
			// Be it that only the connection is another.
			if (this.greetedIn != this.watch.news()) {
				whileUp(this::greet);
			}
			// A store that has just come back has yet to hear of all nodes.
			if (this.watch.judges()) {
				whileUp((now) -> now.look(this.nodes.others().keySet()));
			}
		});
	}

	private void greet(PresenceTalk now) {
		Object news = this.watch.news();
		tell(now);
		now.greet();
		this.greetedIn = news;
	}

	// What cannot be told now is seen later by the numbers.
	private void whileUp(Consumer<PresenceTalk> task) {
		PresenceTalk now = this.talk;
		if (now != null && this.watch.isUp()) {
			Telling.tell("Who is there by which node", () -> {
				try {
					task.accept(now);
				}
				catch (StoreAwayException ex) {
					logger.debug("The session store went away meanwhile", ex);
				}
			});
		}
	}

	@Override
	public void close() {
		this.thread.shutdownNow();
	}

}
