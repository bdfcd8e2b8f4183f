package org.sessionlink.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BrokerNewsTest {

	private final List<String> told = new ArrayList<>();

	private final AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {
	});

	private final BrokerNews news = new BrokerNews((event) -> {
		this.meanwhile.getAndSet(() -> {
		}).run();
		this.told.add(event);
	});

	@Test
	void whoHasHeardOfNoEndHearsOfNoReturn() {
		this.news.up();
		this.news.tell();

		assertThat(this.told).isEmpty();
	}

	@Test
	void whoSubscribesWhileTheBrokerIsAwayHearsSoAndThatItIsBack() {
		this.news.subscribed(false, false);
		this.news.subscribed(false, true);
		this.news.tell();
		this.news.up();
		this.news.tell();

		assertThat(this.told).containsExactly("BROKER_DOWN", "BROKER_UP");
	}

	@Test
	void whatHappensWhileSomethingIsToldIsToldAfterIt() {
		this.news.down();
		this.news.tell();
		this.meanwhile.set(() -> {
			this.news.down();
			this.news.tell();
		});

		this.news.up();
		this.news.tell();

		assertThat(this.told).containsExactly("BROKER_DOWN", "BROKER_UP", "BROKER_DOWN");
	}

}
