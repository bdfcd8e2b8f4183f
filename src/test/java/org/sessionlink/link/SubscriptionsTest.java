package org.sessionlink.link;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** B12, B13: what a socket is subscribed to, and what of it was taken away. */
class SubscriptionsTest {

	private final FakeClock clock = new FakeClock();

	private final Subscriptions subscriptions = new Subscriptions(this.clock);

	@Test
	void aSubscriptionIsKnownByTheIdThatTheClientGaveIt() {
		assertThat(this.subscriptions.add("1", "/topic/a", 0)).isTrue();

		assertThat(this.subscriptions.get("1").id()).isEqualTo("1");
		assertThat(this.subscriptions.destination("1")).isEqualTo("/topic/a");
		assertThat(this.subscriptions.all()).isEqualTo(Map.of("1", "/topic/a"));
		assertThat(this.subscriptions.get("2")).isNull();
		assertThat(this.subscriptions.destination("2")).isNull();
	}

	@Test
	void noMoreAreTakenThanMayBeAndEachThatEndsMakesRoom() {
		assertThat(this.subscriptions.add("1", "/topic/a", 2)).isTrue();
		assertThat(this.subscriptions.add("2", "/topic/a", 2)).isTrue();

		assertThat(this.subscriptions.add("3", "/topic/a", 2)).isFalse();
		assertThat(this.subscriptions.get("3")).isNull();
		this.subscriptions.remove("1");
		assertThat(this.subscriptions.add("3", "/topic/a", 2)).isTrue();
	}

	@Test
	void oneThatIsMadeOnceMoreIsTheSameAndNeedsNoRoom() {
		this.subscriptions.add("1", "/topic/a", 1);
		Subscription known = this.subscriptions.get("1");

		assertThat(this.subscriptions.add("1", "/topic/a", 1)).isTrue();

		assertThat(this.subscriptions.get("1")).isSameAs(known);
	}

	@Test
	void withoutALimitThereIsRoomForAnyNumber() {
		for (int i = 0; i < 1_000; i++) {
			assertThat(this.subscriptions.add("id" + i, "/topic/a", 0)).isTrue();
		}

		assertThat(this.subscriptions.open()).hasSize(1_000);
	}

	@Test
	void howManyThereAreIsCountedByDestinationAndWhatWasTakenAwayIsNotCounted() {
		this.subscriptions.add("1", "/topic/a", 0);
		this.subscriptions.add("2", "/topic/a", 0);
		this.subscriptions.add("3", "/topic/b", 0);

		assertThat(this.subscriptions.to("/topic/a")).isEqualTo(2);
		this.subscriptions.revoke("1");
		assertThat(this.subscriptions.to("/topic/a")).isOne();
		assertThat(this.subscriptions.to("/topic/c")).isZero();
	}

	@Test
	void whatIsTakenAwayIsShutAndTheOthersAreNot() {
		this.subscriptions.add("1", "/topic/a", 0);
		this.subscriptions.add("2", "/topic/b", 0);
		Subscription taken = this.subscriptions.get("1");

		assertThat(this.subscriptions.revoke("1")).isSameAs(taken);

		assertThat(taken.getAsBoolean()).isFalse();
		assertThat(this.subscriptions.get("2").getAsBoolean()).isTrue();
		assertThat(this.subscriptions.open()).containsExactly(this.subscriptions.get("2"));
		assertThat(this.subscriptions.all()).isEqualTo(Map.of("2", "/topic/b"));
	}

	@Test
	void whatIsTakenAwayTwiceWasTakenAwayOnce() {
		this.subscriptions.add("1", "/topic/a", 0);
		Subscription taken = this.subscriptions.get("1");

		assertThat(this.subscriptions.revoke(taken)).isTrue();

		assertThat(this.subscriptions.revoke(taken)).isFalse();
		assertThat(this.subscriptions.revoke("1")).isNull();
		assertThat(taken.getAsBoolean()).isFalse();
	}

	@Test
	void anIdThatNobodyHasCannotBeTakenAway() {
		assertThat(this.subscriptions.revoke("1")).isNull();
		assertThat(this.subscriptions.remove("1")).isNull();
	}

