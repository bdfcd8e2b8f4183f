package org.sessionlink.link;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.sessionlink.link.Link.Added;

import static org.assertj.core.api.Assertions.assertThat;

/** A link's life in fake time: a timeout of 30 minutes unless a test says otherwise. */
class LinkLifeTest {

	private static final Duration TIMEOUT = Duration.ofMinutes(30);

	private static final Duration MOMENT = Duration.ofNanos(1);

	private final FakeClock clock = new FakeClock();

	private final FakeSession session = new FakeSession(TIMEOUT);

	private final FakeSocket socket = new FakeSocket();

	private Links links = new Links(this.clock, LinkPolicy.DEFAULT);

	@Test
	void aLinkThatIsNotUsedExpiresOnTime() {
		Link link = open();
		link.add(this.socket);

		this.clock.pass(TIMEOUT.minus(MOMENT));
		assertThat(link.endCause()).isNull();
		this.clock.pass(MOMENT);

		assertThat(link.endCause()).isEqualTo(EndCause.EXPIRED);
		assertThat(this.socket.ends).containsExactly(EndCause.EXPIRED);
		assertThat(this.session.invalidations).isOne();
	}

	@Test
	void aLinkThatIsUsedOutlivesManyTimeoutsAndExpiresOneAfterItsLastUse() {
		Link link = open();

		for (int i = 0; i < 10; i++) {
			this.clock.pass(TIMEOUT.minusSeconds(1));
			link.active();
		}
		this.clock.pass(TIMEOUT.minus(MOMENT));
		assertThat(link.endCause()).isNull();
		this.clock.pass(MOMENT);

		assertThat(link.endCause()).isEqualTo(EndCause.EXPIRED);
	}

	@Test
	void theContainerNeverComesToItsOwnTimeoutBeforeTheLink() {
		Link link = open();
		long ownExpiry = 0;
		int seen = 0;

		// A frame every 97 seconds; the container counts from the last touch.
		for (int second = 0; second < 4 * TIMEOUT.toSeconds(); second++) {
			this.clock.pass(Duration.ofSeconds(1));
			if (second % 97 == 0) {
				link.active();
			}
			if (this.session.touches > seen) {
				seen = this.session.touches;
				ownExpiry = second + TIMEOUT.toSeconds();
			}
			assertThat((second < TIMEOUT.toSeconds()) ? Long.MAX_VALUE : ownExpiry).isGreaterThan(second);
		}

		assertThat(link.endCause()).isNull();
	}

	@Test
	void theContainerIsTouchedAtMostOnceAMinuteAndOnlyWhenTheLinkWasUsed() {
		Link link = open();

		for (int i = 0; i < 6000; i++) {
			link.active();
			this.clock.pass(Duration.ofMillis(100));
		}
		int whileUsed = this.session.touches;
		this.clock.pass(Duration.ofMinutes(20));

		assertThat(whileUsed).isBetween(9, 10);
		assertThat(this.session.touches - whileUsed).isLessThanOrEqualTo(1);
	}

	@Test
	void withAShortTimeoutTheContainerIsTouchedTenTimesInIt() {
		this.session.setTimeout(Duration.ofSeconds(2));
		Link link = open();

		for (int i = 0; i < 200; i++) {
			link.active();
			this.clock.pass(Duration.ofMillis(10));
		}

		assertThat(this.session.touches).isBetween(9, 10);
	}

	@Test
	void anExpiredLinkIsNeverTouchedOrRevivedHoweverLateItsTimerIs() {
		Link link = open();
		this.clock.passUnnoticed(TIMEOUT.plusSeconds(1));

		boolean ended = link.endIfDue();
		link.active();
		this.clock.pass(TIMEOUT);

		assertThat(ended).isTrue();
		assertThat(link.endCause()).isEqualTo(EndCause.EXPIRED);
		assertThat(this.session.touches).isZero();
		assertThat(this.session.invalidations).isOne();
	}

