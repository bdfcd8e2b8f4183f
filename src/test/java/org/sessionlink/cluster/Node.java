package org.sessionlink.cluster;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.sessionlink.link.EndCause;
import org.sessionlink.link.FakeSocket;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkLimits;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.LinkThreads;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;
import org.sessionlink.link.UserLimit;
import org.sessionlink.store.SessionLinks;
import org.sessionlink.store.StoreSettings;

import org.springframework.mock.web.MockServletContext;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextImpl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** One of several servers that share their sessions, without its container. */
final class Node implements AutoCloseable {

	/**
	 * Quicker than those of the field, so that nobody waits for the next pulse for long.
	 */
	private static final Duration PACE = Duration.ofMillis(200);

	final LinkThreads threads = new LinkThreads();

	final Links links;

	final MockServletContext servletContext = new MockServletContext();

	final SessionLinks sessionLinks;

	final Cluster cluster;

	Node(String url, Duration timeout) {
		this(url, timeout, Duration.ofSeconds(60), "/app");
	}

	Node(String url, Duration timeout, Duration grace, String contextPath) {
		this(url, timeout, grace, contextPath, UserLimit.NONE);
	}

	Node(String url, Duration timeout, Duration grace, String contextPath, UserLimit limit) {
		this(url, timeout, grace, contextPath, limit, false);
	}

	/**
	 * Makes it.
	 * @param presence whether nodes tell each other who is there
	 */
	Node(String url, Duration timeout, Duration grace, String contextPath, UserLimit limit, boolean presence) {
		this.links = new Links(this.threads,
				new LinkPolicy(null, Duration.ofSeconds(1), new LinkLimits(0, 0, 0, 0), limit));
		this.servletContext.setContextPath(contextPath);
		this.sessionLinks = new SessionLinks(this.links, new StoreSettings(timeout, List.of()), this.servletContext);
		this.cluster = new Cluster(new RedisSettings(url, grace, null), this.links, this.sessionLinks,
				this.servletContext, timeout, limit, PACE);
		if (presence) {
			this.cluster.presence().on();
		}
		this.cluster.start();
	}

	SharedSessions sessions() {
		return this.cluster.sessions();
	}

	/** Begins a session, and returns its id. */
	String begin() {
		return sessions().createSession().getId();
	}

	/** Reads a session, as a request does. */
	SharedSession read(String id) {
		SharedSession session = sessions().findById(id);
		assertThat(session).as("the session").isNotNull();
		return session;
	}

	/** Opens the link of a session, as a handshake does. */
	Link open(String id) {
		SharedSession session = read(id);
		return this.sessionLinks.linkOf(new SharedHttpSession(session, this.servletContext, () -> {
		}));
	}

	/** Logs somebody in, as a request does: with a new id. */
	String login(String id, String name, String... roles) {
		SharedSession session = read(id);
		putLogin(session, name, roles);
		String newId = session.changeSessionId();
		sessions().save(session);
		return newId;
	}

	static void putLogin(SharedSession session, String name, String... roles) {
		session.setAttribute("SPRING_SECURITY_CONTEXT", new SecurityContextImpl(UsernamePasswordAuthenticationToken
			.authenticated(name, null, AuthorityUtils.createAuthorityList(roles))));
	}

	/** Waits until a link has ended, and returns why. */
	static EndCause end(Link link) {
		await().until(() -> link.endCause() != null);
		return link.endCause();
	}

	@Override
	public void close() {
		this.cluster.leave();
		this.threads.close();
	}

	/** A socket that remembers that it was given up. */
	static final class Given extends FakeSocket {

		final List<Refused> reasons = new CopyOnWriteArrayList<>();

		@Override
		public void giveUp(Refused reason, String sentence) {
			this.reasons.add(reason);
		}

	}

}
