package org.sessionlink.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.sessionlink.RecordedLog;
import org.sessionlink.link.CloseCause;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketClosed;
import org.sessionlink.link.TrafficSum;
import org.sessionlink.watch.AuditEntry.Action;
import org.sessionlink.watch.AuditEntry.Target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

class AuditTrailTest {

	private static final Target NOTHING = new Target(null, null, null, null);

	private final Town town = new Town();

	private final AuditTrail audit = this.town.audit;

	@Test
	void theNewestComesFirstWithItsTime() {
		Instant before = Instant.now();

		this.audit.add("olga", Action.END_LINK, NOTHING, "one");
		this.audit.add("olga", Action.END_LINK, NOTHING, "two");

		assertThat(this.audit.entries()).extracting(AuditEntry::reason).startsWith("two", "one");
		assertThat(this.audit.entries().get(0).time()).isBetween(before, Instant.now());
	}

	@Test
	void theLastThousandAreKept() {
		IntStream.range(0, 1001).forEach((i) -> this.audit.add("olga", Action.END_LINK, NOTHING, "number " + i));

		assertThat(byPeople()).hasSize(1000)
			.extracting(AuditEntry::reason)
			.startsWith("number 1000", "number 999")
			.endsWith("number 1");
	}

	@Test
	void whatHappensByItselfPushesOutNothingThatSomebodyDid() {
		this.audit.add("olga", Action.END_LINK, NOTHING, "first");
		IntStream.range(0, 1001).forEach((i) -> this.audit.add(null, Action.LINK_ENDED, NOTHING, "end " + i));
		this.audit.add("olga", Action.END_LINK, NOTHING, "last");
		this.audit.add(null, Action.LINK_ENDED, NOTHING, "end 1001");

		assertThat(this.audit.entries()).filteredOn((entry) -> entry.target().link() == null)
			.hasSize(1002)
			.extracting(AuditEntry::reason)
			.startsWith("end 1001", "last", "end 1000")
			.endsWith("end 2", "first");
	}

	@Test
	void whatPeopleDoToTheirOwnSessionsPushesOutNothingThatAnOperatorDid() {
		this.audit.add("olga", Action.END_LINK, NOTHING, "first");
		for (int i = 0; i < 1001; i++) {
			Link own = this.town.link("own " + i, Town.person("eve"));
			this.town.operations.endOwn("eve", own.fingerprint());
		}
		this.town.link("own", Town.person("eve"));
		this.town.operations.endOwnBut("eve", null);

		assertThat(byPeople()).hasSize(1001)
			.extracting(AuditEntry::action, AuditEntry::who)
			.startsWith(tuple(Action.END_USER, "eve"), tuple(Action.END_LINK, "eve"))
			.endsWith(tuple(Action.END_LINK, "olga"));
	}

	@Test
	void whoCannotSayTheirNameHasAnEntryLikeAnyOther() {
		boolean[] failing = new boolean[1];
		Link nameless = this.town.link("nameless", new Identity(() -> {
			if (failing[0]) {
				throw new IllegalStateException("on purpose");
			}
			return "ada";
		}, Set.of()));
		failing[0] = true;

		this.town.operations.endLink(nameless.fingerprint(), "olga", "why");
		this.town.clock.pass(Duration.ZERO);

		assertThat(this.audit.entries()).filteredOn((entry) -> nameless.fingerprint().equals(entry.target().link()))
			.extracting(AuditEntry::action)
			.contains(Action.LINK_ENDED, Action.END_LINK);
	}

	@Test
	void noCharacterThatEndsALineOrTurnsItRoundIsInALineOfTheLog() {
		try (RecordedLog log = RecordedLog.of(AuditTrail.LOGGER)) {
			this.audit.add("olga\u2028INFO", Action.END_LINK, new Target("0a1b2c3d", "e\u202Eve\u2029", null, null),
					"a\u0085b");

			assertThat(log.lines())
				.containsExactly("INFO END_LINK by \"olga?INFO\": link=\"0a1b2c3d\" user=\"e?ve?\" reason=\"a?b\"");
		}
	}

