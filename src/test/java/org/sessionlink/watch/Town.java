package org.sessionlink.watch;

import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.sessionlink.link.FakeClock;
import org.sessionlink.link.FakeSession;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.Links;
import org.sessionlink.link.Presence;
import org.sessionlink.link.SocketLink;
import org.sessionlink.link.Twins;

/** Links to watch: of Ada two, of Bob and of a stranger one each. */
final class Town {

	/** Two keys that have the fingerprint {@value #SHARED}. */
	static final String[] TWINS = { "one-7152ff1c00000000", "two-7152ff1c00000000" };

	static final String SHARED = "7152ff1c00000000";

	final FakeClock clock = new FakeClock();

	final Links links = Twins.links(this.clock, SHARED);

	final AuditTrail audit = new AuditTrail(this.links, AuditSettings.ALL);

	final AllServers servers = new AllServers(this.links, Elsewhere.NOTHING);

	final LinkOperations operations = new LinkOperations(this.links, this.audit, this.servers);

	final List<String> looks = new ArrayList<>();

	final Operators operators = new Operators((request) -> this.looks.add(request.getRequestURI()));

	final FakeDrain drain = new FakeDrain(this.links);

	final DrainOperations drainOperations = new DrainOperations(this.drain, this.links, this.audit);

	final Presence presence = new Presence(this.clock, (destination) -> true, Duration.ZERO, 0, () -> {
		throw new AssertionError("Nobody asks");
	});

	final Link desk = link("desk", person("ada", "STAFF", "ADMIN"));

	final Link phone = link("phone", person("ada", "STAFF", "ADMIN"));

	final Link bob = link("bob", person("bob"));

	final Link stranger = link("stranger", Identity.ANONYMOUS);

	final WatchedSocket deskOne = socket("desk-1", this.desk);

	final WatchedSocket deskTwo = socket("desk-2", this.desk);

	final WatchedSocket phoneOne = socket("phone-1", this.phone);

	final WatchedSocket bobOne = socket("bob-1", this.bob);

	Town() {
		// What has happened until now is no news.
		this.clock.pass(Duration.ZERO);
	}

	Link link(String key, Identity identity) {
		Link link = this.links.open(key, "id of " + key, new FakeSession(Duration.ofMinutes(30)));
		link.identify(identity);
		this.clock.pass(Duration.ofSeconds(1));
		return link;
	}

	WatchedSocket socket(String id, Link link) {
		return socket(id, new SocketLink(link));
	}

	WatchedSocket socket(String id, Link link, String remoteAddress) {
		return socket(id, new SocketLink(link, Identity.ANONYMOUS, link.sessionId(), remoteAddress));
	}

	WatchedSocket socket(String id, SocketLink socketLink) {
		WatchedSocket socket = new WatchedSocket(id, socketLink);
		socketLink.link().add(socket);
		return socket;
	}

	void enter(WatchedSocket socket, String destination) {
		SocketLink socketLink = socket.socketLink();
		if (socketLink.presence() == null) {
			this.presence.attend(socket.id(), socketLink, () -> false);
		}
		socketLink.subscriptions().add(destination, destination, 0);
		socketLink.presence().subscribed(destination, false);
	}

	static Identity person(String name, String... roles) {
		Principal principal = () -> name;
		return new Identity(principal, Set.of(roles));
	}

}
