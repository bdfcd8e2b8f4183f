package org.sessionlink.broker;

import org.junit.jupiter.api.Test;
import org.sessionlink.link.Refused;

import org.springframework.messaging.simp.stomp.StompCommand;

import static org.assertj.core.api.Assertions.assertThat;

/** B27, B35: what one client may have in transactions. */
class TransactionsTest {

	private final Transactions transactions = new Transactions(1_000);

	@Test
	void whatIsInAllOfThemTogetherIsLimited() {
		begin("a");
		begin("b");

		assertThat(this.transactions.take(StompCommand.SEND, "a", 100)).isNull();
		assertThat(this.transactions.take(StompCommand.SEND, "b", 100)).isEqualTo(Refused.TRANSACTION_TOO_LARGE);
	}

	@Test
	void whatHasEndedCountsNoMore() {
		for (int i = 0; i < 100; i++) {
			begin("a");
			assertThat(this.transactions.take(StompCommand.SEND, "a", 400)).isNull();
			assertThat(this.transactions.take(StompCommand.COMMIT, "a", 0)).isNull();
		}
	}

	@Test
	void oneIsBegunOnceAndEndsOnce() {
		begin("a");

		assertThat(this.transactions.take(StompCommand.BEGIN, "a", 0)).isEqualTo(Refused.NO_TRANSACTION);
		assertThat(this.transactions.take(StompCommand.ABORT, "a", 0)).isNull();
		assertThat(this.transactions.take(StompCommand.ABORT, "a", 0)).isEqualTo(Refused.NO_TRANSACTION);
		assertThat(this.transactions.take(StompCommand.SEND, "a", 0)).isEqualTo(Refused.NO_TRANSACTION);
	}

	@Test
	void beginningThemWithoutEndIsLimitedToo() {
		int begun = 0;
		while (this.transactions.take(StompCommand.BEGIN, "t" + begun, 0) == null) {
			begun++;
		}

		assertThat(begun).isEqualTo(3);
	}

	private void begin(String id) {
		assertThat(this.transactions.take(StompCommand.BEGIN, id, 0)).isNull();
	}

}