	@Test
	void theGreatestAgeEndsALinkHoweverBusyItIs() {
		this.links = new Links(this.clock, new LinkPolicy(Duration.ofHours(2), Duration.ofMinutes(1), LinkLimits.NONE));
		Link link = open();

		for (int second = 0; second < 7199; second++) {
			this.clock.pass(Duration.ofSeconds(1));
			link.active();
		}
		assertThat(link.endCause()).isNull();
		this.clock.pass(Duration.ofSeconds(1));

		assertThat(link.endCause()).isEqualTo(EndCause.MAX_AGE);
	}

	@Test
	void aSessionWithoutATimeoutLastsAndNeedsNoTimer() {
		this.session.setTimeout(Duration.ofSeconds(-1));
		Link link = open();

		this.clock.pass(Duration.ofDays(1000));

		assertThat(link.endCause()).isNull();
		assertThat(link.remaining()).isNull();
		assertThat(this.clock.waiting()).isZero();
	}

	@Test
	void aTimeoutThatTheApplicationChangesIsInForceAtOnce() {
		Link link = open();

		// Long before the timer would look by itself.
		this.session.setTimeout(Duration.ofSeconds(10));
		link.moveTo(this.session, "id");
		this.clock.pass(Duration.ofSeconds(10));

		assertThat(link.endCause()).isEqualTo(EndCause.EXPIRED);
	}

	@Test
	void aRequestThatTakesLongerThanTheTimeoutIsUseUntilItsEnd() {
		Link link = open();
		link.requestBegins(this);

		this.clock.pass(TIMEOUT.multipliedBy(3));
		assertThat(link.endCause()).isNull();
		assertThat(link.remaining()).isEqualTo(TIMEOUT);
		assertThat(link.lastActivity()).isEqualTo(this.clock.now());
		assertThat(this.session.touches).isPositive();
		link.requestEnds(this);
		this.clock.pass(TIMEOUT.minus(MOMENT));
		assertThat(link.endCause()).isNull();
		this.clock.pass(MOMENT);

		assertThat(link.endCause()).isEqualTo(EndCause.EXPIRED);
	}

	@Test
	void ofTwoRequestsTheLastToEndCounts() {
		Link link = open();
		link.requestBegins("one");
		link.requestBegins("two");

		link.requestEnds("one");
		this.clock.pass(TIMEOUT.multipliedBy(2));
		assertThat(link.endCause()).isNull();
		link.requestEnds("two");
		this.clock.pass(TIMEOUT);

		assertThat(link.endCause()).isEqualTo(EndCause.EXPIRED);
	}

	@Test
	void aRequestThatBeginsWhenTheEndIsNearPutsItOff() {
		Link link = open();
		List<String> heard = listen();
		this.clock.pass(TIMEOUT.minusSeconds(30));

		link.requestBegins(this);
		this.clock.pass(Duration.ZERO);

		assertThat(heard).containsExactly("expiring PT1M", "extended PT30M");
	}

	@Test
	void theGreatestAgeEndsALinkInTheMiddleOfARequest() {
		this.links = new Links(this.clock, new LinkPolicy(Duration.ofHours(2), Duration.ofMinutes(1), LinkLimits.NONE));
		Link link = open();
		link.requestBegins(this);

		this.clock.pass(Duration.ofHours(2));

		assertThat(link.endCause()).isEqualTo(EndCause.MAX_AGE);
	}

	@Test
	void aRequestThatBringsNothingNewSetsNoTimer() {
		Link link = open();
		long waiting = this.clock.waiting();

		link.moveTo(this.session, "id");

		assertThat(this.clock.waiting()).isEqualTo(waiting);
	}

	@Test
	void aLinkIsDueAtTheVeryEndOfItsTimeAndNotAMomentBefore() {
		Link link = open();

		this.clock.passUnnoticed(TIMEOUT.minus(MOMENT));
		assertThat(link.endIfDue()).isFalse();
		assertThat(link.endCause()).isNull();
		this.clock.passUnnoticed(MOMENT);

		assertThat(link.endIfDue()).isTrue();
		assertThat(link.endIfDue()).isTrue();
	}

