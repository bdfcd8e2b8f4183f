package org.sessionlink.cluster;

import java.time.Duration;

import org.sessionlink.link.UserLimit;

/** Two servers that share their sessions, in a Redis of their own or in a given one. */
final class TwoNodes implements AutoCloseable {

	static final Duration LONG = Duration.ofMinutes(30);

	static final Duration GRACE = Duration.ofSeconds(60);

	final RealRedis redis;

	final Node a;

	final Node b;

	private final boolean owned;

	TwoNodes() {
		this(GRACE);
	}

	/**
	 * Makes them with a Redis of their own.
	 * @param grace of the second
	 */
	TwoNodes(Duration grace) {
		this(new RealRedis(), true, "/app", grace, UserLimit.NONE);
	}

	TwoNodes(RealRedis redis, String contextPath, UserLimit limit) {
		this(redis, false, contextPath, GRACE, limit);
	}

	private TwoNodes(RealRedis redis, boolean owned, String contextPath, Duration grace, UserLimit limit) {
		this.redis = redis;
		this.owned = owned;
		this.a = new Node(redis.url(), LONG, GRACE, contextPath, limit);
		this.b = new Node(redis.url(), LONG, grace, contextPath, limit);
	}

	@Override
	public void close() {
		this.a.close();
		this.b.close();
		if (this.owned) {
			this.redis.close();
		}
	}

}
