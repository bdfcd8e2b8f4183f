package org.sessionlink.watch;

import java.net.URI;
import java.time.Duration;
import java.util.List;

import org.sessionlink.link.EndCause;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Link;
import org.sessionlink.link.Links;
import org.sessionlink.link.Presence;
import org.sessionlink.link.SocketLink;

import org.springframework.http.HttpMethod;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;

/** What an operator has on one of several servers, for tests of another room. */
public final class Desk {

	public final AuditTrail audit;

	private static final Presence NOBODY = new Presence(new FakeClock(), null, Duration.ZERO, 0, () -> {
		throw new AssertionError("Nobody asks");
	});

	public final LinkOperations operations;

	private final AllServers servers;

	private final MockMvcTester http;

	public Desk(Links links, Elsewhere elsewhere) {
		this(links, elsewhere, NOBODY);
	}

	public Desk(Links links, Elsewhere elsewhere, Presence presence) {
		this.audit = new AuditTrail(links, AuditSettings.ALL);
		this.servers = new AllServers(links, elsewhere);
		this.operations = new LinkOperations(links, this.audit, this.servers);
		this.http = MockMvcTester
			.create(MockMvcBuilders.standaloneSetup(new OperatorController(new Operators((request) -> {
			}), new LinkPages(links, this.servers), this.servers, this.operations, this.audit, presence)).build());
	}

	/** Returns the JSON of a page for operators. */
	public MvcTestResult get(String path) {
		return this.http.method(HttpMethod.GET).uri(URI.create(path)).principal(() -> "olga").with((request) -> {
			request.addUserRole("OPERATOR");
			return request;
		}).exchange();
	}

	/**
	 * Returns the fingerprints of a person's own sessions, and how many sockets each has.
	 */
	public List<String> own(String person) {
		return this.servers.lookAt(this.servers.ownedBy(person))
			.stream()
			.map((link) -> link.fingerprint() + ": " + link.sockets() + " from " + link.address())
			.toList();
	}

	/** Opens a socket of a link; returns the list of its ends. */
	public static List<EndCause> socket(String id, Link link) {
		WatchedSocket socket = new WatchedSocket(id, new SocketLink(link));
		link.add(socket);
		return socket.ends;
	}

	/** The same with a subscription; returns what was revoked. */
	public static List<String> subscribed(String id, Link link, String subscription, String destination) {
		WatchedSocket socket = new WatchedSocket(id, new SocketLink(link));
		link.add(socket);
		socket.socketLink().subscriptions().add(subscription, destination, 0);
		return socket.revocations;
	}

}
