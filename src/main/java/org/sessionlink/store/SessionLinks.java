package org.sessionlink.store;

import java.util.function.Consumer;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequestAttributeEvent;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Link;
import org.sessionlink.link.Links;
import org.sessionlink.link.SocketLink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives every HTTP session its link, and tells the link what the container's events and
 * the requests of any servlet or filter of the application bring.
 *
 * <p>
 * The key of the link outlives a change of the session's id (B11), and whatever happens
 * to the session's attributes ({@link SessionTies}). A session gets it when it is
 * created, before anyone else can see the session; one that is older than this
 * application (kept over a restart) when it is first used.
 */
public final class SessionLinks extends SessionEvents {

	private static final String ATTRIBUTE = SessionLinks.class.getName();

	private static final Logger logger = LoggerFactory.getLogger(SessionLinks.class);

	private final LinkedSessions sessions;

	private final PromisedPlaces places;

	private final StoreSettings settings;

	private final HttpActivity activity;

	private final LastSeen lastSeen;

	private final LostHandshakes handshakes = new LostHandshakes();

	private final RequestsInProgress requests;

	public SessionLinks(Links links, StoreSettings settings, ServletContext servletContext) {
		this.sessions = new LinkedSessions(links, servletContext);
		this.places = new PromisedPlaces(links, this.sessions);
		this.settings = settings;
		this.activity = new HttpActivity(settings);
		this.lastSeen = new LastSeen(this.activity);
		this.requests = new RequestsInProgress(servletContext.getContextPath());
		servletContext.setAttribute(ATTRIBUTE, this);
		DistributableSessions.lookAt(servletContext);
	}

	/**
	 * Takes note of endpoints for sockets: whether what comes over them is activity their
	 * frames say, and not the requests that open and carry them (B8).
	 * @param paths below the servlet that serves them
	 */
	public void socketsAt(String... paths) {
		this.activity.socketsAt(paths);
	}

	/**
	 * Takes note that a request, however it got there, carries the frames of a socket: it
	 * is no activity itself (B8).
	 */
	public void carriesFrames(HttpServletRequest request) {
		this.requests.isNone(request);
	}

	/**
	 * Takes note that a request, however it got there, is one that pages make by
	 * themselves: it is no activity (B7).
	 */
	public void onlyLooks(HttpServletRequest request) {
		LastSeen.onlyLooks(request);
		this.requests.isNone(request);
	}

	/**
	 * Promises the login of a request a place among the sessions of its user, until the
	 * request is over (B49).
	 * @return false if the user has as many as may be: then no session was started
	 */
	boolean promisesPlace(HttpServletRequest request, String user) {
		return this.places.promise(request, user);
	}

	/** Returns whether a request comes under the HTTP session of a link. */
	public boolean isUnder(HttpServletRequest request, Link link) {
		try {
			HttpSession session = request.getSession(false);
			return session != null && linkOf(session) == link;
		}
		catch (IllegalStateException ex) {
			return false;
		}
	}

	/** Shares the sessions with other servers from the start on. */
	public void shareWith(SharedStore store) {
		this.sessions.shareWith(store);
	}

	/**
	 * Takes over who a session that is shared belongs to now, under which id and for how
	 * long, where its link is open here.
	 */
	public void takeOver(HttpSession session) {
		this.sessions.takeOver(session);
	}

	/**
	 * Returns whether a request is somebody's doing, and none of what pages make (B7).
	 */
	public boolean countsAsActivity(HttpServletRequest request) {
		return this.activity.counts(request);
	}

	/** Returns whether what a session holds under this name says whose it is. */
	public static boolean saysWhose(String attribute) {
		return Identities.areIn(attribute);
	}

	/**
	 * Returns the link of a session; it may have ended.
	 * @throws IllegalStateException if the session is no longer valid
	 */
	public Link linkOf(HttpSession session) {
		return this.sessions.linkOf(session);
	}

	/**
	 * Returns what ties the socket of a handshake to the link of its session, with the
	 * identity that the handshake may have (B12).
	 * @throws IllegalStateException if the session is no longer valid
	 */
	public SocketLink socketLink(HttpServletRequest handshake, HttpSession session) {
		return HandshakeIdentity.socketLink(handshake, session, linkOf(session));
	}

	/**
	 * Returns whether somebody tells of the requests and the end of a session that is
	 * none of the container's.
	 */
	public static boolean hearOf(HttpSession session) {
		return SpringSessions.haveMade(session);
	}

	/** Returns those of an application, or null where it has none. */
	static @Nullable SessionLinks in(ServletContext servletContext) {
		return (servletContext.getAttribute(ATTRIBUTE) instanceof SessionLinks sessionLinks) ? sessionLinks : null;
	}

