package org.sessionlink.wire;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

import org.springframework.web.socket.TextMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What waits for a socket, against a plain list. */
class BacklogTest {

	private static final int MOST = 10;

	@Property(tries = 300)
	void itIsAListThatKnowsItsBytes(@ForAll("scripts") List<Step> script, @ForAll @IntRange(max = 12) int most) {
		Backlog backlog = new Backlog(most);
		Model model = new Model(most);

		for (Step step : script) {
			assertThat(step.on(backlog)).as(step.toString()).isEqualTo(step.on(model));
			assertThat(backlog.size()).isEqualTo(model.list.size());
			assertThat(backlog.isEmpty()).isEqualTo(model.list.isEmpty());
			assertThat(backlog.bytes()).isEqualTo(model.bytes());
			assertThat(backlog.isOver()).isEqualTo(model.isOver(1));
			assertThat(backlog.isFarOver()).isEqualTo(model.isOver(Backlog.FAR));
			assertThat(backlog.oldest()).isSameAs(model.oldest());
		}
	}

	@Provide
	Arbitrary<List<Step>> scripts() {
		Arbitrary<Step> adds = Combinators
			.combine(Arbitraries.integers().between(0, 8), Arbitraries.of(true, false),
					Arbitraries.longs().between(-3, 3))
			.as((bytes, mayMiss, since) -> new Step("add", bytes, mayMiss, since));
		Arbitrary<Step> others = Combinators
			.combine(Arbitraries.of("take", "take", "makeRoom", "removeMissableSince", "clear"),
					Arbitraries.integers().between(0, 20), Arbitraries.longs().between(-3, 3))
			.as((name, bytes, since) -> new Step(name, bytes, false, since));
		return Arbitraries.frequencyOf(Tuple.of(3, adds), Tuple.of(1, others)).list().ofMaxSize(60);
	}

	@Test
	void asMuchAsMayWaitIsNotTooMuch() {
		Backlog backlog = backlog(MOST - 1, 1);
		assertThat(backlog.isOver()).isFalse();

		backlog.add(message(1, false, 0));

		assertThat(backlog.isOver()).isTrue();
	}

	@Test
	void farMoreThanMayWaitIsFarTooMuch() {
		Backlog backlog = backlog(Backlog.FAR * MOST, 0);
		assertThat(backlog.isOver()).isTrue();
		assertThat(backlog.isFarOver()).isFalse();

		backlog.add(message(1, false, 0));

		assertThat(backlog.isFarOver()).isTrue();
	}

	@Test
	void oneMessageAloneIsNeverTooMuch() {
		Backlog backlog = backlog(1000 * MOST);

		assertThat(backlog.isOver()).isFalse();
		assertThat(backlog.isFarOver()).isFalse();
	}

	@Test
	void withoutABoundNothingIsTooMuch() {
		Backlog backlog = new Backlog(0);
		backlog.add(message(1_000_000, true, 0));
		backlog.add(message(1_000_000, true, 0));

		assertThat(backlog.isOver()).isFalse();
		assertThat(backlog.makeRoom()).isEmpty();
	}

	@Test
	void roomIsMadeByTheOldestAndNoFurtherThanIsNeeded() {
		Backlog backlog = new Backlog(MOST);
		Outgoing kept = message(4, false, 0);
		Outgoing newest = message(6, true, 0);
		backlog.add(message(3, true, 0));
		backlog.add(kept);
		backlog.add(message(3, true, 0));
		backlog.add(newest);

		assertThat(backlog.makeRoom()).hasSize(2);

		assertThat(backlog.take(MOST)).containsExactly(kept, newest);
	}

	@Test
	void whatHasWaitedExactlyTooLongIsRemoved() {
		Backlog backlog = new Backlog(MOST);
		backlog.add(message(1, true, 4));
		backlog.add(message(1, true, 5));
		backlog.add(message(1, true, 6));
		backlog.add(message(1, false, 3));

		assertThat(backlog.removeMissableSince(5)).hasSize(2);

		assertThat(backlog.bytes()).isEqualTo(2);
	}

