package org.sessionlink.cluster;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;
import org.sessionlink.cluster.Records.Loaded;
import org.sessionlink.cluster.Records.Saved;
import org.sessionlink.cluster.SharedSession.Changes;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Link;
import org.sessionlink.link.Refused;
import org.sessionlink.store.SessionKey;
import org.sessionlink.store.SessionLinks;
import org.sessionlink.store.SharedStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.session.SessionRepository;

/**
 * The HTTP sessions of all nodes, for Spring Session and for the links. A session is
 * written as it begins, so that its link never is without a record, and then only what
 * has changed of it; none that has ended is written again (B9).
 *
 * <p>
 * Safe for use by any thread; what is shared is in Redis. Each call may wait for that,
 * and throws a {@link StoreAwayException} where it is away.
 */
final class SharedSessions implements SessionRepository<SharedSession>, SharedStore {

	private static final Logger logger = LoggerFactory.getLogger(SharedSessions.class);

	private final SecureRandom random = new SecureRandom();

	private final Records records;

	private final StoreWatch watch;

	private final LocalLinks local;

	private final SharedLinks links;

	private final Places places;

	private final SessionLinks sessionLinks;

	private final ServletContext servletContext;

	private final Duration timeout;

	/**
	 * Makes those of an application.
	 * @param timeout of new sessions; zero for none
	 */
	SharedSessions(Records records, StoreWatch watch, LocalLinks local, SharedLinks links, Places places,
			SessionLinks sessionLinks, ServletContext servletContext, Duration timeout) {
		this.records = records;
		this.watch = watch;
		this.local = local;
		this.links = links;
		this.places = places;
		this.sessionLinks = sessionLinks;
		this.servletContext = servletContext;
		this.timeout = timeout;
	}

	@Override
	public SharedSession createSession() {
		return ofRequest(this::create);
	}

	private SharedSession create() {
		needStore();
		SharedSession session = new SharedSession(SessionKey.begin(System.currentTimeMillis(), this.random),
				this.timeout, this.records.inUse());
		State state = this.records.save(session, session.takeChanges(), true).state();
		this.local.know(hash(session), session.key().value(), state.version(), Duration.ZERO);
		LateChanges.mayComeTo(session);
		return session;
	}

	@Override
	public void save(SharedSession session) {
		Changes changes = session.takeChanges();
		if (changes.isEmpty()) {
			return;
		}
		Saved saved = save(session, changes);
		kept(hash(session), saved.state(), changes);
		if (saved.unwritten() != null) {
			unwritten(session, saved.unwritten());
		}
	}

	private Saved save(SharedSession session, Changes changes) {
		try {
			needStore();
			return this.records.save(session, changes, false);
		}
		catch (StoreAwayException ex) {
			session.putBack(changes);
			throw SessionsFilter.without(ex);
		}
	}

	// Said once: neither the rest nor the page that says so is to fail by it.
	private void unwritten(SharedSession session, UnwritableAttributeException failure) {
		if (failure.isLarge()) {
			this.local.refused(Refused.SESSION_TOO_LARGE);
			logger.warn("{} Its request fails under session {}", failure.getMessage(),
					KeptLinks.fingerprint(hash(session)));
		}
		throw failure;
	}

	private static <T extends @Nullable Object> T ofRequest(Supplier<T> session) {
		try {
			return session.get();
		}
		catch (StoreAwayException | UnreadableSessionException ex) {
			throw SessionsFilter.without(ex);
		}
	}

	private void kept(String hash, State state, Changes changes) {
		if (state.end() != null) {
			this.links.hasEnded(hash, state.end());
		}
		else if (state.isOpen() && changes.concernOthers()) {
			// Others may have changed it as well.
			follow(hash);
		}
	}

	@Override
	public @Nullable SharedSession findById(String id) {
		return ofRequest(() -> find(id));
	}

	private @Nullable SharedSession find(String id) {
		Loaded loaded = read(() -> this.records.byId(id, this.watch.judges()));
		EndCause cause = loaded.state().end();
		if (cause != null) {
			this.links.hasEnded(loaded.hash(), cause);
		}
		SharedSession session = loaded.session();
		if (session == null) {
			return null;
		}
		LateChanges.mayComeTo(session);
		return known(loaded, session);
	}

	private SharedSession known(Loaded loaded, SharedSession session) {
		Link link = this.local.find(loaded.hash());
		Duration idle = loaded.state().idle();
		if (link != null && idle != null) {
			link.usedElsewhere(idle);
		}
		if (this.local.isNews(loaded.hash(), loaded.state().version())) {
			takeOver(session);
		}
		boolean news = this.local.isNews(loaded.hash(), loaded.state().version());
		this.local.know(loaded.hash(), session.key().value(), loaded.state().version(), loaded.age());
		if (news) {
			this.places.settle(loaded.hash(), loaded.state().version());
		}
		return session;
	}

	@Override
	public void deleteById(String id) {
		// Another request may have changed the id, and so may this one, unwritten yet.
		String known = this.records.inUse().find(id);
		String hash = (known != null) ? known : ofRequest(() -> this.records.byId(id, false).hash());
		if (!hash.isEmpty()) {
			this.links.end(hash, EndCause.ENDED);
		}
	}

	/** Takes over what other nodes have changed of a session whose link is open here. */
	void follow(String hash) {
		try {
			Loaded loaded = this.records.byHash(hash);
			if (loaded.session() != null) {
				takeOver(loaded.session());
				this.local.know(hash, loaded.session().key().value(), loaded.state().version(), loaded.age());
				this.places.settle(hash, loaded.state().version());
			}
		}
		catch (UnreadableSessionException ex) {
			logger.warn("What another node has changed of a session cannot be read here: {}", ex.getMessage(), ex);
		}
	}

	private void takeOver(SharedSession session) {
		this.sessionLinks.takeOver(http(session));
	}

	private SharedHttpSession http(SharedSession session) {
		return new SharedHttpSession(session, this.servletContext, () -> this.links.end(hash(session), EndCause.ENDED));
	}

	@Override
	public boolean haveMade(HttpSession session) {
		return session instanceof SharedHttpSession || SessionLinks.hearOf(session);
	}

	@Override
	public @Nullable Duration age(String key) {
		return this.local.age(Records.hash(key));
	}

	@Override
	public <T> T use(String key, Function<HttpSession, T> use) {
		SharedSession session = read(() -> this.records.byHash(Records.hash(key))).session();
		if (session == null) {
			throw new IllegalStateException("The session has ended.");
		}
		SharedHttpSession http = http(session);
		T result = use.apply(http);
		if (!http.isOver()) {
			save(session);
		}
		return result;
	}

	@Override
	public @Nullable Duration touch(String key) {
		return this.links.touch(Records.hash(key));
	}

	// What took the store's place meanwhile may not have been told yet who has ended.
	private Loaded read(Supplier<Loaded> load) {
		Object era = this.watch.era();
		needStore();
		Loaded loaded = load.get();
		if (this.watch.era() != era) {
			throw new StoreAwayException("The store of the sessions was away meanwhile.");
		}
		return loaded;
	}

	// So that nobody waits for what is known to be away.
	private void needStore() {
		if (!this.watch.isUp()) {
			throw new StoreAwayException("The store of the sessions is away.");
		}
	}

	private static String hash(SharedSession session) {
		return Records.hash(session.key().value());
	}

}
