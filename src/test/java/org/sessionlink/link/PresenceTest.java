package org.sessionlink.link;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** B37: who is here, told once, and nobody who only reloads a page has left. */
class PresenceTest {

	private static final String ROOM = "/topic/room";

	private final FakeClock clock = new FakeClock();

	private final Hall hall = new Hall(this.clock);

	private final Link ada = this.hall.link("ada");

	private final Link bob = this.hall.link("bob");

	private final Hall.Tab bobsTab = this.hall.tab(this.bob);

	@AfterEach
	void nothingImpossibleWasTold() {
		assertThat(this.hall.complaints()).isEmpty();
	}

	@Test
	void whoSubscribesHasJoinedAndWhoUnsubscribesHasLeftAtOnce() {
		Subscription bobs = watchingBob();
		Hall.Tab tab = this.hall.tab(this.ada);

		Subscription adas = tab.enter(ROOM);
		this.hall.rest();
		assertThat(this.hall.said()).containsExactly("+ada");
		tab.unsubscribe(adas);
		this.hall.rest();

		assertThat(this.hall.said()).containsExactly("-ada");
		assertThat(this.hall.seenBy(bobs)).containsExactly("bob");
	}

	@Test
	void whoComesLateIsToldOfAllAndOfNobodyTwice() {
		this.hall.tab(this.ada).enter(ROOM);

		Subscription bobs = this.bobsTab.watch(ROOM);
		this.hall.rest();

		assertThat(this.hall.said()).containsExactly("here [ada, bob]");
		assertThat(this.hall.seenBy(bobs)).containsExactly("ada", "bob");
	}

	@Test
	void aSecondTabIsNoSecondPerson() {
		watchingBob();
		Hall.Tab one = this.hall.tab(this.ada);
		Hall.Tab two = this.hall.tab(this.ada);
		one.enter(ROOM);
		one.enter(ROOM);
		two.enter(ROOM);
		this.hall.rest();
		assertThat(this.hall.said()).containsExactly("+ada");

		one.cut();
		this.clock.pass(Hall.GRACE.multipliedBy(2));

		assertThat(this.hall.said()).isEmpty();
	}

	@Test
	void whoReloadsThePageHasNeverLeft() {
		watchingBob();
		Hall.Tab tab = this.hall.tab(this.ada);
		tab.enter(ROOM);
		this.hall.rest();
		this.hall.said();

		tab.cut();
		this.clock.pass(Hall.GRACE.minusMillis(1));
		Hall.Tab again = this.hall.tab(this.ada);
		again.enter(ROOM);
		this.clock.pass(Hall.GRACE.multipliedBy(2));
		assertThat(this.hall.said()).isEmpty();
		again.cut();
		this.clock.pass(Hall.GRACE.minusMillis(1));
		assertThat(this.hall.said()).isEmpty();
		this.clock.pass(Gathering.SLOW_PACE);

		assertThat(this.hall.said()).containsExactly("-ada");
	}

	@Test
	void aNewSessionIdIsNoLeave() {
		watchingBob();
		this.hall.tab(this.ada).enter(ROOM);
		this.hall.rest();
		this.hall.said();

		this.ada.moveTo(new FakeSession(Duration.ofDays(1)), "another id");
		this.hall.rest();

		assertThat(this.hall.said()).isEmpty();
	}

	@Test
	void whoseLinkEndsHasLeftWithoutAnyGrace() {
		watchingBob();
		Hall.Tab tab = this.hall.tab(this.ada);
		tab.enter(ROOM);
		this.hall.rest();
		this.hall.said();

		this.ada.end(EndCause.ENDED);
		this.hall.rest();
		assertThat(this.hall.said()).containsExactly("-ada");
		tab.cut();
		this.hall.rest();

		assertThat(this.hall.said()).isEmpty();
	}

	@Test
	void whoseLinkEndsWhileThePageReloadsHasLeftAtOnceToo() {
		watchingBob();
		Hall.Tab tab = this.hall.tab(this.ada);
		tab.enter(ROOM);
		tab.cut();
		this.hall.rest();
		this.hall.said();

		this.ada.end(EndCause.EXPIRED);
		this.hall.rest();

		assertThat(this.hall.said()).containsExactly("-ada");
	}

