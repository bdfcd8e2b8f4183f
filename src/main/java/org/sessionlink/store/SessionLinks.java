package org.sessionlink.store;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.Function;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Home;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.Links;

/**
 * Gives every HTTP session its link, and tells the link what the container's events and
 * the requests of any servlet or filter of the application bring.
 *
 * <p>
 * The link's key is a session attribute, so it outlives a change of the session's id
 * (B11). A session gets it when it is created, before anyone else can see the session;
 * one that is older than this application (kept over a restart) when it is first used.
 */
public final class SessionLinks
		implements HttpSessionListener, HttpSessionIdListener, HttpSessionAttributeListener, ServletRequestListener {

	private static final String KEY = SessionLinks.class.getName() + ".key";

	private static final Set<String> READING = Set.of("GET", "HEAD");

	private final SecureRandom random = new SecureRandom();

	private final Links links;

	private final StoreSettings settings;

	private final Function<HttpSession, SessionHome> homes;

	public SessionLinks(Links links, StoreSettings settings, ServletContext servletContext) {
		this.links = links;
		this.settings = settings;
		this.homes = SessionHome.in(servletContext);
	}

	/**
	 * Returns the link of a session; it may have ended.
	 * @throws IllegalStateException if the session is no longer valid
	 */
	public Link linkOf(HttpSession session) {
		Home home = this.homes.apply(session);
		Link link = this.links.open(keyOf(session), session.getId(), home);
		if (link.endCause() == null) {
			link.moveTo(home, session.getId());
		}
		return link;
	}

	@Override
	public void sessionCreated(HttpSessionEvent event) {
		HttpSession session = event.getSession();
		if (this.settings.sessionTimeout() != null) {
			session.setMaxInactiveInterval((int) this.settings.sessionTimeout().toSeconds());
		}
		linkOf(session);
	}

	/**
	 * Counts any request of a session as activity, but for those that pages make by
	 * themselves (B7).
	 */
	@Override
	public void requestInitialized(ServletRequestEvent event) {
		HttpServletRequest request = (HttpServletRequest) event.getServletRequest();
		if (isPassive(request)) {
			return;
		}
		HttpSession session = request.getSession(false);
		if (session == null) {
			return;
		}
		try {
			Link link = linkOf(session);
			// The link's own clock decides, not the container, which may take an expired
			// session up again (B9).
			if (link.endIfDue()) {
				session.invalidate();
			}
			else {
				link.active();
			}
		}
		catch (IllegalStateException ex) {
			// It ended while we looked; the request goes on without it.
		}
	}

	/**
	 * Looks once more who the session belongs to: code may change what it holds in place.
	 */
	@Override
	public void requestDestroyed(ServletRequestEvent event) {
		HttpServletRequest request = (HttpServletRequest) event.getServletRequest();
		if (isPassive(request)) {
			return;
		}
		try {
			HttpSession session = request.getSession(false);
			if (session != null) {
				identify(session);
			}
		}
		catch (IllegalStateException ex) {
			// It has ended, or the response is under way: there is nobody to identify.
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
			identify(event.getSession());
		}
		catch (IllegalStateException ex) {
			// The attributes of a session that ends are taken out of it.
		}
	}

	private void identify(HttpSession session) {
		if (keyIn(session) == null) {
			return;
		}
		Link link = linkOf(session);
		// Again where the session has changed meanwhile: who saw that may have been first
		// to tell the link.
		Identity told;
		do {
			told = Identities.in(session);
			if (link.endCause() != null || (told.principal() == null && link.identity() == null)) {
				return;
			}
			link.identify(told);
		}
		while (!told.sameAs(Identities.in(session)));
	}

	@Override
	public void sessionIdChanged(HttpSessionEvent event, String oldSessionId) {
		if (keyIn(event.getSession()) != null) {
			linkOf(event.getSession());
		}
	}

	@Override
	public void sessionDestroyed(HttpSessionEvent event) {
		HttpSession session = event.getSession();
		String key = keyIn(session);
		if (key != null) {
			this.links.open(key, session.getId(), Home.GONE).sessionDestroyed();
		}
	}

	private boolean isPassive(HttpServletRequest request) {
		return READING.contains(request.getMethod())
				&& this.settings.isPassive(request.getRequestURI().substring(request.getContextPath().length()));
	}

	private String keyOf(HttpSession session) {
		String key = keyIn(session);
		return (key != null) ? key : putKeyInto(session);
	}

	// Two requests may be the first to use one old session: the second finds the key of
	// the first.
	private synchronized String putKeyInto(HttpSession session) {
		String key = keyIn(session);
		if (key == null) {
			byte[] bytes = new byte[16];
			this.random.nextBytes(bytes);
			key = HexFormat.of().formatHex(bytes);
			session.setAttribute(KEY, key);
		}
		return key;
	}

	private static @Nullable String keyIn(HttpSession session) {
		return (String) session.getAttribute(KEY);
	}

}