	@Test
	void eightThreadsAtOnceLeaveTheLastThousandEachOnce() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(8);
		List<Future<?>> writers = new ArrayList<>();
		// Its lines would put the threads in a row.
		RecordedLog silence = RecordedLog.silent(AuditTrail.LOGGER);
		try {
			for (int thread = 0; thread < 8; thread++) {
				String name = thread + "-";
				writers.add(threads.submit(() -> IntStream.range(0, 20_000)
					.forEach((i) -> this.audit.add("olga", Action.END_LINK, NOTHING, name + i))));
			}
			for (Future<?> writer : writers) {
				writer.get(30, TimeUnit.SECONDS);
			}
		}
		finally {
			threads.shutdownNow();
			silence.close();
		}

		assertThat(byPeople()).hasSize(1000).doesNotContainNull().doesNotHaveDuplicates();
	}

	@Test
	void eachEntryIsALineOfTheLogInWhichNobodyForgesALineOrAField() {
		try (RecordedLog log = RecordedLog.of(AuditTrail.LOGGER)) {
			this.audit.add("olga\nINFO", Action.REVOKE, new Target("0a1b2c3d", null, "s-1", "7\" user=\"x\n"),
					"because");
			this.audit.add(null, Action.USER_CHANGED, new Target("0a1b2c3d", "ada", null, null), null);

			assertThat(log.lines()).containsExactly(
					"INFO REVOKE by \"olga<EOL>INFO\": link=\"0a1b2c3d\" socket=\"s-1\" subscription=\"7' user='x<EOL>\" reason=\"because\"",
					"INFO USER_CHANGED by the server: link=\"0a1b2c3d\" user=\"ada\"");
		}
	}

	@Test
	void theEndOfAllIsOneLineWithTheNumber() {
		try (RecordedLog log = RecordedLog.of(AuditTrail.LOGGER)) {
			this.audit.addEndOfAll("olga", 1234, "keys have leaked");

			assertThat(log.lines())
				.containsExactly("INFO END_ALL by \"olga\": ended=\"1234\" reason=\"keys have leaked\"");
		}
	}

	@Test
	void textOfAnyLengthIsCut() {
		String longText = String.join("", Collections.nCopies(1000, "x"));

		this.audit.add(longText, Action.REVOKE, new Target(null, longText, null, longText), longText);

		AuditEntry entry = this.audit.entries().get(0);
		assertThat(entry.who()).hasSize(200);
		assertThat(entry.reason()).hasSize(200);
		assertThat(entry.target().user()).hasSize(200);
		assertThat(entry.target().subscription()).hasSize(200);
	}

	@Test
	void aReasonThatIsBlankIsNone() {
		this.audit.add("olga", Action.END_LINK, NOTHING, " ");

		assertThat(this.audit.entries().get(0).reason()).isNull();
	}

	@Test
	void theEndOfEachLinkIsWrittenDownWithItsCause() {
		this.town.bob.end(EndCause.MAX_AGE);
		this.town.clock.pass(Duration.ZERO);

		AuditEntry entry = this.audit.entries().get(0);
		assertThat(entry.who()).isNull();
		assertThat(entry.action()).isEqualTo(Action.LINK_ENDED);
		assertThat(entry.target()).isEqualTo(new Target(this.town.bob.fingerprint(), "bob", null, null));
		assertThat(entry.reason()).isEqualTo("session-max-age");
	}

	@Test
	void aChangeOfUserIsWrittenDown() {
		this.town.stranger.identify(Town.person("carol"));
		this.town.clock.pass(Duration.ZERO);

		AuditEntry entry = this.audit.entries().get(0);
		assertThat(entry.action()).isEqualTo(Action.USER_CHANGED);
		assertThat(entry.target()).isEqualTo(new Target(this.town.stranger.fingerprint(), "carol", null, null));
	}

	@Test
	void linksSocketsSubscriptionsAndRefusalsAreWrittenDown() {
		Link link = this.town.link("visitor", Identity.ANONYMOUS);
		WatchedSocket socket = this.town.socket("v-1", link);
		link.socketOpened(socket);
		socket.socketLink().subscriptions().add("7", "/topic/news", 0);
		link.subscribed(socket.socketLink(), socket.socketLink().subscriptions().get("7"));
		link.refused(Refused.DESTINATION);
		link.socketClosed(new SocketClosed("v-1", link, "ada", 1013, CloseCause.of(Refused.SLOW_CONSUMER),
				link.createdAt(), Duration.ZERO, Duration.ZERO, TrafficSum.NONE, 0, 0, null, null));
		this.town.links.refused(Refused.ORIGIN);
		this.town.clock.pass(Duration.ZERO);

		String visitor = link.fingerprint();
		assertThat(this.audit.entries().stream().limit(6))
			.extracting(AuditEntry::action, AuditEntry::target, AuditEntry::reason, AuditEntry::code)
			.containsExactly(tuple(Action.REFUSED, NOTHING, "origin-not-allowed", null),
					tuple(Action.SOCKET_CLOSED, new Target(visitor, "ada", "v-1", null), "slow-consumer", 1013),
					tuple(Action.REFUSED, new Target(visitor, null, null, null), "destination-not-allowed", null),
					tuple(Action.SUBSCRIBED, new Target(visitor, null, "v-1", "7", "/topic/news"), null, null),
					tuple(Action.SOCKET_OPENED, new Target(visitor, null, "v-1", null), null, null),
					tuple(Action.LINK_OPENED, new Target(visitor, null, null, null), null, null));
	}

	@Test
	void whatOneKindIsFullOfPushesNothingOfAnotherOut() {
		this.town.bob.end(EndCause.KICKED);
		this.town.clock.pass(Duration.ZERO);

		for (int i = 0; i < 2_000; i++) {
			this.town.links.refused(Refused.ORIGIN);
			this.town.clock.pass(Duration.ZERO);
		}

		assertThat(this.audit.entries()).filteredOn((entry) -> entry.action() == Action.REFUSED).hasSize(1_000);
		assertThat(this.audit.entries()).filteredOn((entry) -> entry.action() == Action.LINK_ENDED).hasSize(1);
		assertThat(this.audit.entries()).filteredOn((entry) -> entry.action() == Action.LINK_OPENED).hasSize(4);
	}

	@Test
	void whatTheSettingsLeaveOutIsNotWrittenDownUnlessSomebodyDidIt() {
		AuditTrail quiet = new AuditTrail(this.town.links,
				new AuditSettings(Set.of(Action.REFUSED, Action.LINK_ENDED, Action.END_LINK)));

		this.town.links.refused(Refused.ORIGIN);
		this.town.bob.end(EndCause.KICKED);
		this.town.stranger.identify(Town.person("carol"));
		this.town.clock.pass(Duration.ZERO);
		quiet.add("olga", Action.END_LINK, NOTHING, null);

		assertThat(quiet.entries()).extracting(AuditEntry::action)
			.containsExactly(Action.END_LINK, Action.USER_CHANGED);
	}

	@Test
	void whatStrangersHaveHappenAtWillIsNoLineOfTheLog() {
		try (RecordedLog log = RecordedLog.of(AuditTrail.LOGGER)) {
			this.town.links.refused(Refused.ORIGIN);
			this.town.link("visitor", Identity.ANONYMOUS);
			this.town.clock.pass(Duration.ZERO);

			assertThat(log.lines()).isEmpty();
		}
	}

	@Test
	void whenTheApplicationStopsItHearsNoMore() {
		int before = this.audit.entries().size();

		this.audit.destroy();
		this.town.bob.end(EndCause.ENDED);
		this.town.clock.pass(Duration.ZERO);

		assertThat(this.audit.entries()).hasSize(before);
	}

	private List<AuditEntry> byPeople() {
		return this.audit.entries().stream().filter((entry) -> entry.who() != null).toList();
	}

}