	@Test
	void anIdIsTakenForAnotherDestinationAndUntilWhatWasTakenAwayIsForgotten() {
		this.subscriptions.add("1", "/topic/a", 0);
		assertThat(this.subscriptions.isTaken("1", "/topic/a")).isFalse();
		assertThat(this.subscriptions.isTaken("1", "/topic/b")).isTrue();
		assertThat(this.subscriptions.isTaken("2", "/topic/b")).isFalse();

		Subscription revoked = this.subscriptions.revoke("1");
		assertThat(this.subscriptions.isTaken("1", "/topic/a")).isTrue();
		assertThat(this.subscriptions.forget(revoked)).isTrue();

		assertThat(this.subscriptions.isTaken("1", "/topic/b")).isFalse();
		assertThat(this.subscriptions.forget(revoked)).as("again").isFalse();
	}

	@Test
	void whatTheClientHasEndedItselfCannotBeForgottenForItAndNeitherCanItsSuccessor() {
		this.subscriptions.add("1", "/topic/a", 0);
		Subscription revoked = this.subscriptions.revoke("1");
		this.subscriptions.remove("1");
		this.subscriptions.add("1", "/topic/a", 0);

		assertThat(this.subscriptions.forget(revoked)).isFalse();

		assertThat(this.subscriptions.get("1")).isNotNull();
	}

	@Test
	void whatWaitsForOneThatTheClientHasEndedGoesOut() {
		this.subscriptions.add("1", "/topic/a", 0);
		Subscription ended = this.subscriptions.get("1");

		assertThat(this.subscriptions.remove("1")).isEqualTo("/topic/a");

		assertThat(ended.getAsBoolean()).isTrue();
		assertThat(this.subscriptions.get("1")).isNull();
	}

	@Test
	void whatIsTakenAwayLaterShutsAlsoWhatTheClientHasEnded() {
		this.subscriptions.add("1", "/topic/a", 0);
		this.subscriptions.add("2", "/topic/b", 0);
		Subscription ended = this.subscriptions.get("1");
		this.subscriptions.remove("1");

		this.subscriptions.revoke(this.subscriptions.get("2"));

		assertThat(ended.getAsBoolean()).isFalse();
	}

	@Test
	void whoLosesAnIdThatIsGoneLosesWhatStillWaitsForIt() {
		this.subscriptions.add("1", "/topic/a", 0);
		Subscription ended = this.subscriptions.get("1");
		this.subscriptions.remove("1");

		assertThat(this.subscriptions.revoke("1")).isNull();

		assertThat(ended.getAsBoolean()).isFalse();
	}

	@Test
	void aReviewSeesWhatIsOpenAndShutsWhatTheClientHasEnded() {
		this.subscriptions.add("1", "/topic/a", 0);
		this.subscriptions.add("2", "/topic/b", 0);
		Subscription ended = this.subscriptions.get("1");
		Subscription open = this.subscriptions.get("2");
		this.subscriptions.remove("1");
		assertThat(this.subscriptions.isAnyRevoked()).isFalse();

		List<Subscription> reviewed = this.subscriptions.review();

		assertThat(reviewed).containsExactly(open);
		assertThat(open.getAsBoolean()).isTrue();
		assertThat(ended.getAsBoolean()).isFalse();
		assertThat(this.subscriptions.isAnyRevoked()).isTrue();
	}

	@Test
	void whatWasPublishedForAnOldOneIsNotForANewOneOfTheSameId() {
		this.subscriptions.add("1", "/topic/a", 0);
		long published = this.clock.nanoTime();
		this.clock.pass(Duration.ofNanos(1));

		this.subscriptions.forget(this.subscriptions.revoke("1"));
		this.subscriptions.add("1", "/topic/a", 0);

		assertThat(this.subscriptions.get("1").getAsBoolean()).isTrue();
		assertThat(this.subscriptions.get("1").isOlderThan(published)).isFalse();
		assertThat(this.subscriptions.get("1").isOlderThan(this.clock.nanoTime())).isTrue();
	}

}
