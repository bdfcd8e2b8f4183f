package org.sessionlink.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.sessionlink.link.Refused;

import static org.assertj.core.api.Assertions.assertThat;

class ToldTest {

	private final List<String> heard = new ArrayList<>();

	private final AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {
	});

	private final Steps steps = new Steps();

	private final Told told = new Told(this.steps, new Listening());

	@Test
	void whoHasHeardOfNoEndHearsOfNoReturn() {
		away(false);

		assertThat(this.heard).isEmpty();
	}

	@Test
	void whoHearsOfAnEndTwiceHearsOfItOnce() {
		away(true);
		away(true);
		away(false);

		assertThat(this.heard).containsExactly("BROKER_DOWN", "BROKER_UP");
	}

	@Test
	void whoBeginsToListenWhileTheBrokerIsAwayHearsSoAndThatItIsBack() {
		this.steps.take(this.told::awayAgain);
		away(false);

		assertThat(this.heard).containsExactly("BROKER_DOWN", "BROKER_UP");
	}

	@Test
	void whatHappensWhileSomethingIsToldIsToldAfterIt() {
		away(true);
		this.meanwhile.set(() -> away(true));

		away(false);

		assertThat(this.heard).containsExactly("BROKER_DOWN", "BROKER_UP", "BROKER_DOWN");
	}

	private void away(boolean now) {
		this.steps.take(() -> this.told.away(now));
	}

	private final class Listening implements Told.Client {

		@Override
		public void event(String event) {
			ToldTest.this.meanwhile.getAndSet(() -> {
			}).run();
			ToldTest.this.heard.add(event);
		}

		@Override
		public void refused(Refused reason) {
			ToldTest.this.heard.add(reason.code());
		}

		@Override
		public void receipt(String receipt) {
			ToldTest.this.heard.add(receipt);
		}

		@Override
		public void left() {
			ToldTest.this.heard.add("left");
		}

	}

}
