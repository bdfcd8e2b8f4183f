package org.sessionlink.store;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Home;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.Links;

/**
 * Finds the link of each HTTP session, and keeps its id, its home and its identity as the
 * session has them.
 *
 * <p>
 * Safe for use by any thread; what it remembers are the ties.
 */
final class LinkedSessions {

	private final SessionTies ties = new SessionTies();

	private final Links links;

	private final Function<HttpSession, SessionHome> homes;

	private volatile @Nullable SharedStore shared;

	LinkedSessions(Links links, ServletContext servletContext) {
		this.links = links;
		this.homes = SessionHome.in(servletContext);
		links.whenForgotten((link) -> this.ties.forget(link.sessionId(), link.key()));
	}

	boolean isKnown(HttpSession session) {
		return this.ties.find(session) != null;
	}

	/**
	 * Returns the link of a session; it may have ended.
	 * @throws IllegalStateException if the session is no longer valid
	 */
	Link linkOf(HttpSession session) {
		Link link = open(session);
		if (link.identity() == null) {
			// It may be older than this application, and the link knows nobody yet.
			identify(session, link, link::identifyAsBefore);
		}
		return link;
	}

	private Link open(HttpSession session) {
		// What a request has read of one that others change as well may be old by now.
		return follow(session, !isShared(session));
	}

	private Link follow(HttpSession session, boolean isNow) {
		SessionKey key = this.ties.keyOf(session);
		Home home = home(session, key);
		String id = session.getId();
		Link link = this.links.open(key.value(), key.createdAt(), id, home);
		String before = link.sessionId();
		if (isNow && link.endCause() == null) {
			link.moveTo(home, id);
		}
		// Only the id that the session has now is its own.
		Stream.of(before, id)
			.filter((left) -> !left.equals(link.sessionId()))
			.forEach((left) -> this.ties.forget(left, key.value()));
		return link;
	}

	private boolean isShared(HttpSession session) {
		SharedStore store = this.shared;
		return store != null && store.haveMade(session);
	}

	private Home home(HttpSession session, SessionKey key) {
		SharedStore store = this.shared;
		return (store != null && store.haveMade(session)) ? new SharedHome(session, store, key.value())
				: this.homes.apply(session);
	}

	/** Finds the homes of sessions in this store from the start on. */
	void shareWith(SharedStore store) {
		this.shared = store;
	}

	/** Opens the link of a session that its container has brought back. */
	void open(HttpSession session, SessionKey kept) {
		// One that is known has only been out of memory, or is another session's.
		if (!this.links.knows(kept.value())) {
			SessionKey made = this.ties.tieAgain(session, kept);
			if (made != null) {
				// Undertow creates a session anew, as any other, before it brings it
				// back.
				this.links.open(made.value(), session.getId(), Home.GONE).sessionDestroyed();
			}
		}
		linkOf(session);
	}

	/**
	 * Looks once more at a session that has been in use, who it belongs to and whether
	 * the key is still in it.
	 * @param used told of its link
	 * @return the session if its link has ended, otherwise null
	 */
	@Nullable HttpSession lookAgain(@Nullable HttpSession session, Consumer<Link> used) {
		if (session == null || !isKnown(session)) {
			return null;
		}
		Link link = open(session);
		if (!isShared(session)) {
			identify(session, link, link::identify);
		}
		used.accept(link);
		if (link.endCause() != null) {
			return session;
		}
		this.ties.putBack(session);
		return null;
	}

	/** Tells the link of a session that is known who that belongs to. */
	void identify(HttpSession session) {
		if (isKnown(session)) {
			Link link = open(session);
			identify(session, link, link::identify);
		}
	}

	/** Takes over all of a session as it is now, where its link is open here. */
	void takeOver(HttpSession session) {
		SessionKey key = this.ties.find(session);
		if (key != null && this.links.knows(key.value())) {
			Link link = follow(session, true);
			identify(session, link, link::identify);
		}
	}

	private static void identify(HttpSession session, Link link, Consumer<Identity> tell) {
		// Again where the session has changed meanwhile: who saw that may have been first
		// to tell the link.
		Identity told;
		do {
			told = Identities.in(session);
			if (link.endCause() != null || (told.principal() == null && link.identity() == null)) {
				return;
			}
			tell.accept(told);
		}
		while (link.endCause() == null && !told.sameAs(Identities.in(session)));
	}

	/** Takes note that a session has another id now; any number of times. */
	void moved(String oldId, HttpSession session) {
		this.ties.moved(oldId, session);
		if (isKnown(session)) {
			linkOf(session);
		}
	}

	/** Takes note that a session has ended. */
	void destroyed(HttpSession session) {
		destroyed(session, this.ties.find(session));
	}

	/** The same of one that tells nothing of itself any more but its id. */
	void destroyedById(HttpSession session) {
		destroyed(session, this.ties.find(session.getId()));
	}

	private void destroyed(HttpSession session, @Nullable SessionKey key) {
		if (key != null) {
			this.links.open(key.value(), session.getId(), Home.GONE).sessionDestroyed();
		}
	}

	/** Returns how many sessions are known. */
	int size() {
		return this.ties.size();
	}

}
