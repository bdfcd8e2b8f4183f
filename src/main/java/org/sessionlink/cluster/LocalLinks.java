package org.sessionlink.cluster;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Link;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;

/**
 * The links that this node knows, by their hashes, and the version of each that it has
 * heard of.
 *
 * <p>
 * Safe for use by any thread: the version moves by one atomic step on the map, and only
 * forward.
 */
final class LocalLinks {

	/** Far longer than it takes from reading a session to opening its link. */
	private static final Duration OPENING = Duration.ofMinutes(1);

	private final ConcurrentMap<String, Known> byHash = new ConcurrentHashMap<>();

	private final Links links;

	LocalLinks(Links links) {
		this.links = links;
	}

	/**
	 * Takes note of the key of a session that was read or made here.
	 * @param age how long ago it began
	 */
	void know(String hash, String key, long version, Duration age) {
		long now = System.nanoTime();
		this.byHash.merge(hash, new Known(key, version, now, now - age.toNanos()),
				(known, newer) -> (known.version >= version) ? known : newer);
	}

	/**
	 * Takes note of the version of a link.
	 * @return whether it is known here, by an older one
	 */
	boolean isNews(String hash, long version) {
		Known known = this.byHash.get(hash);
		return known != null && known.version < version;
	}

	/** Returns the version of a link that this node has taken over. */
	long version(String hash) {
		Known known = this.byHash.get(hash);
		return (known != null) ? known.version : 0;
	}

	/**
	 * Returns how long ago the session of a link has begun, or null where that is not
	 * known.
	 */
	@Nullable Duration age(String hash) {
		Known known = this.byHash.get(hash);
		return (known != null) ? Duration.ofNanos(System.nanoTime() - known.begun) : null;
	}

	/** Returns the open link with a hash, or null. */
	@Nullable Link find(String hash) {
		Known known = this.byHash.get(hash);
		Link link = (known != null) ? this.links.find(known.key) : null;
		return (link != null && link.endCause() == null) ? link : null;
	}

	/** Counts something that was refused (B27). */
	void refused(Refused reason) {
		this.links.refused(reason);
	}

	/** Returns the hashes of all links that are open here, and forgets the others. */
	List<String> open() {
		long now = System.nanoTime();
		this.byHash.values().removeIf((known) -> now - known.since > OPENING.toNanos() && !this.links.knows(known.key));
		return this.byHash.keySet().stream().filter((hash) -> find(hash) != null).toList();
	}

	private record Known(String key, long version, long since, long begun) {

	}

}
