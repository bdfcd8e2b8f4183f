package org.sessionlink.link;

import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.sessionlink.RecordedLog;

import static org.assertj.core.api.Assertions.assertThat;

class UserSessionsTest {

	private final FakeClock clock = new FakeClock();

	private Links links = links(2, false);

	@Test
	void theOldestEndsForTheNewOneWithItsSockets() {
		Link first = loggedIn("first", "ada");
		Link second = loggedIn("second", "ada");
		FakeSocket socket = new FakeSocket();
		first.add(socket);

		Link third;
		try (RecordedLog log = RecordedLog.of(UserSessions.class)) {
			third = loggedIn("third", "ada");
			assertThat(log.lines()).containsExactly("INFO Session " + first.fingerprint()
					+ " ends, the oldest of a user who has more than sessionlink.limits.sessions-per-user");
		}

		assertThat(first.endCause()).isEqualTo(EndCause.REPLACED);
		assertThat(socket.ends).containsExactly(EndCause.REPLACED);
		assertThat(this.links.open()).containsExactlyInAnyOrder(second, third);
	}

	@Test
	void theOldestIsTheOneWhoseLoginWasFirst() {
		Link opened = this.links.open("opened first", "id", Home.GONE);
		Link first = loggedIn("first", "ada");
		this.clock.pass(Duration.ofSeconds(1));
		opened.identify(person("ada"));

		loggedIn("third", "ada");

		assertThat(first.endCause()).isEqualTo(EndCause.REPLACED);
		assertThat(opened.endCause()).isNull();
	}

	@Test
	void aClockThatIsSetBackMakesNoNewSessionTheOldest() {
		loggedIn("first", "ada");
		loggedIn("second", "ada");
		this.clock.passUnnoticed(Duration.ofHours(-1));

		Link third = loggedIn("third", "ada");

		assertThat(third.endCause()).isNull();
	}

	@Test
	void thoseOfOthersAndOfNobodyCountForThemselves() {
		IntStream.range(0, 5).forEach((i) -> loggedIn("visitor " + i, null));
		loggedIn("first", "ada");
		loggedIn("bob's", "bob");
		loggedIn("second", "ada");

		assertThat(this.links.open()).hasSize(8);
	}

	@Test
	void theSameSessionAgainIsNoNewOne() {
		Link first = loggedIn("first", "ada");
		Link second = loggedIn("second", "ada");

		first.identify(person("ada"));
		second.identify(new Identity(() -> "ada", Set.of("STAFF")));
		second.moveTo(Home.GONE, "new id");

		assertThat(this.links.open()).containsExactlyInAnyOrder(first, second);
	}

	@Test
	void whatHasEndedOrIsSomebodyElsesByNowMakesRoom() {
		Link first = loggedIn("first", "ada");
		Link second = loggedIn("second", "ada");
		first.end(EndCause.ENDED);
		second.identify(person("bob"));

		Link third = loggedIn("third", "ada");
		Link fourth = loggedIn("fourth", "ada");
		second.identify(Identity.ANONYMOUS);
		Link fifth = loggedIn("fifth", "bob");
		Link sixth = loggedIn("sixth", "bob");

		assertThat(this.links.open()).containsExactlyInAnyOrder(second, third, fourth, fifth, sixth);
	}

	@Test
	void whoSwitchesToAUserWhoHasAsManyEndsTheirOldest() {
		Link first = loggedIn("first", "ada");
		loggedIn("second", "ada");
		Link switching = loggedIn("third", "bob");

		switching.identify(person("ada"));

		assertThat(first.endCause()).isEqualTo(EndCause.REPLACED);
		assertThat(switching.endCause()).isNull();
	}

	@Test
	void whatComesBackAfterARestartIsAsOldAsTheSession() {
		Link middle = cameBack("middle", 2);
		Link youngest = cameBack("youngest", 3);
		Link oldest = cameBack("oldest", 1);

		assertThat(oldest.endCause()).isEqualTo(EndCause.REPLACED);
		Link login = loggedIn("login", "ada");
		assertThat(middle.endCause()).isEqualTo(EndCause.REPLACED);
		assertThat(this.links.open()).containsExactlyInAnyOrder(youngest, login);
	}

