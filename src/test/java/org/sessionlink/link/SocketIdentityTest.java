package org.sessionlink.link;

import java.security.Principal;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** B12: more rights only for a socket that has shown the id which came with them. */
class SocketIdentityTest {

	private static final Identity ADA = identity("ada");

	private static final Identity STAFF = identity("ada", "STAFF");

	private static final Identity BOB = identity("bob");

	private final Links links = new Links(new FakeClock(), LinkPolicy.DEFAULT);

	private final Link link = this.links.open("key", "planted", Home.GONE);

	@Test
	void aSocketFromBeforeTheLoginNeverGainsByIt() {
		SocketLink before = new SocketLink(this.link, Identity.ANONYMOUS, "planted");

		this.link.moveTo(Home.GONE, "new");
		this.link.identify(STAFF);

		assertThat(before.identity()).isEqualTo(Identity.ANONYMOUS);
		assertThat(before.isOutgrown()).isTrue();
	}

	@Test
	void norDoesItWhereTheIdChangesAfterTheLogin() {
		SocketLink before = new SocketLink(this.link, Identity.ANONYMOUS, "planted");

		this.link.identify(STAFF);
		this.link.moveTo(Home.GONE, "new");

		assertThat(before.identity()).isEqualTo(Identity.ANONYMOUS);
		assertThat(before.isOutgrown()).isTrue();
	}

	@Test
	void nobodyGainsByALoginThatComesWhileTheyAreLookedAt() {
		AtomicReference<Identity> owner = new AtomicReference<>(Identity.ANONYMOUS);
		AtomicReference<String> id = new AtomicReference<>("planted");
		Runnable login = () -> {
			id.set("new");
			owner.set(STAFF);
		};
		SocketIdentity before = new SocketIdentity(thenRun(login, owner), thenRun(login, id), Identity.ANONYMOUS,
				"planted");
		id.set("planted");
		owner.set(Identity.ANONYMOUS);

		assertThat(before.now()).isEqualTo(Identity.ANONYMOUS);
		assertThat(before.now()).as("afterwards").isEqualTo(Identity.ANONYMOUS);
		assertThat(before.isOutgrown()).isTrue();
	}

	private static <T> Supplier<T> thenRun(Runnable task, AtomicReference<T> value) {
		return () -> {
			T read = value.get();
			task.run();
			return read;
		};
	}

	@Test
	void aSocketThatHasShownTheNewIdHasWhatCameWithIt() {
		this.link.moveTo(Home.GONE, "new");
		SocketLink between = new SocketLink(this.link, Identity.ANONYMOUS, "new");

		this.link.identify(STAFF);
		SocketLink after = new SocketLink(this.link, Identity.ANONYMOUS, "new");

		assertThat(Stream.of(between, after)).allSatisfy((socket) -> {
			assertThat(socket.identity()).isEqualTo(STAFF);
			assertThat(socket.isOutgrown()).isFalse();
		});
	}

	@Test
	void aNewIdAloneTakesNothingAway() {
		this.link.identify(STAFF);
		SocketLink socket = new SocketLink(this.link, Identity.ANONYMOUS, "planted");

		this.link.moveTo(Home.GONE, "new");

		assertThat(socket.identity()).isEqualTo(STAFF);
		assertThat(socket.isOutgrown()).isFalse();
	}

	@Test
	void withoutANewIdALoginIsCarried() {
		SocketLink socket = new SocketLink(this.link, Identity.ANONYMOUS, "planted");

		this.link.identify(STAFF);

		assertThat(socket.identity()).isEqualTo(STAFF);
		assertThat(socket.isOutgrown()).isFalse();
	}

	@ParameterizedTest
	@MethodSource
	void underANewIdNothingIsGainedAndWhatIsLostIsLost(Identity before, Identity after, Identity acts,
			boolean outgrown) {
		this.link.identify(before);
		SocketLink socket = new SocketLink(this.link, Identity.ANONYMOUS, "planted");

		this.link.moveTo(Home.GONE, "new");
		this.link.identify(after);

		assertThat(socket.identity()).isEqualTo(acts);
		assertThat(socket.isOutgrown()).isEqualTo(outgrown);
	}

	static Stream<Arguments> underANewIdNothingIsGainedAndWhatIsLostIsLost() {
		return Stream.of(Arguments.of(ADA, STAFF, ADA, true), Arguments.of(STAFF, ADA, ADA, false),
				Arguments.of(STAFF, identity("ada", "GUEST"), ADA, true),
				Arguments.of(STAFF, identity("ada", "STAFF", "GUEST"), STAFF, true),
				Arguments.of(ADA, BOB, Identity.ANONYMOUS, true),
				Arguments.of(STAFF, identity("bob", "STAFF"), Identity.ANONYMOUS, true),
				Arguments.of(STAFF, Identity.ANONYMOUS, Identity.ANONYMOUS, false),
				Arguments.of(Identity.ANONYMOUS, new Identity(null, Set.of("ANY")), Identity.ANONYMOUS, true));
	}

