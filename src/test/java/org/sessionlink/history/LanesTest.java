package org.sessionlink.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.sessionlink.link.LinkThreads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** News of destinations, while whoever takes them is stuck. */
class LanesTest {

	private static final History.Key A = new History.Key("/topic/a", null);

	private static final byte[] MEGABYTE = new byte[1024 * 1024];

	@AutoClose
	private final LinkThreads threads = new LinkThreads();

	private final CountDownLatch goOn = new CountDownLatch(1);

	private final List<LogNews> taken = Collections.synchronizedList(new ArrayList<>());

	private final AtomicInteger lost = new AtomicInteger();

	private final Lanes lanes = new Lanes(this.threads, (news) -> {
		if (news.key().equals(A)) {
			awaitGoing();
		}
		this.taken.add(news);
	}, this.lost::incrementAndGet);

	private void awaitGoing() {
		try {
			this.goOn.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static LogNews news(History.Key key, long offset, byte[] content) {
		return LogNews.message(key, new Mark("e", offset, offset), offset - 1, content);
	}

	@Test
	void allOfOneDestinationComesInItsOrderAndHoldsUpNoOther() {
		IntStream.rangeClosed(1, 1_000).forEach((i) -> this.lanes.add(news(A, i, new byte[0])));
		IntStream.range(0, 1_000)
			.mapToObj((i) -> new History.Key("/topic/" + i, null))
			.forEach((key) -> this.lanes.add(news(key, 1, new byte[0])));

		// Those that share its lane wait with it.
		await().until(() -> this.taken.size() > 950);
		this.goOn.countDown();
		await().until(() -> this.taken.size() == 2_000);
		assertThat(this.taken.stream().filter((news) -> news.key().equals(A)).map((news) -> news.mark().last()))
			.isEqualTo(IntStream.rangeClosed(1, 1_000).mapToObj(Long::valueOf).toList());
		assertThat(this.lanes.waiting()).isZero();
		assertThat(this.lost).hasValue(0);
	}

	@Test
	void ofWhatIsTooMuchOnlyThatItIsThereIsRemembered() {
		IntStream.rangeClosed(1, 40).forEach((i) -> this.lanes.add(news(A, i, MEGABYTE)));

		assertThat(this.lanes.waiting()).isLessThanOrEqualTo(Lanes.MOST_BYTES + MEGABYTE.length);
		this.goOn.countDown();

		await().until(() -> this.taken.size() == 40);
		assertThat(this.taken.get(0).content()).isEqualTo(MEGABYTE);
		assertThat(this.taken.get(39).content()).isNull();
		assertThat(this.taken.get(39).message()).isTrue();
		assertThat(this.lanes.waiting()).isZero();
	}

	@Test
	void whatIsFarTooMuchIsDroppedAndLookedForAfterwards() {
		int all = (int) (Lanes.FAR_TOO_MUCH / 100);
		Queue<LogNews> many = new ArrayDeque<>();
		IntStream.rangeClosed(1, all).forEach((i) -> many.add(LogNews.head(A, new Mark("e", i, i))));

		many.forEach(this.lanes::add);
		assertThat(this.lanes.waiting()).isLessThan(Lanes.FAR_TOO_MUCH + 1_000);
		this.goOn.countDown();

		await().until(() -> this.lost.get() == 1);
		assertThat(this.taken.size()).isLessThan(all);
		assertThat(new ArrayList<>(this.taken))
			.isSortedAccordingTo((one, other) -> Long.compare(one.mark().last(), other.mark().last()));
	}

}