	@Test
	void whereNewOnesAreRefusedALoginThatHasNotAskedEnds() {
		this.links = links(2, true);
		Link first = loggedIn("first", "ada");
		Link second = loggedIn("second", "ada");

		Link third;
		try (RecordedLog log = RecordedLog.of(UserSessions.class)) {
			third = loggedIn("third", "ada");
			assertThat(log.lines()).containsExactly("WARN Session " + third.fingerprint()
					+ " ends, as its user has as many sessions as sessionlink.limits.sessions-per-user allows, "
					+ "and its login has not asked");
		}

		assertThat(third.endCause()).isEqualTo(EndCause.REPLACED);
		assertThat(this.links.open()).containsExactlyInAnyOrder(first, second);
		assertThat(this.links.refusals()).containsEntry(Refused.TOO_MANY_USER_SESSIONS, 1L);
	}

	@Test
	void aLoginThatWasPromisedAPlaceHasIt() {
		this.links = links(2, true);
		loggedIn("first", "ada");
		Link asking = this.links.open("asking", "id", Home.GONE);

		assertThat(asking.ownership().promisePlace("ada")).isTrue();
		Link third = loggedIn("third", "ada");
		asking.identify(person("ada"));
		asking.ownership().giveBackPlace();

		assertThat(third.endCause()).isEqualTo(EndCause.REPLACED);
		assertThat(asking.endCause()).isNull();
		assertThat(this.links.havePlaceFor("ada")).isFalse();
	}

	@Test
	void whatALoginWasPromisedAndDidNotTakeIsFreeAgain() {
		this.links = links(1, true);
		Link asking = this.links.open("asking", "id", Home.GONE);
		Link other = this.links.open("other", "id", Home.GONE);

		assertThat(asking.ownership().promisePlace("ada")).isTrue();
		assertThat(other.ownership().promisePlace("ada")).isFalse();
		asking.ownership().giveBackPlace();
		assertThat(other.ownership().promisePlace("ada")).isTrue();
		other.end(EndCause.ENDED);

		assertThat(asking.ownership().promisePlace("ada")).isTrue();
	}

	@Test
	void whoIsInAlreadyMayLogInAgainUnderTheSameSession() {
		this.links = links(1, true);
		Link first = loggedIn("first", "ada");

		assertThat(first.ownership().promisePlace("ada")).isTrue();
		first.identify(person("ada"));
		first.ownership().giveBackPlace();

		assertThat(first.endCause()).isNull();
		assertThat(this.links.havePlaceFor("ada")).isFalse();
	}

	@Test
	void whoLogsInAsSomebodyElseLeavesTheirPlaceOnlyWithThat() {
		this.links = links(1, true);
		Link link = loggedIn("first", "ada");

		assertThat(link.ownership().promisePlace("bob")).isTrue();
		assertThat(List.of(this.links.havePlaceFor("ada"), this.links.havePlaceFor("bob"))).containsOnly(false);
		link.identify(person("bob"));
		link.ownership().giveBackPlace();

		assertThat(this.links.havePlaceFor("ada")).isTrue();
		assertThat(this.links.havePlaceFor("bob")).isFalse();
	}

	@Test
	void whoLogsInWithTheContainerCountsToo() {
		Link first = this.links.open("first", "id", Home.GONE);
		first.ownership().seen(new Seen("192.0.2.1", null, "ada"));
		loggedIn("second", "ada");

		loggedIn("third", "ada");

		assertThat(first.endCause()).isEqualTo(EndCause.REPLACED);
	}

	@Test
	void nothingIsKeptOfWhoHasLeftOrWhereThereIsNoLimit() {
		IntStream.range(0, 100).forEach((i) -> loggedIn("link " + i, "user " + i));
		this.links.open().forEach((link) -> link.end(EndCause.ENDED));
		Links unlimited = links(0, true);
		Link free = unlimited.open("free", "id", Home.GONE);
		free.identify(person("ada"));

		assertThat(free.ownership().promisePlace("bob")).isTrue();
		assertThat(this.links.userSessions().size()).isZero();
		assertThat(unlimited.userSessions().size()).isZero();
	}

	private Links links(int most, boolean refusesNew) {
		return new Links(this.clock,
				new LinkPolicy(null, Duration.ofMinutes(1), LinkLimits.NONE, new UserLimit(most, refusesNew)));
	}

	private Link loggedIn(String key, String user) {
		Link link = this.links.open(key, "id of " + key, Home.GONE);
		link.identify((user != null) ? person(user) : Identity.ANONYMOUS);
		return link;
	}

	private Link cameBack(String key, int createdAt) {
		Link link = this.links.open(key, Instant.EPOCH.minusSeconds(100 - createdAt), "id of " + key, Home.GONE);
		link.identifyAsBefore(person("ada"));
		return link;
	}

	private static Identity person(String name) {
		Principal principal = () -> name;
		return new Identity(principal, Set.of());
	}

}