	@Test
	void whoEndsALinkIsToldWhetherItWasThem() {
		Link link = open();

		assertThat(link.end(EndCause.KICKED)).isTrue();
		assertThat(link.end(EndCause.ENDED)).isFalse();

		assertThat(link.endCause()).isEqualTo(EndCause.KICKED);
	}

	@Test
	void aSocketThatIsEndedAloneIsShutBeforeItIsClosed() {
		FakeSocket closing = new FakeSocket() {

			@Override
			public void end(EndCause cause) {
				if (this.shut) {
					super.end(cause);
				}
			}

		};

		open().end(closing, EndCause.KICKED);

		assertThat(closing.ends).containsExactly(EndCause.KICKED);
	}

	@Test
	void theEndIsAnnouncedOnceAndTakenBackWhenTheLinkIsUsed() {
		Link link = open();
		List<String> heard = listen();

		this.clock.pass(TIMEOUT.minusSeconds(60));
		this.clock.pass(Duration.ofSeconds(30));
		assertThat(heard).containsExactly("expiring PT1M");
		link.active();
		this.clock.pass(MOMENT);
		assertThat(heard).containsExactly("expiring PT1M", "extended PT30M");
		this.clock.pass(TIMEOUT);

		assertThat(heard).containsExactly("expiring PT1M", "extended PT30M", "expiring PT1M", "ended EXPIRED");
	}

	@Test
	void whoAsksForMoreTimeGetsItAndAllAreTold() {
		Link link = open();
		List<String> heard = listen();
		this.clock.pass(Duration.ofMinutes(10));

		link.extend();
		this.clock.pass(MOMENT);

		assertThat(link.remaining()).isEqualTo(TIMEOUT.minus(MOMENT));
		assertThat(heard).containsExactly("extended PT30M");
	}

	@Test
	void whoAsksForMoreTimeWhenTheEndIsNearIsAnsweredOnce() {
		Link link = open();
		List<String> heard = listen();
		this.clock.pass(TIMEOUT.minusSeconds(10));

		link.extend();
		this.clock.pass(TIMEOUT.minusSeconds(10));

		assertThat(heard).containsExactly("expiring PT1M", "extended PT30M", "expiring PT1M");
	}

	@Test
	void anEndedLinkLeavesNeitherTimerNorEntryBehind() {
		for (int i = 0; i < 10_000; i++) {
			Link link = this.links.open("key" + i, "id" + i, new FakeSession(TIMEOUT));
			link.add(new FakeSocket());
			link.end(EndCause.ENDED);
		}

		this.clock.pass(Links.REMEMBER_ENDED);

		assertThat(this.links.all()).isEmpty();
		assertThat(this.clock.waiting()).isZero();
	}

	@Test
	void aKeyThatEndedJustNowCannotBeOpenedAgain() {
		Link link = open();
		link.end(EndCause.ENDED);

		Link again = open();

		assertThat(again).isSameAs(link);
		assertThat(again.add(this.socket)).isEqualTo(Added.ENDED);
		assertThat(again.sockets()).isEmpty();
	}

	@Test
	void aLinkThatEndsJustAsASocketRegistersDoesNotAcceptIt() {
		Link link = open();
		LinkedSocket registering = new FakeSocket() {

			@Override
			public int hashCode() {
				// The set asks for it before the socket is in.
				link.end(EndCause.ENDED);
				return 1;
			}

			@Override
			public boolean equals(Object other) {
				return this == other;
			}

		};

		assertThat(link.add(registering)).isEqualTo(Added.ENDED);
		assertThat(link.sockets()).isEmpty();
	}

	@Test
	void aSessionThatItsContainerEndsBeforeItsTimeEndsTheLinkAsEnded() {
		Link link = open();
		link.add(this.socket);

		link.sessionDestroyed();
		link.sessionDestroyed();

		assertThat(this.socket.ends).containsExactly(EndCause.ENDED);
		assertThat(this.session.invalidations).isZero();
	}

