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

/** B37 on several nodes, where strangers at one of them do their worst. */
class PresenceStrangersTest {

	private static final String ROOM = "/topic/room";

	private static final Duration SOON = Duration.ofSeconds(1);

	private static final Duration LOOK = Duration.ofSeconds(10);

	private static final int LENGTH = 1_000_000;

	private final Halls halls = new Halls(2, 0, LENGTH);

	private final Station a = this.halls.get(0);

	private final Station b = this.halls.get(1);

	private void flood(String key, int destinations) {
		Hall.Tab tab = this.a.tab(key, null);
		String name = "/topic/" + key + "/" + "x".repeat(8_000);
		IntStream.range(0, destinations).forEach((i) -> tab.enter(name + i));
	}

	@Test
	void whoeverTakesAllThatTheyCanLeavesRoomForOthers() {
		IntStream.range(0, 50).forEach((i) -> flood("flood " + i, 100));
		this.halls.pass(SOON);

		IntStream.range(0, 50).forEach((i) -> this.a.tab("key " + i, "user " + i).enter(ROOM));
		this.a.tab("ada", "ada").enter("/topic/another");
		this.halls.pass(SOON);

		assertThat(this.b.usersAt(ROOM)).hasSize(50);
		assertThat(this.b.usersAt("/topic/another")).containsExactly("ada");
		IntStream.range(0, 50).forEach((i) -> this.a.link("flood " + i).end(EndCause.ENDED));
		IntStream.range(0, 50).forEach((i) -> this.a.link("key " + i).end(EndCause.ENDED));
		this.halls.pass(LOOK);
		assertThat(this.b.hall.presence.destinations()).isEqualTo(1);
		flood("another flood", 1);
		this.halls.pass(SOON);
		assertThat(this.b.hall.presence.destinations()).isEqualTo(2);
	}

	@Test
	void whoIsToldOfStaysThatHoweverMuchOthersTakeLater() {
		Hall.Tab tab = this.a.tab("ada", "ada");
		IntStream.range(0, 30).forEach((i) -> tab.enter("/topic/" + i));
		this.halls.pass(SOON);
		Subscription watching = this.b.tab("bob", "bob").watch("/topic/7");
		this.halls.pass(SOON);
		this.b.hall.said();

		IntStream.range(0, 100).forEach((i) -> flood("flood " + i, 100));
		this.halls.pass(SOON);
		tab.enter("/topic/7");
		this.a.tab("eve", "eve").enter("/topic/7");
		this.halls.pass(LOOK);

		assertThat(this.b.hall.said()).containsExactly("+eve");
		assertThat(this.b.hall.seenBy(watching)).containsExactly("ada", "bob", "eve");
	}

	@Test
	void whoComesBackAtAnotherNodeAndLeavesThereHasLeftAtOnce() {
		Subscription watching = this.b.tab("bob", "bob").watch(ROOM);
		Hall.Tab adas = this.a.tab("ada", "ada");
		adas.enter(ROOM);
		this.halls.pass(SOON);
		adas.cut();
		this.halls.pass(SOON);
		Hall.Tab back = this.b.tab("ada", "ada");
		Subscription again = back.enter(ROOM);
		this.halls.pass(SOON);
		assertThat(this.b.hall.seenBy(watching)).containsExactly("ada", "bob");

		back.unsubscribe(again);
		this.halls.pass(SOON);

		assertThat(this.b.hall.seenBy(watching)).containsExactly("bob");
		assertThat(this.a.usersAt(ROOM)).containsExactly("bob");
	}

	@Test
	void whoseTabsAreCutAtBothNodesAtOnceIsWaitedForByBoth() {
		Subscription watching = this.b.tab("bob", "bob").watch(ROOM);
		Hall.Tab one = this.a.tab("ada", "ada");
		Hall.Tab two = this.b.tab("ada", "ada");
		one.enter(ROOM);
		two.enter(ROOM);
		this.halls.pass(SOON);
		this.b.hall.said();

		one.cut();
		two.cut();
		this.halls.pass(Hall.GRACE.minus(SOON));
		assertThat(this.b.hall.seenBy(watching)).containsExactly("ada", "bob");
		this.a.tab("ada", "ada").enter(ROOM);
		this.halls.pass(Hall.GRACE.multipliedBy(2));

		assertThat(this.b.hall.said()).isEmpty();
		assertThat(this.b.usersAt(ROOM)).containsExactlyInAnyOrder("ada", "bob");
	}

	@Test
	void whoseTabIsCutHereIsWaitedForThoughAnotherAtAnotherNodeIsClosed() {
		Subscription watching = this.b.tab("bob", "bob").watch(ROOM);
		Hall.Tab one = this.a.tab("ada", "ada");
		one.enter(ROOM);
		Hall.Tab two = this.b.tab("ada", "ada");
		Subscription second = two.enter(ROOM);
		this.halls.pass(SOON);
		this.b.hall.said();

		one.cut();
		this.halls.pass(SOON);
		two.unsubscribe(second);
		this.halls.pass(SOON);
		this.a.tab("ada", "ada").enter(ROOM);
		this.halls.pass(Hall.GRACE.multipliedBy(2));

		assertThat(this.b.hall.said()).isEmpty();
		assertThat(this.b.hall.seenBy(watching)).containsExactly("ada", "bob");
	}

	@Test
	void aNodeThatTellsNothingAnyMoreThoughItIsThereHasNobody() {
		Subscription watching = this.b.tab("bob", "bob").watch(ROOM);
		this.a.tab("ada", "ada").enter(ROOM);
		this.halls.pass(SOON);
		assertThat(this.b.hall.seenBy(watching)).containsExactly("ada", "bob");

		this.halls.lose((message) -> message.contains(" node1 "));
		this.halls.pass(Duration.ofSeconds(60));
		assertThat(this.b.hall.seenBy(watching)).containsExactly("bob");
		this.halls.lose((message) -> false);
		this.halls.pass(LOOK);

		assertThat(this.b.hall.seenBy(watching)).containsExactly("ada", "bob");
	}

	@Test
	void whatHasNobodyInItMakesNoSense() {
		String before = "{\"node\":\"x\",\"at\":[";
		for (String nonsense : List.of("null]}", "{\"destination\":\"/topic/room\",\"there\":[null]}]}",
				"{\"destination\":\"/topic/room\",\"there\":[{\"user\":\"eve\"}]}]}",
				"{\"destination\":\"/topic/room\",\"gone\":[null]}]}",
				"{\"destination\":\"/topic/room\",\"there\":[{\"id\":\"1\",\"link\":\"2\",\"sockets\":[null]}]}]}",
				"{\"destination\":\"/topic/room\",\"more\":-5}]}", "{\"more\":5}]}")) {
			assertThat(PresenceWords.read(before + nonsense)).as(nonsense).isNull();
		}
	}

	@Test
	void whoComesInALongPlaceOneByOneTakesItsNameOnce() {
		String place = "/topic/" + "x".repeat(8_000);
		IntStream.range(0, 50).forEach((i) -> {
			this.a.tab("key " + i, "user " + i).enter(place);
			this.halls.pass(Duration.ofMillis(200));
		});

		List<Present> there = this.b.hall.presence.at(place);

		assertThat(there).hasSize(50);
		assertThat(there).allSatisfy((one) -> assertThat(one.destination()).isSameAs(there.get(0).destination()));
		assertThat(there).allSatisfy((one) -> assertThat(one.nodes().get(0)).isSameAs(there.get(0).nodes().get(0)));
	}

}
