package org.sessionlink.history;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;
import org.sessionlink.history.History.Key;
import org.sessionlink.history.MessageLog.Known;
import org.sessionlink.link.LinkClock;
import org.sessionlink.link.Telling;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this server has of the destinations that all servers keep together: a copy of each
 * that somebody reads here, brought on by what the {@link MessageLog} tells (B31). What
 * is published comes back from there, at this server as at all others: in one order.
 *
 * <p>
 * Safe for use by any thread. A copy is brought on by whoever holds its
 * {@link KeptDestination#feed()}: the lane of its news, or a subscription for which it
 * does not reach far enough. Registering one, and each message, is a step of the copy
 * itself, as on a server that stands alone.
 */
public final class Copies implements MessageLog.Reader {

	private static final Logger logger = LoggerFactory.getLogger(Copies.class);

	private static final int BATCH = 500;

	/** How often a subscription looks for a copy that stays where it is. */
	private static final int TRIES = 10;

	private final History history;

	private final MessageLog log;

	private final Subscribers subscribers;

	private final LinkClock clock;

	private final CopyFeed feed;

	private final Lanes lanes;

	private volatile boolean open;

	/** Makes them, and hears of the log from now on. */
	public Copies(HistorySettings settings, LinkClock clock, MessageLog log, Subscribers subscribers) {
		this.history = new History(settings, clock, subscribers::areThere);
		this.log = log;
		this.subscribers = subscribers;
		this.clock = clock;
		this.feed = new CopyFeed(log, subscribers, clock);
		this.lanes = new Lanes(clock, (news) -> Telling.tell("A message of another server", () -> take(news)),
				() -> Telling.tell("A look at what all servers keep", this::compareIfPossible));
		log.read(this);
	}

	/** Returns how much is kept of a destination, or null where nothing is. */
	public @Nullable KeepRule rule(String destination) {
		return this.history.rule(destination);
	}

	/**
	 * Publishes a message, if it is to be kept; returns whether it is.
	 * @throws LogAwayException if it is not known whether it is kept
	 */
	public boolean publish(Key key, byte[] content) {
		KeepRule rule = rule(key.destination());
		if (rule == null) {
			return false;
		}
		this.log.publish(key, rule, content);
		return true;
	}

	/**
	 * Makes a subscription known, in one step with finding what came before it, wherever
	 * that was published; does nothing where nothing is kept of its destination.
	 * @param from where its client was, or null where it does not say
	 * @param reads whether it wants to know numbers, until it has left
	 * @return that of which it is, or null where nothing is kept
	 */
	public @Nullable KeptDestination subscribe(Key key, @Nullable Position from, boolean reads,
			BiConsumer<KeptDestination, Seam> register) {
		KeepRule rule = rule(key.destination());
		if (rule == null) {
			return null;
		}
		CopySubscription wanted = new CopySubscription(key, rule, from, reads, register);
		CopySubscription.Tools tools = new CopySubscription.Tools(this.log, this.feed, this.subscribers, this.clock,
				this.history::epoch);
		int tries = 0;
		for (KeptDestination copy = this.history.find(key); copy != null; copy = this.history.find(key)) {
			if ((tries++ < TRIES) ? wanted.to(copy, tools) : wanted.withoutLog(copy, tools)) {
				this.history.makeRoom();
				return copy;
			}
			forgetRetired(key, copy);
		}
		return null;
	}

	private void forgetRetired(Key key, KeptDestination copy) {
		if (copy.isRetired()) {
			this.history.remove(key, copy);
		}
	}

	@Override
	public void hear(LogNews news) {
		if (this.open) {
			this.lanes.add(news);
		}
	}

	private void take(LogNews news) {
		KeepRule rule = rule(news.key().destination());
		if (rule == null) {
			return;
		}
		for (KeptDestination copy = heard(news.key()); copy != null; copy = heard(news.key())) {
			if (taken(copy, rule, news)) {
				copy.following().run();
				this.history.makeRoom();
				return;
			}
			forgetRetired(news.key(), copy);
		}
	}

	// What nobody reads here leaves nothing behind.
	private @Nullable KeptDestination heard(Key key) {
		KeptDestination known = this.history.get(key);
		return (known == null && this.open && this.subscribers.areThere(key)) ? this.history.find(key) : known;
	}

	private boolean taken(KeptDestination copy, KeepRule rule, LogNews news) {
		copy.feed().lock();
		try {
			return this.feed.take(copy, news.key(), rule, news);
		}
		catch (LogAwayException ex) {
			// It is compared once the log is back, and now and then.
			logger.debug("What is missing cannot be read yet", ex);
			return true;
		}
		finally {
			copy.feed().unlock();
		}
	}

	@Override
	public void compare() {
		List<Known> all = new ArrayList<>();
		this.history.all().forEach((key, copy) -> {
			KeepRule rule = rule(key.destination());
			// One that is nowhere is on its way somewhere.
			if (rule != null && !copy.mark().isNowhere()) {
				all.add(new Known(key, rule, copy.mark()));
			}
		});
		for (int from = 0; from < all.size(); from += BATCH) {
			compare(all.subList(from, Math.min(all.size(), from + BATCH)));
		}
	}

	private void compare(List<Known> some) {
		List<Mark> heads = this.log.heads(some);
		for (int i = 0; i < some.size(); i++) {
			if (!heads.get(i).equals(some.get(i).mark())) {
				hear(LogNews.head(some.get(i).key(), heads.get(i)));
			}
		}
	}

	private void compareIfPossible() {
		try {
			compare();
		}
		catch (LogAwayException ex) {
			logger.debug("What all servers keep is compared once it is back", ex);
		}
	}

	/** Forgets what is too old, or what nobody reads any more. */
	void tidy() {
		this.history.tidy();
	}

	/** Returns how many destinations there are copies of. */
	public int count() {
		return this.history.count();
	}

	/** Returns how much memory they take. */
	public long bytes() {
		return this.history.bytes();
	}

	/** Begins anew, after a close. */
	public void open() {
		this.history.open();
		this.open = true;
	}

	/** Forgets everything. */
	public void close() {
		this.open = false;
		this.history.close();
	}

}
