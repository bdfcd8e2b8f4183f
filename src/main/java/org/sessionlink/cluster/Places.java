package org.sessionlink.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Crew;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Link;
import org.sessionlink.link.Seen;
import org.sessionlink.link.UserLimit;
import org.sessionlink.link.UserPlaces;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the sessions of users on all nodes (B48, B49): one script says in one step which
 * place a login has, and ends what is too many.
 */
final class Places implements UserPlaces {

	private static final Logger logger = LoggerFactory.getLogger(Places.class);

	/** Those whose counting was not answered, though the store is there. */
	private final Set<String> uncounted = ConcurrentHashMap.newKeySet();

	private final Redis redis;

	private final StoreWatch watch;

	private final LocalLinks local;

	private final Ends ends;

	private final UserLimit limit;

	private final String node;

	/**
	 * Makes it.
	 * @param node what names this one among all
	 */
	Places(Redis redis, StoreWatch watch, LocalLinks local, Ends ends, UserLimit limit, String node) {
		this.redis = redis;
		this.watch = watch;
		this.local = local;
		this.ends = ends;
		this.limit = limit;
		this.node = node;
	}

	@Override
	public boolean areShared() {
		return true;
	}

	@Override
	public boolean decide() {
		return this.watch.isUp();
	}

	@Override
	public boolean take(Link link, @Nullable String owner, Instant since) {
		String hash = Records.hash(link.key());
		Instant now = link.clock().now();
		String age = since.isBefore(now) ? Long.toString(Duration.between(since, now).toMillis()) : "";
		return place(hash, this.local.version(hash), owner, age, mode());
	}

	/** Counts a link for who owns it by a version of its session. */
	void settle(String hash, long version) {
		Link link = this.local.find(hash);
		if (link != null) {
			place(hash, version, link.ownership().name(), "", mode());
		}
	}

	/** Counts all links again that there are here; nobody is refused any more. */
	void catchUp() {
		countAgain(links(this.local.open()).filter((link) -> link.ownership().name() != null));
	}

	/** Returns whether some links could not be counted. */
	boolean missSome() {
		return !this.uncounted.isEmpty();
	}

	/** Counts those again. */
	void countMissed() {
		this.uncounted.removeIf((hash) -> this.local.find(hash) == null);
		countAgain(links(List.copyOf(this.uncounted)));
	}

	private Stream<Link> links(List<String> hashes) {
		return hashes.stream().map(this.local::find).flatMap(Stream::ofNullable);
	}

	private void countAgain(Stream<Link> links) {
		String mode = this.limit.refusesNew() ? "keep" : "end-oldest";
		links.sorted(Comparator.comparing(Link::createdAt)).forEach((link) -> {
			String hash = Records.hash(link.key());
			place(hash, this.local.version(hash), link.ownership().name(), "", mode);
		});
	}

	private String mode() {
		return this.limit.refusesNew() ? "refuse-new" : "end-oldest";
	}

	private boolean place(String hash, long version, @Nullable String owner, String age, String mode) {
		if (!this.watch.isUp()) {
			return false;
		}
		try {
			List<?> ended = run(Script.PLACE, hash, Long.toString(version), (owner != null) ? owner : "",
					(owner != null) ? Records.hash(owner) : "", age, Integer.toString(this.limit.sessions()), mode,
					this.node, judge());
			this.uncounted.remove(hash);
			ended.forEach((one) -> replaced(Redis.text(one)));
			return true;
		}
		catch (StoreAwayException ex) {
			logger.debug("How many sessions a user has cannot be said", ex);
			this.uncounted.add(hash);
			return false;
		}
	}

	// Other nodes hear of it.
	private void replaced(String hash) {
		logger.info("Session {} ends, as its user has more than sessionlink.limits.sessions-per-user",
				KeptLinks.fingerprint(hash));
		this.ends.heard(hash, EndCause.REPLACED);
		Link link = this.local.find(hash);
		if (link != null) {
			link.end(EndCause.REPLACED);
		}
	}

	@Override
	public Answer promise(String user, @Nullable Link link) {
		if (!this.watch.isUp()) {
			return Answer.UNKNOWN;
		}
		try {
			List<?> answer = run(Script.PROMISE, (link != null) ? Records.hash(link.key()) : "", Records.hash(user),
					Integer.toString(this.limit.sessions()), this.node, judge());
			return Long.valueOf(1).equals(answer.get(0)) ? Answer.YES : Answer.NO;
		}
		catch (StoreAwayException ex) {
			logger.debug("Whether a user has a place cannot be said", ex);
			return Answer.UNKNOWN;
		}
	}

	@Override
	public void giveBack(String user, Link link) {
		try {
			if (this.watch.isUp()) {
				run(Script.UNPROMISE, Records.hash(link.key()), Records.hash(user), this.node);
			}
		}
		catch (StoreAwayException ex) {
			logger.debug("A promised place is free only in a minute", ex);
		}
	}

	@Override
	public void seen(Link link, Seen now) {
		link.execute(Crew.TOUCHING, () -> {
			try {
				if (this.watch.isUp()) {
					run(Script.SEEN, Records.hash(link.key()), now.address(),
							(now.userAgent() != null) ? now.userAgent() : "");
				}
			}
			catch (StoreAwayException ex) {
				logger.debug("From where a session is used could not be told", ex);
			}
		});
	}

	// Nobody is judged by an idle time that not all nodes have told.
	private String judge() {
		return this.watch.judges() ? "1" : "";
	}

	private List<?> run(Script script, String... arguments) {
		return this.redis.run(script, Stream.of(arguments).map(Redis::bytes).toList());
	}

}
