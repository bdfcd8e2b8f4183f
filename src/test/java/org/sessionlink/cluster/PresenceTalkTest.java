package org.sessionlink.cluster;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.sessionlink.cluster.Halls.Station;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Hall;
import org.sessionlink.link.Present;
import org.sessionlink.link.Subscription;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * B37 on several nodes: each knows who is there by all of them, whatever is lost, and
 * nobody leaves who comes back, wherever that is.
 */
class PresenceTalkTest {

	private static final String ROOM = "/topic/room";

	private static final Duration SOON = Duration.ofSeconds(1);

	private static final Duration LOOK = Duration.ofSeconds(10);

	private final Halls halls = new Halls(3);

	private final Station a = this.halls.get(0);

	private final Station b = this.halls.get(1);

	private final Station c = this.halls.get(2);

	private Subscription watch(Station station) {
		Subscription watching = station.tab("key of the watcher", "bob").watch(ROOM);
		this.halls.pass(SOON);
		station.hall.said();
		return watching;
	}

	private List<String> heard(Station station, Duration after) {
		this.halls.pass(after);
		assertThat(station.hall.complaints()).isEmpty();
		return station.hall.said();
	}

	@Test
	void whoComesAndGoesAtOneNodeIsHeardOfAtTheOthers() {
		watch(this.c);

		Hall.Tab tab = this.a.tab("ada", "ada");
		Subscription adas = tab.enter(ROOM);
		assertThat(heard(this.c, SOON)).containsExactly("+ada");
		assertThat(this.b.hall.presence.at(ROOM)).filteredOn((present) -> "ada".equals(present.user()))
			.singleElement()
			.satisfies((ada) -> {
				assertThat(ada.nodes()).containsExactly("the node1");
				assertThat(ada.sockets()).hasSize(1);
				assertThat(ada.link()).isEqualTo(this.a.link("ada").fingerprint());
			});
		tab.unsubscribe(adas);

		assertThat(heard(this.c, SOON)).containsExactly("-ada");
	}

	@Test
	void whoseTabComesBackAtAnotherNodeWithinTheGraceHasNeverLeft() {
		watch(this.c);
		Hall.Tab tab = this.a.tab("ada", "ada");
		tab.enter(ROOM);
		assertThat(heard(this.c, SOON)).containsExactly("+ada");

		tab.cut();
		this.halls.pass(Hall.GRACE.minusSeconds(1));
		Hall.Tab back = this.b.tab("ada", "ada");
		back.enter(ROOM);

		assertThat(heard(this.c, Hall.GRACE.multipliedBy(2))).isEmpty();
		assertThat(this.c.usersAt(ROOM)).containsExactly("bob", "ada");
		back.cut();
		assertThat(heard(this.c, Hall.GRACE.plus(SOON))).containsExactly("-ada");
	}

	@Test
	void whoseLinkEndsHasLeftAtOnceEverywhere() {
		watch(this.c);
		this.a.tab("ada", "ada").enter(ROOM);
		this.halls.pass(SOON);
		this.c.hall.said();

		this.a.link("ada").end(EndCause.ENDED);

		assertThat(heard(this.c, SOON)).containsExactly("-ada");
	}

	@Test
	void whoLogsOutIsAVisitorEverywhere() {
		watch(this.c);
		this.a.tab("ada", "ada").enter(ROOM);
		this.halls.pass(SOON);
		this.c.hall.said();

		this.a.link("ada").identify(Hall.identity(null));

		assertThat(heard(this.c, SOON)).containsExactly("+somebody", "-ada");
	}

	@Test
	void whatWasMissedIsAskedForWhenSomethingElseIsHeard() {
		Subscription watching = watch(this.c);
		this.halls.lose((message) -> message.startsWith("now "));
		this.a.tab("ada", "ada").enter(ROOM);
		assertThat(heard(this.c, SOON)).isEmpty();

		this.halls.lose((message) -> false);
		this.a.tab("eve", "eve").enter("/topic/elsewhere");

		assertThat(heard(this.c, SOON)).containsExactly("+ada");
		assertThat(this.c.hall.seenBy(watching)).containsExactly("ada", "bob");
	}

