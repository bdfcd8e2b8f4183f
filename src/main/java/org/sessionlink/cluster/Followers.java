package org.sessionlink.cluster;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import org.sessionlink.link.Crew;
import org.sessionlink.link.Link;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has sessions followed that other nodes have changed. That reads objects of the
 * application, whose code may take any time: a crew of its own waits for it, one thread
 * at most for each session, and nothing else of this node does.
 *
 * <p>
 * Safe for use by any thread: one that waits to be followed stands in the set, and is
 * taken out by the one step before it is read.
 */
final class Followers {

	private static final Logger logger = LoggerFactory.getLogger(Followers.class);

	private final Set<String> waiting = ConcurrentHashMap.newKeySet();

	private final LocalLinks local;

	private final Consumer<String> follow;

	/**
	 * Makes it.
	 * @param follow takes over what the store has of a link, by its hash
	 */
	Followers(LocalLinks local, Consumer<String> follow) {
		this.local = local;
		this.follow = follow;
	}

	/** Has what the store has of a link taken over soon, if the link is open here. */
	void follow(String hash) {
		Link link = this.local.find(hash);
		if (link != null && this.waiting.add(hash)) {
			link.execute(Crew.FOLLOWING, () -> followNow(hash));
		}
	}

	private void followNow(String hash) {
		// What changes from now on is followed once more.
		this.waiting.remove(hash);
		try {
			this.follow.accept(hash);
		}
		catch (StoreAwayException ex) {
			// It is looked at again (B22).
			logger.debug("The session store went away meanwhile", ex);
		}
	}

}
