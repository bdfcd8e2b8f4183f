package org.sessionlink.wire;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class HandOverTest {

	private final List<String> done = new ArrayList<>();

	private final HandOver<String> handOver = new HandOver<>(1);

	@Test
	void noMoreThreadsAreStartedThanMayBe() {
		assertThat(this.handOver.isIdle()).isTrue();

		assertThat(this.handOver.add("one")).isTrue();
		assertThat(this.handOver.add("two")).isFalse();

		assertThat(this.handOver.isIdle()).isFalse();
	}

	@Test
	void aThreadDoesAllThereIsInItsOrderAndGoes() {
		this.handOver.add("one");
		this.handOver.add("two");

		this.handOver.work(this.done::add);

		assertThat(this.done).containsExactly("one", "two");
		assertThat(this.handOver.isIdle()).isTrue();
		assertThat(this.handOver.add("three")).isTrue();
	}

	@Test
	void whatIsHandedOverWhileItIsBeingDoneIsDoneToo() {
		this.handOver.add("one");

		this.handOver.work((item) -> {
			this.done.add(item);
			if (item.equals("one")) {
				assertThat(this.handOver.add("two")).isFalse();
			}
		});

		assertThat(this.done).containsExactly("one", "two");
	}

	@Test
	void oneMoreThatMayWorkIsStartedWhereSomethingWaits() {
		assertThat(this.handOver.allow(2)).isFalse();
		this.handOver.add("one");
		this.handOver.add("two");
		this.handOver.add("three");

		assertThat(this.handOver.allow(3)).isTrue();
		assertThat(this.handOver.allow(3)).isFalse();

		assertThat(this.handOver.isIdle()).isFalse();
	}

	@Test
	void aThreadThatIsOneTooManyLeavesTheRestToTheOthers() {
		this.handOver.allow(2);
		this.handOver.add("one");
		this.handOver.add("two");
		this.handOver.add("three");

		this.handOver.work((item) -> {
			this.done.add(item);
			this.handOver.allow(1);
		});

		assertThat(this.done).containsExactly("one");
		this.handOver.work(this.done::add);
		assertThat(this.done).containsExactly("one", "two", "three");
		assertThat(this.handOver.isIdle()).isTrue();
	}

	@Test
	void aThreadThatCouldNotBeStartedIsNotCounted() {
		assertThat(this.handOver.add("one")).isTrue();
		this.handOver.leave();

		assertThat(this.handOver.allow(1)).isTrue();
	}

	@Test
	void aThreadThatDiesIsNotCounted() {
		this.handOver.add("one");
		this.handOver.add("two");
		assertThatIllegalStateException().isThrownBy(() -> this.handOver.work((item) -> {
			throw new IllegalStateException("on purpose");
		}));

		assertThat(this.handOver.allow(1)).isTrue();
		this.handOver.work(this.done::add);

		assertThat(this.done).containsExactly("two");
	}

}
