package org.sessionlink.link;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class WhereaboutsTest {

	private static final String OFFICE = "192.0.2.1";

	private final AddressCounts counts = new AddressCounts(1);

	private final Whereabouts one = new Whereabouts(this.counts);

	private final Whereabouts two = new Whereabouts(this.counts);

	@Test
	void aLinkCountsFromItsFirstOpenSocketToItsLast() {
		assertThat(this.one.enter(OFFICE)).isTrue();
		assertThat(this.one.enter(OFFICE)).isTrue();
		this.one.leave();

		assertThat(this.two.mayEnter(OFFICE)).isFalse();
		assertThat(this.two.enter(OFFICE)).isFalse();
		this.one.leave();
		assertThat(this.two.mayEnter(OFFICE)).isTrue();
		assertThat(this.two.enter(OFFICE)).isTrue();
		assertThat(this.counts.size()).isOne();
	}

	@Test
	void whoIsNotLetInIsNotCounted() {
		this.one.enter(OFFICE);
		this.two.enter(OFFICE);

		this.one.leave();

		assertThat(this.counts.size()).isZero();
		assertThat(this.two.address()).isNull();
	}

	@Test
	void askingCountsNothing() {
		assertThat(this.one.mayEnter(OFFICE)).isTrue();
		assertThat(this.two.mayEnter(OFFICE)).isTrue();

		assertThat(this.counts.size()).isZero();
	}

	@Test
	void aLinkThatIsInMayHaveSocketsFromAnywhere() {
		this.one.enter(OFFICE);
		this.two.enter("192.0.2.2");

		assertThat(this.two.mayEnter(OFFICE)).isTrue();
		assertThat(this.two.enter(OFFICE)).isTrue();
		assertThat(this.two.address()).isEqualTo("192.0.2.2");
		assertThat(this.counts.size()).isEqualTo(2);
	}

	@Test
	void aLinkThatComesBackCountsWhereItComesFromThen() {
		this.one.enter(OFFICE);
		this.one.leave();

		this.one.enter("192.0.2.2");

		assertThat(this.one.address()).isEqualTo("192.0.2.2");
		assertThat(this.counts.hasRoom(OFFICE)).isTrue();
	}

	@Test
	void anAddressThatIsNotKnownIsNotCounted() {
		assertThat(this.one.enter(null)).isTrue();
		assertThat(this.two.enter(null)).isTrue();
		assertThat(this.counts.size()).isZero();

		this.one.leave();

		assertThat(this.one.enter(OFFICE)).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "2001:db8::1, 2001:db8:0:0:ffff::2", "[2001:db8::1], 2001:db8::3", "fe80::1%eth0, fe80::2%7",
			"::ffff:192.0.2.1, 192.0.2.1", "::ffff:c000:201, 192.0.2.1", "unknown:x, unknown:x", "1::2::3, 1::2::3" })
	void theseAreOneAddress(String first, String second) {
		this.one.enter(first);

		assertThat(this.two.enter(second)).isFalse();
		this.one.leave();
		assertThat(this.counts.size()).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "2001:db8::1, 2001:db8:0:1::1", "192.0.2.1, 192.0.2.2", "::ffff:192.0.2.1, ::ffff:192.0.2.2",
			"1::2::3, 1::2::4", "unknown:x, unknown:y" })
	void theseAreTwo(String first, String second) {
		this.one.enter(first);

		assertThat(this.two.enter(second)).isTrue();
	}

	@Test
	void withoutALimitThereIsAlwaysRoom() {
		AddressCounts unlimited = new AddressCounts(0);
		unlimited.countIn(OFFICE);

		assertThat(unlimited.hasRoom(OFFICE)).isTrue();
		assertThat(unlimited.countIn(OFFICE)).isTrue();
	}

	@Test
	void ofManyThatComeAtOnceNoMoreAreLetInThanMayAndNoneStaysCounted() throws Exception {
		int threads = 4;
		AddressCounts room = new AddressCounts(2);
		CyclicBarrier start = new CyclicBarrier(threads);
		AtomicInteger inside = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		CompletableFuture<?>[] comers = new CompletableFuture<?>[threads];
		for (int i = 0; i < threads; i++) {
			Whereabouts link = new Whereabouts(room);
			comers[i] = CompletableFuture.runAsync(() -> {
				meet(start);
				for (int round = 0; round < 20_000; round++) {
					if (link.enter(OFFICE)) {
						most.accumulateAndGet(inside.incrementAndGet(), Math::max);
						inside.decrementAndGet();
						link.leave();
					}
				}
			}, (task) -> new Thread(task).start());
		}
		CompletableFuture.allOf(comers).get(60, TimeUnit.SECONDS);

		assertThat(most.get()).isBetween(1, 2);
		assertThat(room.size()).isZero();
	}

	@Test
	void ofOneLinkSocketsThatOpenAndCloseAtOnceLeaveNothingCounted() throws Exception {
		int threads = 4;
		CyclicBarrier start = new CyclicBarrier(threads);
		CompletableFuture<?>[] sockets = new CompletableFuture<?>[threads];
		for (int i = 0; i < threads; i++) {
			sockets[i] = CompletableFuture.runAsync(() -> {
				meet(start);
				for (int round = 0; round < 20_000; round++) {
					assertThat(this.one.enter(OFFICE)).isTrue();
					this.one.leave();
				}
			}, (task) -> new Thread(task).start());
		}
		CompletableFuture.allOf(sockets).get(60, TimeUnit.SECONDS);

		assertThat(this.counts.size()).isZero();
		assertThat(this.one.address()).isNull();
	}

	private static void meet(CyclicBarrier barrier) {
		try {
			barrier.await(30, TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
