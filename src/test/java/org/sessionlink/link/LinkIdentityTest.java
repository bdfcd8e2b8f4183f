package org.sessionlink.link;

import java.security.Principal;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LinkIdentityTest {

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