	/** Opens the link of a session that its container has brought back. */
	static void takeBack(HttpSession session, SessionKey kept) {
		if (DistributableSessions.isOne(session)) {
			// It is looked at as it is used.
			return;
		}
		try {
			SessionLinks sessionLinks = in(session.getServletContext());
			if (sessionLinks != null) {
				sessionLinks.sessions.open(session, kept);
			}
		}
		catch (RuntimeException ex) {
			logger.debug("A session has come back that cannot be looked at yet", ex);
		}
	}

	@Override
	public void sessionCreated(HttpSessionEvent event) {
		HttpSession session = event.getSession();
		if (this.sessions.isKnown(session)) {
			// Tomcat says so of one that comes into memory again, too, be it for a frame.
			linkOf(session);
			return;
		}
		if (this.settings.sessionTimeout() != null) {
			session.setMaxInactiveInterval((int) this.settings.sessionTimeout().toSeconds());
		}
		Link link = linkOf(session);
		link.begunHere();
		this.requests.use(link);
	}

	/**
	 * Counts any request of a session as activity until it ends (B43), but for those that
	 * pages make by themselves (B7); none finds a session whose link has ended.
	 */
	@Override
	public void requestInitialized(ServletRequestEvent event) {
		HttpServletRequest request = (HttpServletRequest) event.getServletRequest();
		boolean counts = this.activity.counts(request);
		this.requests.begins(request, counts);
		HttpSession session = request.getSession(false);
		if (session == null) {
			return;
		}
		try {
			Link link = linkOf(session);
			// The link's own clock decides, not the container, which may take an expired
			// session up again (B9), and is still to be told where the link has just
			// ended.
			if (link.endIfDue()) {
				session.invalidate();
			}
			else if (counts) {
				this.requests.use(link);
			}
		}
		catch (IllegalStateException ex) {
			// It ended while we looked; the request goes on without it.
		}
	}

	/**
	 * Looks once more who the session belongs to, as code may change what it holds in
	 * place, puts back what it may have taken out, and takes note from where it was used.
	 */
	@Override
	public void requestDestroyed(ServletRequestEvent event) {
		HttpServletRequest request = (HttpServletRequest) event.getServletRequest();
		if (LostHandshakes.canBe(request)) {
			this.handshakes.look(request, this.activity.endpoint(request));
		}
		try {
			Consumer<Link> used = (link) -> this.lastSeen.look(request, link);
			this.sessions.lookAgain(request.getSession(false), used);
			endWithLink(this.sessions.lookAgain(SpringSessions.in(request), used));
		}
		catch (IllegalStateException ex) {
			// It has ended, or the response is under way: there is nobody to identify.
		}
		finally {
			this.places.giveBack(request);
			this.requests.dispatched(request);
		}
	}

	// Of its end nobody else tells Spring Session, and no time is better.
	private static void endWithLink(@Nullable HttpSession session) {
		if (session != null) {
			session.invalidate();
		}
	}

	/**
	 * Counts a request for the session of Spring Session's that it uses, as for one of
	 * the container's.
	 */
	@Override
	public void requestAttributeAdded(ServletRequestAttributeEvent event) {
		HttpSession session = SpringSessions.in(event);
		try {
			if (session == null || !this.sessions.isKnown(session)) {
				return;
			}
			Link link = linkOf(session);
			if (session.isNew()) {
				link.begunHere();
			}
			if (link.endIfDue()) {
				SpringSessions.empty(session);
			}
			else {
				this.requests.use(link);
			}
		}
		catch (IllegalStateException ex) {
			// It has ended meanwhile.
		}
	}

	@Override
	public void requestAttributeRemoved(ServletRequestAttributeEvent event) {
		HttpSession session = SpringSessions.in(event);
		if (session != null && SpringSessions.hasEnded(session)) {
			this.sessions.destroyedById(session);
		}
	}

	@Override
	public void attributeAdded(HttpSessionBindingEvent event) {
		attributeChanged(event);
	}

	@Override
	public void attributeReplaced(HttpSessionBindingEvent event) {
		attributeChanged(event);
	}

	@Override
	public void attributeRemoved(HttpSessionBindingEvent event) {
		attributeChanged(event);
	}

	private void attributeChanged(HttpSessionBindingEvent event) {
		if (!Identities.areIn(event.getName())) {
			return;
		}
		try {
			this.sessions.identify(event.getSession());
		}
		catch (IllegalStateException ex) {
			// The attributes of a session that ends are taken out of it.
		}
	}

	@Override
	public void sessionIdChanged(HttpSessionEvent event, String oldSessionId) {
		this.sessions.moved(oldSessionId, event.getSession());
	}

	@Override
	public void sessionDestroyed(HttpSessionEvent event) {
		this.sessions.destroyed(event.getSession());
	}

	/** Returns how many sessions are known. */
	int ties() {
		return this.sessions.size();
	}

}
