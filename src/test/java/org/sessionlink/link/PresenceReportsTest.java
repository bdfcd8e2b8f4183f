package org.sessionlink.link;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * B37: whoever is at a destination by any server is there, once, and has left when none
 * has them.
 */
class PresenceReportsTest {

	private static final String ROOM = "/topic/room";

	private static final String B = "node b";

	private static final String C = "node c";

	private final FakeClock clock = new FakeClock();

	private final Hall hall = new Hall(this.clock, 3);

	private final Link bob = this.hall.link("bob");

	private final Subscription bobs = watching();

	private final PresenceReports reports = this.hall.presence.reports();

	private Subscription watching() {
		Subscription subscription = this.hall.tab(this.bob).watch(ROOM);
		this.hall.rest();
		this.hall.said();
		return subscription;
	}

	@AfterEach
	void nothingImpossibleWasTold() {
		assertThat(this.hall.complaints()).isEmpty();
	}

	@Test
	void whoComesAndGoesElsewhereIsToldOfHere() {
		told(B, List.of(somebody("ada", "a")));
		assertThat(heard()).containsExactly("+ada");

		told(B, List.of(), "a");

		assertThat(heard()).containsExactly("-ada");
		assertThat(this.hall.seenBy(this.bobs)).containsExactly("bob");
	}

	@Test
	void whoMovesFromOneServerToAnotherHasNeverLeft() {
		told(B, List.of(somebody("ada", "a")));
		assertThat(heard()).containsExactly("+ada");

		told(C, List.of(somebody("ada", "a")));
		told(B, List.of(), "a");
		assertThat(heard()).isEmpty();
		told(C, List.of(), "a");

		assertThat(heard()).containsExactly("-ada");
	}

	@Test
	void whoMovesHereFromElsewhereAndAwayAgainHasNeverLeft() {
		Link ada = this.hall.link("ada");
		Hall.Tab tab = this.hall.tab(ada);
		Subscription adas = tab.enter(ROOM);
		Present here = this.hall.presence.ofUser("ada").get(0);
		assertThat(heard()).containsExactly("+ada");

		told(B, List.of(here));
		tab.unsubscribe(adas);
		assertThat(heard()).isEmpty();
		tab.enter(ROOM);
		told(B, List.of(), here.id());
		assertThat(heard()).isEmpty();
		ada.end(EndCause.ENDED);

		assertThat(heard()).containsExactly("-ada");
	}

	@Test
	void whoIsAtTwoServersIsShownOnceWithTheSocketsAndTheNamesOfBoth() {
		this.hall.presence.shareWith(new PresenceReporter() {

			@Override
			public String name() {
				return "node a";
			}

			@Override
			public void changed(String destination) {
				// It is told as it is now.
			}

		});
		Present here = this.hall.presence.ofUser("bob").get(0);

		told(B, List.of(new Present(ROOM, "bob", here.id(), here.link(), List.of("on b"), List.of(B))));

		assertThat(this.hall.presence.at(ROOM)).singleElement().satisfies((both) -> {
			assertThat(both.sockets()).containsExactly(here.sockets().get(0), "on b");
			assertThat(both.nodes()).containsExactly("node a", B);
		});
		assertThat(this.hall.presence.here(ROOM).present()).singleElement()
			.extracting(Present::nodes)
			.isEqualTo(List.of("node a"));
	}

	@Test
	void allThatAServerTellsTakesThePlaceOfWhatItHasToldBefore() {
		told(B, List.of(somebody("ada", "a"), somebody("eve", "e")));
		told(C, List.of(somebody("eve", "e")));
		this.reports.told(B, new Gathered("/topic/other", List.of(somebody("ada", "o")), 0), Set.of());
		assertThat(heard()).containsExactly("+ada", "+eve");

		this.reports.toldAll(B, List.of(new Gathered(ROOM, List.of(somebody("dan", "d")), 0)));

		assertThat(heard()).containsExactlyInAnyOrder("+dan", "-ada");
		assertThat(this.hall.presence.at("/topic/other")).isEmpty();
		assertThat(this.reports.by(B)).flatExtracting(Gathered::present)
			.extracting(Present::user)
			.containsExactly("dan");
		this.reports.toldAll(B, List.of());
		this.reports.toldAll(C, List.of());
		assertThat(heard()).containsExactlyInAnyOrder("-dan", "-eve");
		assertThat(this.hall.presence.destinations()).isEqualTo(1);
	}