	@Test
	void whoSubscribesOnceTheLinkHasEndedIsNotThere() {
		Hall.Tab tab = this.hall.tab(this.ada);
		this.ada.end(EndCause.ENDED);

		tab.enter(ROOM);

		assertThat(this.hall.presence.at(ROOM)).isEmpty();
	}

	@Test
	void whoLogsInIsSomebodyElseAndNothingSaysThatItIsTheSameLink() {
		Subscription bobs = watchingBob();
		Link link = this.hall.link(null);
		this.hall.tab(link).enter(ROOM);
		this.hall.rest();
		assertThat(this.hall.said()).containsExactly("+somebody");
		String before = this.hall.presence.ofLink(link.fingerprint()).get(0).id();

		link.identify(Hall.identity("eve"));
		this.hall.rest();

		assertThat(this.hall.said()).containsExactlyInAnyOrder("-somebody", "+eve");
		assertThat(this.hall.seenBy(bobs)).containsExactly("bob", "eve");
		assertThat(this.hall.presence.ofUser("eve")).singleElement()
			.satisfies((eve) -> assertThat(eve.id()).isNotEqualTo(before));
	}

	@Test
	void whoLogsOutWhileThePageReloadsIsNotWaitedFor() {
		watchingBob();
		Hall.Tab tab = this.hall.tab(this.ada);
		tab.enter(ROOM);
		tab.cut();
		this.hall.rest();
		this.hall.said();

		this.ada.identify(Identity.ANONYMOUS);
		this.hall.rest();

		assertThat(this.hall.said()).containsExactly("-ada");
	}

	@Test
	void aSocketThatHasToComeBackForALoginIsNotWaitedFor() {
		watchingBob();
		Link link = this.hall.link(null);
		Hall.Tab tab = this.hall.tab(link);
		tab.enter(ROOM);
		this.hall.rest();
		this.hall.said();

		tab.closing = true;
		link.identify(Hall.identity("eve"));
		tab.cut();
		this.hall.rest();

		assertThat(this.hall.said()).containsExactly("-somebody");
	}

	@Test
	void whoLosesTheRightHasLeftAtOnceAndHearsNothingMore() {
		Subscription bobs = watchingBob();
		Hall.Tab tab = this.hall.tab(this.ada);
		Subscription adas = tab.watch(ROOM);
		this.hall.rest();
		this.hall.said();

		tab.revoke(adas);
		this.hall.rest();
		assertThat(this.hall.said()).containsExactly("-ada");
		this.hall.tab(this.hall.link("eve")).enter(ROOM);
		this.hall.rest();

		assertThat(this.hall.seenBy(bobs)).containsExactly("bob", "eve");
		assertThat(this.hall.seenBy(adas)).containsExactly("ada", "bob");
	}

	@Test
	void whoComesAndGoesOrGoesAndComesBackBetweenTwoNewsIsInNeither() {
		watchingBob();
		Hall.Tab tab = this.hall.tab(this.ada);
		Subscription adas = tab.enter(ROOM);
		assertThat(this.hall.said()).containsExactly("+ada");
		Hall.Tab eves = this.hall.tab(this.hall.link("eve"));

		eves.unsubscribe(eves.enter(ROOM));
		tab.unsubscribe(adas);
		tab.enter(ROOM);
		this.hall.rest();

		assertThat(this.hall.said()).isEmpty();
	}

	@Test
	void manyWhoComeAtOnceAreToldTogetherAndNoMoreThanSoOften() {
		List<Subscription> all = IntStream.range(0, 1_000)
			.mapToObj((i) -> this.hall.tab(this.hall.link("user " + i)).watch(ROOM))
			.toList();
		int atOnce = this.hall.messages();

		this.clock.pass(Duration.ofSeconds(3));

		assertThat(atOnce).isEqualTo(1);
		assertThat(this.hall.messages()).isLessThanOrEqualTo(atOnce + 2 * 3);
		assertThat(all).allSatisfy((watcher) -> assertThat(this.hall.seenBy(watcher)).hasSize(1_000));
	}

