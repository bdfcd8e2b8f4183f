package org.sessionlink.store;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

/**
 * A session that several servers share, as the home of a link. Its end is the store's own
 * to tell, with the cause; one that cannot be told of a use is no session that ends.
 */
final class SharedHome extends SessionHome {

	private final SharedStore store;

	private final String key;

	private final Duration idle;

	SharedHome(HttpSession session, SharedStore store, String key) {
		super(session);
		this.store = store;
		this.key = key;
		this.idle = Duration.between(Instant.ofEpochMilli(session.getLastAccessedTime()), Instant.now());
	}

	@Override
	public Duration idle() {
		return this.idle.isNegative() ? Duration.ZERO : this.idle;
	}

	@Override
	public @Nullable Duration age() {
		return this.store.age(this.key);
	}

	@Override
	<T> T use(Function<HttpSession, T> use) {
		return this.store.use(this.key, use);
	}

	@Override
	public boolean touch() {
		Duration timeout = this.store.touch(this.key);
		if (timeout != null) {
			timeout(timeout);
		}
		return true;
	}

	@Override
	public void invalidate() {
		// Whoever ends the link tells the store.
	}

}