	@Test
	void aHandshakeThatHasShownNoIdOfTheSessionIsNobodyInIt() {
		this.link.identify(STAFF);

		SocketLink unknown = new SocketLink(this.link, ADA, null);
		SocketLink old = new SocketLink(this.link, ADA, "left long ago");

		assertThat(Stream.of(unknown, old)).allSatisfy((socket) -> {
			assertThat(socket.identity()).isEqualTo(Identity.ANONYMOUS);
			assertThat(socket.isOutgrown()).isTrue();
		});
	}

	@Test
	void whereTheSessionSaysNobodyTheHandshakesOwnUserStays() {
		SocketLink socket = new SocketLink(this.link, ADA, "planted");

		this.link.moveTo(Home.GONE, "new");

		assertThat(socket.identity()).isEqualTo(ADA);
		assertThat(socket.isOutgrown()).isFalse();
	}

	@Test
	void whoHasLoggedInByConnectIsWhoTheyAreUnderAnyId() {
		SocketLink socket = new SocketLink(this.link, Identity.ANONYMOUS, "planted");
		socket.loggedIn(BOB);

		this.link.moveTo(Home.GONE, "new");
		this.link.identify(STAFF);

		assertThat(socket.identity()).isEqualTo(BOB);
		assertThat(socket.isOutgrown()).isFalse();
	}

	@Test
	void aSlowRequestThatBringsTheOldIdLateBringsNoRightsBack() {
		SocketLink before = new SocketLink(this.link, Identity.ANONYMOUS, "planted");
		this.link.moveTo(Home.GONE, "new");
		this.link.identify(STAFF);

		this.link.moveTo(Home.GONE, "planted");

		assertThat(before.identity()).isEqualTo(Identity.ANONYMOUS);
		assertThat(this.link.sessionId()).isEqualTo("new");
	}

	@Test
	void itIsToldToLookOfBothChangesWhateverTheirOrder() {
		Link other = this.links.open("other", "planted", Home.GONE);
		AtomicReference<Boolean> first = watch(this.link);
		AtomicReference<Boolean> second = watch(other);

		this.link.moveTo(Home.GONE, "new");
		this.link.identify(STAFF);
		other.identify(STAFF);
		other.moveTo(Home.GONE, "new");

		assertThat(first).as("id first").hasValue(true);
		assertThat(second).as("user first").hasValue(true);
	}

	@Test
	void whomTheHandshakesHandlerDeterminesIsTheUserWithTheRolesOfTheSession() {
		this.link.identify(STAFF);
		SocketLink socket = new SocketLink(this.link, STAFF, "planted");

		socket.determined(new Named("customer 1815"));
		Identity atFirst = socket.identity();
		this.link.identify(ADA);

		assertThat(atFirst).isEqualTo(identity("customer 1815", "STAFF"));
		assertThat(socket.identity()).isEqualTo(identity("customer 1815"));
	}

	@Test
	void whomTheHandshakesHandlerDeterminesKeepsRolesOfTheirOwn() {
		SocketLink socket = new SocketLink(this.link, Identity.ANONYMOUS, "planted", null, (principal) -> STAFF);

		socket.determined(new Named("ada"));

		assertThat(socket.identity()).isEqualTo(STAFF);
	}

	@Test
	void aRoleThatTheSessionLosesIsLostToWhomTheHandshakesHandlerHasDeterminedToo() {
		this.link.identify(STAFF);
		SocketLink socket = new SocketLink(this.link, STAFF, "planted", null, (principal) -> STAFF);
		socket.determined(new Named("a copy of ada"));

		this.link.identify(ADA);

		assertThat(socket.identity()).isEqualTo(ADA);
	}

	@Test
	void aSessionThatBecomesSomebodyElsesIsNoLongerWhomTheHandshakesHandlerHasDetermined() {
		SocketLink socket = new SocketLink(this.link, Identity.ANONYMOUS, "planted");
		socket.determined(new Named("guest 7"));

		this.link.identify(BOB);
		Identity afterLogin = socket.identity();
		this.link.identify(Identity.ANONYMOUS);

		assertThat(afterLogin).isEqualTo(BOB);
		assertThat(socket.identity()).isEqualTo(identity("guest 7"));
	}

	@Test
	void whoeverHasPlantedAnIdGainsNothingByAHandlerThatNamesTheSessionsUser() {
		this.link.identify(STAFF);
		this.link.moveTo(Home.GONE, "new");
		SocketLink socket = new SocketLink(this.link, Identity.ANONYMOUS, "planted", null, (principal) -> STAFF);

		socket.determined(new Named("ada"));

		assertThat(socket.identity()).isEqualTo(Identity.ANONYMOUS);
	}

	private static AtomicReference<Boolean> watch(Link link) {
		SocketLink socketLink = new SocketLink(link, Identity.ANONYMOUS, "planted");
		AtomicReference<Boolean> outgrown = new AtomicReference<>();
		link.add(new FakeSocket() {

			@Override
			public void identityChanged() {
				outgrown.set(socketLink.isOutgrown());
			}

		});
		return outgrown;
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
