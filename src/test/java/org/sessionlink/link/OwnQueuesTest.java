package org.sessionlink.link;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** B26: who hears what SessionLink itself tells, whatever an application allows. */
class OwnQueuesTest {

	private static final Identity OPERATOR = new Identity(() -> "olga", Set.of("OPERATOR"));

	private static final Identity CUSTOMER = new Identity(() -> "ada", Set.of("CUSTOMER"));

	private final DestinationPolicy everything = policy(true);

	private final DestinationPolicy nothing = policy(false);

	@Test
	void whoHasTheRoleHearsThoughTheApplicationAllowsNothing() {
		assertThat(before(this.nothing).maySubscribe(OPERATOR, "/user/queue/operators")).isTrue();
	}

	@Test
	void nobodyElseHearsThoughTheApplicationAllowsEverything() {
		assertThat(before(this.everything).maySubscribe(CUSTOMER, "/user/queue/operators")).isFalse();
		assertThat(before(this.everything).maySubscribe(Identity.ANONYMOUS, "/user/queue/operators")).isFalse();
	}

	@Test
	void nobodySpeaksThereInTheServersName() {
		assertThat(before(this.everything).maySend(OPERATOR, "/user/queue/operators")).isFalse();
		assertThat(before(this.everything).maySend(CUSTOMER, "/user/olga/queue/operators")).isFalse();
	}

	@Test
	void allElseIsTheApplications() {
		assertThat(before(this.everything).maySubscribe(CUSTOMER, "/topic/queue/operators")).isTrue();
		assertThat(before(this.everything).maySend(CUSTOMER, "/user/queue/orders")).isTrue();
		assertThat(before(this.nothing).maySend(OPERATOR, "/topic/news")).isFalse();
		assertThat(OwnQueues.behind(before(this.nothing))).isSameAs(this.nothing);
		assertThat(OwnQueues.before(this.nothing, List.of(), "/user/"::concat)).isSameAs(this.nothing);
	}

	private static DestinationPolicy before(DestinationPolicy policy) {
		return OwnQueues.before(policy, List.of(new OwnQueue("queue/operators", Set.of("OPERATOR", "OBSERVER"))),
				"/user/"::concat);
	}

	private static DestinationPolicy policy(boolean allowed) {
		return new DestinationPolicy() {

			@Override
			public boolean maySend(Identity identity, String destination) {
				return allowed;
			}

			@Override
			public boolean maySubscribe(Identity identity, String destination) {
				return allowed;
			}

		};
	}

}
