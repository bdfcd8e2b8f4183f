package org.sessionlink.link;

import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LinkIdentityTest {

	private static final Identity NAMELESS = new Identity(() -> {
		throw new IllegalStateException("on purpose");
	}, Set.of());

	private final Links links = new Links(new FakeClock(), LinkPolicy.DEFAULT);

	private final Link link = this.links.open("key", "id", Home.GONE);

	private final FakeSocket socket = new FakeSocket();

	@Test
	void asLongAsNobodyHasSaidASocketBelongsToWhomItsHandshakeCameFrom() {
		SocketLink socketLink = new SocketLink(this.link, identity("ada"));

		assertThat(this.link.identity()).isNull();
		assertThat(socketLink.identity()).isEqualTo(identity("ada"));
	}

	@Test
	void whoLogsInIsBehindEverySocketAndWhoLogsOutBehindNone() {
		SocketLink early = new SocketLink(this.link, identity("ada"));
		SocketLink anonymous = new SocketLink(this.link);

		this.link.identify(identity("grace", "STAFF"));
		assertThat(early.identity()).isEqualTo(identity("grace", "STAFF"));
		assertThat(anonymous.identity()).isEqualTo(identity("grace", "STAFF"));

		this.link.identify(Identity.ANONYMOUS);
		assertThat(early.identity()).isEqualTo(Identity.ANONYMOUS);
	}

	@Test
	void whoLoggedInWithTheConnectFrameStays() {
		SocketLink socketLink = new SocketLink(this.link);
		socketLink.loggedIn(identity("ada"));

		this.link.identify(identity("grace"));

		assertThat(socketLink.identity()).isEqualTo(identity("ada"));
	}

	@Test
	void socketsAreToldOfAnotherUserAndOfOtherRolesAndOnlyOfThese() {
		this.link.add(this.socket);
		int atFirst = this.socket.identityChanges.get();

		this.link.identify(identity("ada"));
		this.link.identify(identity("ada"));
		this.link.identify(identity("ada", "STAFF"));
		this.link.identify(Identity.ANONYMOUS);

		assertThat(this.socket.identityChanges).hasValue(atFirst + 3);
	}

	@Test
	void aUserWhoCannotSayTheirNameIsNewsAllTheSame() {
		this.link.identify(identity("ada"));
		this.link.add(this.socket);
		int atFirst = this.socket.identityChanges.get();
		List<Identity> heard = new ArrayList<>();
		this.links.addListener(new LinkListener() {

			@Override
			public void identityChanged(Link changed, Identity now) {
				heard.add(now);
			}

		});

		this.link.identify(NAMELESS);

		assertThat(this.socket.identityChanges).hasValue(atFirst + 1);
		assertThat(heard).containsExactly(NAMELESS);
	}

	@Test
	void aUserWhoCannotSayTheirNameKeepsNobodyElseFromBeingFound() {
		this.link.identify(NAMELESS);
		Link other = this.links.open("other", "id", Home.GONE);
		other.identify(identity("ada"));

		assertThat(this.links.ofUser("ada")).containsExactly(other);
		assertThat(this.link.belongsTo("ada")).isFalse();
	}

	@Test
	void thatANewVisitorIsNobodyIsNoNewsAndThatTheyHaveARoleIs() {
		List<Identity> heard = new ArrayList<>();
		this.links.addListener(new LinkListener() {

			@Override
			public void identityChanged(Link changed, Identity now) {
				heard.add(now);
			}

		});
		Identity guest = new Identity(null, Set.of("GUEST"));

		this.link.identify(Identity.ANONYMOUS);
		this.links.open("other", "id", Home.GONE).identify(guest);

		assertThat(heard).containsExactly(guest);
	}

	@Test
	void anObjectThatStandsForTheSameUserAnewIsTakenOverInSilence() {
		Principal again = () -> "ada";
		this.link.identify(identity("ada"));

		this.link.identify(new Identity(again, Set.of()));

		assertThat(this.link.identity().principal()).isSameAs(again);
	}

	@Test
	void aSocketThatRegistersLooksAtTheIdentityOnceMore() {
		this.link.add(this.socket);

		assertThat(this.socket.identityChanges).as("the user may have changed since its handshake").hasValue(1);
	}

	private static Identity identity(String name, String... roles) {
		return new Identity(new Named(name), Set.of(roles));
	}

	private record Named(String name) implements Principal {

		@Override
		public String getName() {
			return this.name;
		}

	}

}