	@Test
	void aSessionThatItsContainerReapsOnTimeEndsTheLinkAsExpired() {
		Link link = open();
		this.clock.passUnnoticed(TIMEOUT.minusSeconds(1));

		link.sessionDestroyed();

		assertThat(link.endCause()).isEqualTo(EndCause.EXPIRED);
	}

	@Test
	void oneThatItsContainerEndsAMomentTooEarlyForThatWasEndedBySomebody() {
		Link link = open();
		this.clock.passUnnoticed(TIMEOUT.minusSeconds(1).minus(MOMENT));

		link.sessionDestroyed();

		assertThat(link.endCause()).isEqualTo(EndCause.ENDED);
	}

	@Test
	void anIdThatChangesWhileASocketIsToldTheOldOneReachesIt() {
		Link link = open();
		AtomicReference<String> told = new AtomicReference<>();

		link.add(new FakeSocket() {

			@Override
			public void sessionIdChanged(String newId) {
				if (told.get() == null) {
					told.set("told");
					link.moveTo(LinkLifeTest.this.session, "new");
				}
				told.set(newId);
			}

		});

		assertThat(told).hasValue("new");
	}

	@Test
	void theIdOfTheSessionReachesEverySocketHoweverOftenItIsTold() {
		Link link = open();
		link.add(this.socket);

		link.moveTo(this.session, "new");
		link.moveTo(this.session, "new");
		FakeSocket later = new FakeSocket();
		link.add(later);

		assertThat(this.socket.sessionId).isEqualTo("new");
		assertThat(later.sessionId).isEqualTo("new");
		assertThat(link.sessionId()).isEqualTo("new");
	}

	@Test
	void aSocketThatCannotBeToldIsClosedAndTheOthersAreToldAllTheSame() {
		Link link = open();
		List<FakeSocket> sockets = List.of(new FakeSocket(), new DeafSocket(), new FakeSocket());
		sockets.forEach(link::add);
		sockets.forEach((socket) -> socket.ends.clear());

		link.identify(new Identity(() -> "ada", Set.of()));
		link.moveTo(this.session, "new");

		assertThat(sockets.get(1).ends).hasSize(3).containsOnly(EndCause.USER_CHANGED);
		assertThat(sockets).filteredOn((socket) -> !(socket instanceof DeafSocket)).allSatisfy((socket) -> {
			assertThat(socket.ends).isEmpty();
			assertThat(socket.identityChanges).hasValue(3);
			assertThat(socket.sessionId).isEqualTo("new");
		});
	}

	@Test
	void aSocketThatCannotBeToldAsItRegistersIsClosed() {
		Link link = open();
		FakeSocket deaf = new DeafSocket();

		link.add(deaf);

		assertThat(deaf.ends).isNotEmpty().containsOnly(EndCause.USER_CHANGED);
	}

	@Test
	void aSocketWhoseGateIsBrokenIsEndedAllTheSame() {
		FakeSocket broken = new FakeSocket() {

			@Override
			public void shut() {
				throw new IllegalStateException("on purpose");
			}

		};

		open().end(broken, EndCause.KICKED);

		assertThat(broken.ends).containsExactly(EndCause.KICKED);
	}

	@Test
	void theGreatestAgeCountsFromTheCreationOfTheSessionWhateverHasHappenedSince() {
		this.links = new Links(this.clock,
				new LinkPolicy(Duration.ofMinutes(20), Duration.ofMinutes(1), LinkLimits.NONE));
		Instant created = this.clock.now().minus(Duration.ofMinutes(15));

		Link link = this.links.open("key", created, "id", this.session);

		assertThat(link.createdAt()).isEqualTo(created);
		assertThat(link.lastActivity()).isEqualTo(this.clock.now());
		assertThat(link.remaining()).isEqualTo(Duration.ofMinutes(5));
		this.clock.pass(Duration.ofMinutes(5));
		assertThat(link.endCause()).isEqualTo(EndCause.MAX_AGE);
	}