	@Test
	void whatWasMissedLastIsSeenWithTheNextLook() {
		watch(this.c);
		Hall.Tab tab = this.a.tab("ada", "ada");
		Subscription adas = tab.enter(ROOM);
		assertThat(heard(this.c, SOON)).containsExactly("+ada");
		this.halls.lose((message) -> message.startsWith("now "));
		tab.unsubscribe(adas);
		assertThat(heard(this.c, SOON)).isEmpty();

		this.halls.lose((message) -> false);

		assertThat(heard(this.c, LOOK)).containsExactly("-ada");
	}

	@Test
	void whatIsAnotherThoughNothingWasMissedIsPutRight() {
		watch(this.c);
		this.a.tab("ada", "ada").enter(ROOM);
		assertThat(heard(this.c, SOON)).containsExactly("+ada");

		this.c.hall.presence.reports().toldAll("node1", List.of());
		assertThat(heard(this.c, SOON)).containsExactly("-ada");

		assertThat(heard(this.c, LOOK)).containsExactly("+ada");
	}

	@Test
	void aNodeThatComesLaterKnowsWhoIsThereByTheOthers() {
		this.a.tab("ada", "ada").enter(ROOM);
		this.b.tab("eve", "eve").enter(ROOM);
		this.halls.pass(SOON);

		Station late = this.halls.start();

		assertThat(late.usersAt(ROOM)).containsExactlyInAnyOrder("ada", "eve");
	}

	@Test
	void whoWasThereByANodeThatIsKilledHasLeftOnceItCountsAsGoneAndNobodyHasComeBack() {
		Hall.Tab adas = this.a.tab("ada", "ada");
		adas.enter(ROOM);
		this.a.tab("eve", "eve").enter(ROOM);
		watch(this.c);

		this.a.kill();
		assertThat(heard(this.c, Halls.SILENCE.plus(Hall.GRACE).minusSeconds(2))).isEmpty();
		this.b.tab("ada", "ada").enter(ROOM);

		assertThat(heard(this.c, Duration.ofSeconds(5))).containsExactly("-eve");
		assertThat(this.c.usersAt(ROOM)).containsExactlyInAnyOrder("ada", "bob");
		assertThat(this.b.usersAt(ROOM)).containsExactlyInAnyOrder("ada", "bob");
	}

	@Test
	void whoWasThereByANodeThatStopsHasTheGraceToComeBackElsewhere() {
		this.a.tab("ada", "ada").enter(ROOM);
		watch(this.c);

		this.a.leave();
		assertThat(heard(this.c, Hall.GRACE.minusSeconds(2))).isEmpty();

		assertThat(heard(this.c, Duration.ofSeconds(4))).containsExactly("-ada");
	}

	@Test
	void anOutageIsNoLeaveAndAfterItOnlyWhatHasChangedIsTold() {
		this.a.tab("ada", "ada").enter(ROOM);
		Hall.Tab eves = this.a.tab("eve", "eve");
		Subscription eve = eves.enter(ROOM);
		watch(this.c);

		this.a.cutOff();
		this.b.cutOff();
		this.c.cutOff();
		eves.unsubscribe(eve);
		this.a.tab("dan", "dan").enter(ROOM);
		assertThat(heard(this.c, Duration.ofSeconds(50))).isEmpty();
		this.c.bringBack();
		this.b.bringBack();
		this.a.bringBack();

		assertThat(heard(this.c, SOON)).containsExactlyInAnyOrder("+dan", "-eve");
	}

	@Test
	void afterTooLongAnOutageOnlyThoseHereAreKnownUntilItIsOver() {
		this.a.tab("ada", "ada").enter(ROOM);
		watch(this.c);
		this.c.cutOff();

		this.c.talk.forgetOthers();
		assertThat(heard(this.c, SOON)).containsExactly("-ada");
		this.c.bringBack();

		assertThat(heard(this.c, SOON)).containsExactly("+ada");
	}

	@Test
	void aNodeThatCountedAsGoneForLessThanTheGraceHasLostNobody() {
		this.a.tab("ada", "ada").enter(ROOM);
		watch(this.c);

		this.a.kill();
		assertThat(heard(this.c, Halls.SILENCE.plus(Hall.GRACE).minusSeconds(2))).isEmpty();
		this.a.revive();

		assertThat(heard(this.c, Hall.GRACE.multipliedBy(2))).isEmpty();
	}

