package org.sessionlink.history;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sessionlink.link.FakeClock;

import static org.assertj.core.api.Assertions.assertThat;

/** B31, B51: destinations that are kept, over hours of a fake clock. */
class HistoryTest {

	private static final History.Key NEWS = new History.Key("/topic/news", null);

	private final FakeClock clock = new FakeClock();

	private final History history = new History(
			new HistorySettings(List.of(new KeepRule("/topic/**", 100, 0, Duration.ofMinutes(2), false),
					new KeepRule("/last/**", 0, 0, Duration.ofMinutes(2), true)), 50_000),
			this.clock);

	@Test
	void whatNoRuleFitsIsNotKept() {
		assertThat(this.history.append(new History.Key("/queue/a", null), (of, offset) -> () -> 1)).isNull();
		assertThat(subscribe(new History.Key("/queue/a", null), null)).isNull();
		assertThat(this.history.count()).isZero();
	}

	@Test
	void aPositionIsThereBeforeAnythingWasSent() {
		Seam first = subscribe(NEWS, null);
		send(NEWS, 3);

		Seam back = subscribe(NEWS, first.position().toString());

		assertThat(first.position().offset()).isZero();
		assertThat(first.recovered()).isFalse();
		assertThat(back.recovered()).isTrue();
		assertThat(offsets(back.missed())).containsExactly(1L, 2L, 3L);
		assertThat(back.position()).isEqualTo(new Position(first.position().epoch(), 3));
	}

	@Test
	void anEmptyRingKeepsItsPlaceTenTimesAsLongAsItsMessages() {
		Position left = leave();

		this.clock.pass(Duration.ofMinutes(19));
		assertThat(subscribe(NEWS, left.toString()).recovered()).isTrue();
		leaveAgain();
		this.clock.pass(Duration.ofMinutes(21));

		assertThat(this.history.count()).isZero();
		assertThat(this.history.bytes()).isZero();
		assertThat(subscribe(NEWS, left.toString()).recovered()).isFalse();
	}

	@Test
	void whoIsThereForHoursIsNotForgotten() {
		send(NEWS, 1);
		Seam first = reader();

		this.clock.pass(Duration.ofHours(5));

		assertThat(subscribe(NEWS, first.position().toString()).recovered()).isTrue();
		assertThat(subscribe(NEWS, new Position(first.position().epoch(), 0).toString()).recovered()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "zzz:0", "zzz:999999999999999999", "*" })
	void aPositionOfAnotherCountIsNotRecovered(String position) {
		send(NEWS, 3);

		Seam seam = subscribe(NEWS, position);

		assertThat(seam.recovered()).isFalse();
		assertThat(seam.missed()).isEmpty();
	}

	@Test
	void whatWasNotUsedForTheLongestTimeGivesWay() {
		History.Key old = new History.Key("/topic/old", null);
		this.history.append(old, (of, offset) -> () -> 20_000);
		Seam seam = subscribe(old, null);
		this.clock.pass(Duration.ofSeconds(1));
		IntStream.range(0, 3)
			.forEach((i) -> this.history.append(new History.Key("/topic/new" + i, null), (of, offset) -> () -> 12_000));

		assertThat(this.history.bytes()).isLessThan(50_000);
		assertThat(subscribe(old, new Position(seam.position().epoch(), 0).toString()).recovered()).isFalse();
		assertThat(this.history.all().get(new History.Key("/topic/new2", null))).isNotNull();
	}

	@Test
	void namesThatStrangersMakeUpTakeNoMoreThanAllMay() {
		IntStream.range(0, 10_000).forEach((i) -> subscribe(new History.Key("/topic/" + i, null), null));

		assertThat(this.history.bytes()).isLessThanOrEqualTo(50_000);
		assertThat(this.history.count()).isLessThan(100);
	}

	@Test
	void oneUserGetsNothingOfAnother() {
		send(new History.Key("/topic/a", "ada"), 2);

		Seam theirs = subscribe(new History.Key("/topic/a", "ada"), null);
		Seam other = subscribe(new History.Key("/topic/a", "bob"),
				new Position(theirs.position().epoch(), 0).toString());

		assertThat(other.recovered()).isFalse();
		assertThat(other.missed()).isEmpty();
	}

	@Test
	void theLastMessageComesWhereThatIsSetAndNothingIsRecovered() {
		History.Key prices = new History.Key("/last/prices", null);
		send(prices, 3);

		Seam first = subscribe(prices, null);
		Seam back = subscribe(prices, new Position(first.position().epoch(), 1).toString());

		assertThat(offsets(first.replayed())).containsExactly(3L);
		assertThat(back.replayed()).isEmpty();
		assertThat(offsets(back.missed())).containsExactly(2L, 3L);
		assertThat(subscribe(NEWS, null).replayed()).isEmpty();
	}

	@Test
	void whatIsTooMuchAtOnceIsAGapAndTheLastMessageComesInstead() {
		History.Key prices = new History.Key("/last/prices", null);
		send(prices, 3);
		String start = new Position(subscribe(prices, null).position().epoch(), 0).toString();
		Seam all = subscribe(prices, start);
		long bytes = all.missed().stream().mapToLong((one) -> one.message().bytes()).sum();

		assertThat(all.within(bytes, bytes)).isEqualTo(all);
		assertThat(all.within(0, Long.MAX_VALUE)).isEqualTo(all);
		assertThat(List.of(all.within(bytes - 1, 0), all.within(bytes, bytes + 1))).allSatisfy((gap) -> {
			assertThat(gap.recovered()).isFalse();
			assertThat(gap.missed()).isEmpty();
			assertThat(offsets(gap.replayed())).containsExactly(3L);
			assertThat(gap.position()).isEqualTo(all.position());
		});
	}

	@Test
	void whoHasMissedNothingIsRecoveredHoweverMuchWaits() {
		send(NEWS, 3);
		String end = subscribe(NEWS, null).position().toString();

		assertThat(subscribe(NEWS, end).within(1, 2).recovered()).isTrue();
	}

	@Test
	void nothingIsLeftOnceAllIsOld() {
		IntStream.range(0, 50).forEach((i) -> send(new History.Key("/topic/" + i, null), 2));

		this.clock.pass(Duration.ofMinutes(23));

		assertThat(this.history.count()).isZero();
		assertThat(this.history.bytes()).isZero();
	}

	private Position leave() {
		Seam seam = reader();
		leaveAgain();
		return seam.position();
	}

	private Seam reader() {
		AtomicReference<Seam> seam = new AtomicReference<>();
		this.history.subscribe(NEWS, null, true, (of, one) -> seam.set(one));
		return seam.get();
	}

	private void leaveAgain() {
		KeptDestination news = this.history.all().get(NEWS);
		if (news.isRead()) {
			news.left(this.clock.nanoTime());
		}
	}

	private void send(History.Key key, int count) {
		IntStream.range(0, count).forEach((i) -> this.history.append(key, (of, offset) -> () -> 10));
	}

	private Seam subscribe(History.Key key, String position) {
		AtomicReference<Seam> seam = new AtomicReference<>();
		Position from = (position != null) ? Position.of(position) : null;
		this.history.subscribe(key, from, false, (of, one) -> seam.set(one));
		return seam.get();
	}

	private static List<Long> offsets(List<Seam.Numbered> messages) {
		return messages.stream().map(Seam.Numbered::offset).toList();
	}

}