	@Test
	void timesAreComparedAcrossTheEndOfTheirNumbers() {
		Backlog backlog = new Backlog(MOST);
		backlog.add(message(1, true, Long.MAX_VALUE));

		assertThat(backlog.removeMissableSince(Long.MIN_VALUE)).hasSize(1);
	}

	@Test
	void asMuchIsTakenAsIsAskedForOrALittleMore() {
		assertThat(backlog(2, 2, 2, 2).take(4)).hasSize(2);
		assertThat(backlog(2, 2, 2, 2).take(5)).hasSize(3);
		assertThat(backlog(2, 2, 2, 2).take(2)).hasSize(1);
		assertThat(backlog(2, 2, 2, 2).take(0)).hasSize(1);
		assertThat(backlog(2, 2, 2, 2).take(100)).hasSize(4);
	}

	@Test
	void nothingCanBeTakenWhereNothingWaits() {
		assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> backlog().take(1));
	}

	private static Backlog backlog(int... sizes) {
		Backlog backlog = new Backlog(MOST);
		for (int size : sizes) {
			backlog.add(message(size, false, 0));
		}
		return backlog;
	}

	private static Outgoing message(int bytes, boolean mayMiss, long since) {
		return new Outgoing(Payload.of(new TextMessage("")), bytes, mayMiss, () -> true, since);
	}

	/** What happens to a backlog, and what comes of it. */
	record Step(String name, int bytes, boolean mayMiss, long since, Outgoing message) {

		Step(String name, int bytes, boolean mayMiss, long since) {
			this(name, bytes, mayMiss, since, BacklogTest.message(bytes, mayMiss, since));
		}

		Object on(Backlog backlog) {
			return switch (this.name) {
				case "add" -> {
					backlog.add(this.message);
					yield 0;
				}
				case "take" -> backlog.isEmpty() ? 0 : backlog.take(this.bytes);
				case "makeRoom" -> backlog.makeRoom().size();
				case "removeMissableSince" -> backlog.removeMissableSince(this.since).size();
				default -> {
					backlog.clear();
					yield 0;
				}
			};
		}

		Object on(Model model) {
			return switch (this.name) {
				case "add" -> {
					model.list.add(this.message);
					yield 0;
				}
				case "take" -> model.list.isEmpty() ? 0 : model.take(this.bytes);
				case "makeRoom" -> model.makeRoom();
				case "removeMissableSince" -> model.remove((one) -> one.since() <= this.since);
				default -> {
					model.list.clear();
					yield 0;
				}
			};
		}

		@Override
		public String toString() {
			return this.name + " " + this.bytes + (this.mayMiss ? " that may be missed" : "") + " since " + this.since;
		}

	}

	/** The same as a list, in the plainest words. */
	private static final class Model {

		private final List<Outgoing> list = new ArrayList<>();

		private final int most;

		Model(int most) {
			this.most = most;
		}

		long bytes() {
			return this.list.stream().mapToLong(Outgoing::bytes).sum();
		}

		boolean isOver(int times) {
			return this.most != 0 && this.list.size() >= 2 && bytes() > this.most * times;
		}

		Outgoing oldest() {
			return this.list.stream().filter((one) -> !one.mayMiss()).findFirst().orElse(null);
		}

		List<Outgoing> take(int bytes) {
			List<Outgoing> taken = new ArrayList<>();
			do {
				taken.add(this.list.remove(0));
			}
			while (!this.list.isEmpty() && taken.stream().mapToInt(Outgoing::bytes).sum() < bytes);
			return taken;
		}

		int makeRoom() {
			return remove((one) -> isOver(1));
		}

		int remove(Predicate<Outgoing> condition) {
			int removed = 0;
			for (Iterator<Outgoing> each = this.list.iterator(); each.hasNext();) {
				Outgoing one = each.next();
				if (one.mayMiss() && condition.test(one)) {
					each.remove();
					removed++;
				}
			}
			return removed;
		}

	}

}