	@Test
	void whoIsThereByANodeThatStoodStillForLongIsKnownAgainOnceItGoesOn() {
		this.a.tab("ada", "ada").enter(ROOM);
		watch(this.c);
		this.a.kill();
		assertThat(heard(this.c, Halls.SILENCE.plus(Hall.GRACE).plusSeconds(2))).containsExactly("-ada");

		this.a.revive();

		assertThat(heard(this.c, LOOK)).containsExactly("+ada");
		assertThat(this.a.usersAt(ROOM)).containsExactlyInAnyOrder("ada", "bob");
	}

	@Test
	void whoeverAreManyComeInPiecesAndEachOfThemOnce() {
		int many = 2_000;
		Hall.Tab[] tabs = IntStream.range(0, many)
			.mapToObj((i) -> this.a.tab("key " + i, "somebody with quite a name " + i))
			.toArray(Hall.Tab[]::new);
		IntStream.range(0, many).forEach((i) -> tabs[i].enter((i % 2 == 0) ? ROOM : "/topic/" + i));
		this.a.posted();

		this.halls.pass(Duration.ofMillis(200));

		assertThat(this.a.posted()).isBetween(5, 50);
		assertThat(this.c.hall.presence.destinations()).isEqualTo(1 + many / 2);
		Station late = this.halls.start();
		assertThat(late.hall.presence.at(ROOM)).extracting(Present::user)
			.isEqualTo(this.a.hall.presence.at(ROOM).stream().map(Present::user).toList());
		assertThat(late.hall.presence.destinations()).isEqualTo(1 + many / 2);
		IntStream.range(0, many).forEach((i) -> this.a.link("key " + i).end(EndCause.ENDED));
		this.halls.pass(SOON);
		assertThat(late.hall.presence.destinations()).isZero();
	}

	@Test
	void whatStrangersDoAtOneNodeTakesNoMoreOfAnotherThanMayBeToldAndTheRestIsCounted() {
		Halls small = new Halls(2, 0, 48_000);
		Station full = small.get(0);
		Station other = small.get(1);
		Subscription watching = other.tab("watcher", "bob").watch(ROOM);
		List<Hall.Tab> tabs = IntStream.range(0, 100).mapToObj((i) -> full.tab("key " + i, null)).toList();
		List<Subscription> subscriptions = tabs.stream().map((tab) -> tab.enter(ROOM)).toList();
		small.pass(SOON);
		tabs.forEach((tab) -> tab.enter("/topic/another"));
		small.pass(SOON);

		int named = other.hall.presence.at(ROOM).size() - 1;
		assertThat(named).isBetween(5, 15);
		assertThat(other.hall.presence.at("/topic/another")).isEmpty();
		other.tab("late", "eve").watch(ROOM);
		small.pass(SOON);
		assertThat(other.hall.said()).last().asString().endsWith(" and " + (100 - named));
		assertThat(other.hall.idsSeenBy(watching)).hasSize(named + 2);

		IntStream.range(2, 100).forEach((i) -> tabs.get(i).unsubscribe(subscriptions.get(i)));
		small.pass(LOOK);

		assertThat(other.hall.presence.at(ROOM)).hasSize(4);
		assertThat(other.hall.presence.at("/topic/another")).hasSizeBetween(5, 15);
	}

	@Test
	void aNodeOfWhichNobodyComesOrGoesSaysNothingButHowFarOneShouldHaveCome() {
		this.a.tab("ada", "ada").enter(ROOM);
		this.halls.pass(Duration.ofSeconds(16));
		this.a.posted();

		this.halls.pass(Duration.ofSeconds(8));

		assertThat(this.a.posted()).isEqualTo(1);
	}

	@Test
	void whatMakesNoSenseIsLeftOut() {
		watch(this.c);

		List.of("", "is", "is node1", "is node1 x y", "now node1 1", "now node1 1 {", "now node1 1 {\"at\":[{}]}",
				"all node1 0", "all node1 0 0 1", "all node1 0 0 1 {}", "all node1 0 5 1 {}", "later node1", "ask")
			.forEach(this.c.talk::hear);
		this.a.tab("ada", "ada").enter(ROOM);

		assertThat(heard(this.c, LOOK)).containsExactly("+ada");
	}

}