	@Test
	void whereMoreAreThereThanAreListedTheNextTakesThePlaceOfOneWhoLeaves() {
		Hall small = new Hall(this.clock, 2);
		Hall.Tab first = small.tab(small.link("ada"));
		Subscription adas = first.enter(ROOM);
		small.tab(small.link("bob")).enter(ROOM);
		small.tab(small.link("eve")).watch(ROOM);
		small.rest();
		assertThat(small.said()).containsExactly("here [ada, bob] and 1");

		first.unsubscribe(adas);
		small.rest();

		assertThat(small.said()).containsExactlyInAnyOrder("-ada", "+eve");
		assertThat(small.complaints()).isEmpty();
	}

	@Test
	void whatServerCodeAsksIsAnsweredByDestinationUserAndLinkWithSockets() {
		Hall.Tab tab = this.hall.tab(this.ada);
		tab.enter(ROOM);
		tab.enter("/topic/other");
		watchingBob();

		assertThat(this.hall.presence.at(ROOM)).extracting(Present::user).containsExactly("ada", "bob");
		assertThat(this.hall.presence.ofUser("ada")).extracting(Present::destination)
			.containsExactlyInAnyOrder(ROOM, "/topic/other");
		assertThat(this.hall.presence.ofLink(this.ada.fingerprint())).hasSize(2)
			.allSatisfy((present) -> assertThat(present.sockets()).hasSize(1));
		tab.cut();
		assertThat(this.hall.presence.at(ROOM)).first().extracting(Present::sockets).isEqualTo(List.of());
		assertThat(this.hall.presence.ofUser("eve")).isEmpty();
	}

	@Test
	void whatOthersAreToldLeadsNeitherToTheLinkNorToAnotherDestination() {
		Hall.Tab tab = this.hall.tab(this.ada);
		tab.enter(ROOM);
		tab.enter("/topic/other");

		List<String> ids = this.hall.presence.ofUser("ada").stream().map(Present::id).toList();

		assertThat(ids).doesNotHaveDuplicates().allMatch((id) -> id.matches("[0-9a-f]{16}"));
		assertThat(ids).doesNotContain(this.ada.fingerprint());
	}

	@Test
	void noPatternAndNoDestinationThatIsNotNamedHasIt() {
		Hall.Tab tab = this.hall.tab(this.ada);

		tab.enter("/topic/*");
		tab.enter("/queue/room");

		assertThat(this.hall.presence.destinations()).isZero();
	}

	@Test
	void whoHasNoNameToSayCountsAsAVisitor() {
		this.ada.identify(new Identity(() -> {
			throw new IllegalStateException("on purpose");
		}, Set.of()));

		this.hall.tab(this.ada).enter(ROOM);

		assertThat(this.hall.presence.at(ROOM)).singleElement().extracting(Present::user).isNull();
	}

	@Test
	void whoOpensSocketsOnlyToLeaveThemIsWaitedForAtSoManyDestinationsAlone() {
		IntStream.range(0, 10).forEach((i) -> {
			Hall.Tab tab = this.hall.tab(this.ada);
			IntStream.range(0, 30).forEach((j) -> tab.enter("/topic/" + i + "/" + j));
			tab.cut();
		});

		assertThat(this.hall.presence.destinations()).isEqualTo(LinkStays.MOST_ABSENT);
		this.clock.pass(Hall.GRACE);
		assertThat(this.hall.presence.destinations()).isZero();
	}

	@Test
	void whenAllHaveLeftNothingIsKept() {
		long timers = this.clock.waiting();
		Subscription bobs = watchingBob();
		Hall.Tab tab = this.hall.tab(this.ada);
		tab.watch(ROOM);
		tab.enter("/topic/other");
		tab.cut();
		this.hall.tab(this.ada).enter(ROOM);
		this.bobsTab.unsubscribe(bobs);
		this.hall.rest();

		this.ada.end(EndCause.ENDED);

		assertThat(this.hall.presence.destinations()).isZero();
		assertThat(this.hall.presence.links()).isZero();
		this.hall.rest();
		// The ended link itself is remembered for a little while.
		assertThat(this.clock.waiting()).isEqualTo(timers);
	}

	private Subscription watchingBob() {
		Subscription bobs = this.bobsTab.watch(ROOM);
		this.hall.rest();
		this.hall.said();
		return bobs;
	}

}