	@Test
	void aSessionThatIsCreatedInTheFutureIsCreatedNow() {
		Link link = this.links.open("key", this.clock.now().plusSeconds(60), "id", this.session);

		assertThat(link.createdAt()).isEqualTo(this.clock.now());
		assertThat(link.remaining()).isEqualTo(TIMEOUT);
	}

	@Test
	void aLinkSaysWhenItWasUsedAndHowLongItLasts() {
		Link link = open();
		Instant opened = this.clock.now();

		this.clock.pass(Duration.ofMinutes(3));
		assertThat(link.lastActivity()).isEqualTo(opened);
		assertThat(link.timeout()).isEqualTo(TIMEOUT);
		link.active();

		assertThat(link.lastActivity()).isEqualTo(opened.plus(Duration.ofMinutes(3)));
		assertThat(link.createdAt()).isEqualTo(opened);
		assertThat(link.home()).isSameAs(this.session);
	}

	@Test
	void withAShortTimeoutTheWarningComesAtHalfOfIt() {
		this.session.setTimeout(Duration.ofSeconds(10));
		open();
		List<String> heard = listen();

		this.clock.pass(Duration.ofSeconds(5).minus(MOMENT));
		assertThat(heard).isEmpty();
		this.clock.pass(MOMENT);

		assertThat(heard).containsExactly("expiring PT5S");
	}

	@Test
	void howOldASessionIsTheClockSaysThatAllServersShareAndNoneOfTheirOwn() {
		Home home = new FakeSession(Duration.ofDays(1)) {

			@Override
			public Duration age() {
				return Duration.ofHours(3);
			}

		};
		this.links = new Links(this.clock, new LinkPolicy(Duration.ofHours(8), Duration.ofMinutes(1), LinkLimits.NONE));
		Instant byAnothersClock = this.clock.now().plusSeconds(2);

		Link link = this.links.open("key", byAnothersClock, "id", home);

		assertThat(link.age()).isEqualTo(Duration.ofHours(3));
		assertThat(link.createdAt()).as("as every server says it").isEqualTo(byAnothersClock);
		this.clock.pass(Duration.ofHours(5).minus(MOMENT));
		assertThat(link.endCause()).isNull();
		this.clock.pass(MOMENT);
		assertThat(link.endCause()).isEqualTo(EndCause.MAX_AGE);
	}

	@Test
	void withoutATimeoutTheGreatestAgeIsWarnedOfAndComes() {
		this.session.setTimeout(Duration.ZERO);
		this.links = new Links(this.clock,
				new LinkPolicy(Duration.ofMinutes(20), Duration.ofMinutes(1), LinkLimits.NONE));
		Link link = open();
		List<String> heard = listen();

		this.clock.pass(Duration.ofMinutes(20));

		assertThat(link.timeout()).isNull();
		assertThat(heard).containsExactly("expiring PT1M", "ended MAX_AGE");
		assertThat(this.session.touches).isZero();
	}

	@Test
	void whatIsLoggedOfALinkTellsNoSecret() {
		Link link = this.links.open("secretkey", "secretid", this.session);

		assertThat(link.fingerprint()).matches("[0-9a-f]{16}");
		assertThat(link.toString()).contains(link.fingerprint()).doesNotContain("secret");
	}

	private Link open() {
		return this.links.open("key", "id", this.session);
	}

	private static final class DeafSocket extends FakeSocket {

		@Override
		public void identityChanged() {
			throw new StackOverflowError("on purpose");
		}

		@Override
		public void sessionIdChanged(String newId) {
			throw new IllegalStateException("on purpose");
		}

	}

	private List<String> listen() {
		List<String> heard = new ArrayList<>();
		this.links.addListener(new LinkListener() {

			@Override
			public void expiring(Link link, Duration remaining) {
				heard.add("expiring " + remaining);
			}

			@Override
			public void extended(Link link, Duration remaining) {
				heard.add("extended " + remaining);
			}

			@Override
			public void ended(Link link, EndCause cause) {
				heard.add("ended " + cause);
			}

		});
		return heard;
	}

}