	@Test
	void ofSoManyOnAllServersTogetherOthersAreToldAndTheRestIsCounted() {
		told(B, List.of(somebody("ada", "a"), somebody("dan", "d"), somebody("eve", "e"), somebody("fay", "f")));
		this.reports.told(C, new Gathered(ROOM, List.of(), 5), Set.of());
		assertThat(heard()).containsExactly("+ada", "+dan");

		Subscription late = this.hall.tab(this.hall.link("zoe")).watch(ROOM);
		assertThat(heard()).containsExactly("here [bob, ada, dan] and 8");
		told(B, List.of(), "a", "d");

		assertThat(heard()).containsExactlyInAnyOrder("-ada", "-dan", "+eve", "+fay");
		assertThat(this.hall.seenBy(late)).containsExactly("bob", "eve", "fay");
	}

	@Test
	void whoIsOnlyCountedElsewhereIsCountedForWhoeverComesLater() {
		this.reports.told(B, new Gathered("/topic/other", List.of(), 5), Set.of());

		this.hall.tab(this.bob).watch("/topic/other");

		assertThat(heard()).containsExactly("here [bob] and 5");
	}

	@Test
	void aListHasThoseOfAllServersInTheOrderInWhichTheyCame() {
		told(B, List.of(somebody("ada", "a")));
		this.hall.tab(this.hall.link("cyd")).enter(ROOM);
		told(C, List.of(somebody("dan", "d")));

		assertThat(this.hall.presence.at(ROOM)).extracting(Present::user).containsExactly("bob", "ada", "cyd", "dan");
		assertThat(this.hall.presence.ofLink("link of a")).extracting(Present::user).containsExactly("ada");
	}

	@Test
	void othersAreToldWhereThoseHereComeAndGoAndOfAsManyAsMayBeNamed() {
		Set<String> changed = new TreeSet<>();
		this.hall.presence.shareWith(new PresenceReporter() {

			@Override
			public String name() {
				return "node a";
			}

			@Override
			public void changed(String destination) {
				changed.add(destination);
			}

		});

		told(B, List.of(somebody("ada", "a")));
		assertThat(changed).isEmpty();
		List.of("cyd", "dan", "eve", "fay").forEach((name) -> this.hall.tab(this.hall.link(name)).enter(ROOM));

		assertThat(changed).containsExactly(ROOM);
		Gathered here = this.hall.presence.here(ROOM);
		assertThat(here.present()).extracting(Present::user).containsExactly("bob", "cyd", "dan");
		assertThat(here.more()).isEqualTo(2);
		assertThat(this.hall.presence.destinationsHere()).containsExactly(ROOM);
		changed.clear();
		this.bob.end(EndCause.ENDED);
		assertThat(changed).containsExactly(ROOM);
	}

	@Test
	void anAttendeeIsTheSameOnEveryServer() {
		Hall other = new Hall(this.clock);
		Link here = this.hall.link("the same key", "ada");
		Link there = other.link("the same key", "ada");
		this.hall.tab(here).enter(ROOM);
		other.tab(there).enter(ROOM);

		assertThat(other.presence.ofUser("ada")).extracting(Present::id)
			.isEqualTo(this.hall.presence.ofUser("ada").stream().map(Present::id).toList());
	}

	private void told(String server, List<Present> there, String... gone) {
		this.reports.told(server, new Gathered(ROOM, there, 0), Arrays.asList(gone));
	}

	private List<String> heard() {
		this.clock.pass(Duration.ofSeconds(1));
		return this.hall.said();
	}

	private static Present somebody(String user, String id) {
		return new Present(ROOM, user, id, "link of " + id, List.of("socket of " + id), List.of(B));
	}

}
