package org.sessionlink.link;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** B46 */
class EndedLinksTest {

	private final FakeClock clock = new FakeClock();

	private final EndedLinks ended = new EndedLinks(this.clock);

	@Test
	void theCauseOfAnEndIsKnownForAnHour() {
		this.ended.add("a", EndCause.EXPIRED);
		this.clock.pass(Duration.ofMinutes(30));
		this.ended.add("b", EndCause.KICKED);

		this.clock.pass(Duration.ofMinutes(29));
		assertThat(this.ended.find("a")).isEqualTo(EndCause.EXPIRED);

		this.clock.pass(Duration.ofMinutes(1));
		assertThat(this.ended.find("a")).isNull();
		assertThat(this.ended.find("b")).isEqualTo(EndCause.KICKED);
		assertThat(this.ended.size()).isEqualTo(1);
	}

	@Test
	void whatIsTooOldIsForgottenThoughNobodyAsks() {
		this.ended.add("a", EndCause.EXPIRED);
		this.clock.pass(EndedLinks.LONGEST);

		this.ended.add("b", EndCause.EXPIRED);

		assertThat(this.ended.size()).isEqualTo(1);
	}

	@Test
	void ofMoreThanThereMayBeTheOldestAreForgotten() {
		IntStream.rangeClosed(0, EndedLinks.MOST).forEach((i) -> this.ended.add("link" + i, EndCause.ENDED));

		assertThat(this.ended.size()).isEqualTo(EndedLinks.MOST);
		assertThat(this.ended.find("link0")).isNull();
		assertThat(this.ended.find("link1")).isEqualTo(EndCause.ENDED);
		assertThat(this.ended.find("link" + EndedLinks.MOST)).isEqualTo(EndCause.ENDED);
	}

	@Test
	void anEndThatIsToldOfTwiceKeepsItsFirstCauseAndItsTime() {
		this.ended.add("a", EndCause.MAX_AGE);
		this.clock.pass(Duration.ofMinutes(59));
		this.ended.add("a", EndCause.ENDED);
		assertThat(this.ended.find("a")).isEqualTo(EndCause.MAX_AGE);

		this.clock.pass(Duration.ofMinutes(1));

		assertThat(this.ended.find("a")).isNull();
	}

	@Test
	void endsOfManyThreadsAreAllKnownAndNeverTooMany() throws Exception {
		int threads = 8;
		int each = EndedLinks.MOST / 4;
		List<Thread> ending = IntStream.range(0, threads).mapToObj((thread) -> new Thread(() -> {
			for (int i = 0; i < each; i++) {
				this.ended.add(thread + "-" + i, EndCause.EXPIRED);
				this.ended.find(thread + "-" + (i / 2));
			}
		})).toList();

		ending.forEach(Thread::start);
		for (Thread thread : ending) {
			thread.join();
		}

		assertThat(this.ended.size()).isEqualTo(EndedLinks.MOST);
		assertThat(IntStream.range(0, threads)
			.mapToObj((thread) -> this.ended.find(thread + "-" + (each - 1)))
			.filter(EndCause.EXPIRED::equals)).isNotEmpty();
		assertThat(IntStream.range(0, threads)
			.boxed()
			.flatMap((thread) -> IntStream.range(0, each).mapToObj((i) -> this.ended.find(thread + "-" + i)))
			.filter(EndCause.EXPIRED::equals)).hasSize(EndedLinks.MOST);
	}

	@Test
	void theEndOfALinkIsKnownByItsFingerprintLongAfterTheLinkIsForgotten() {
		Links links = new Links(this.clock, LinkPolicy.DEFAULT);
		Link link = links.open("key", "id", Home.GONE);
		assertThat(links.endOf(link.fingerprint())).isNull();

		link.end(EndCause.KICKED);
		this.clock.pass(Links.REMEMBER_ENDED);
		links.open("key", "id", Home.GONE).end(EndCause.ENDED);
		this.clock.pass(Links.REMEMBER_ENDED);

		assertThat(links.all()).isEmpty();
		assertThat(links.endOf(link.fingerprint())).isEqualTo(EndCause.KICKED);
		assertThat(links.endOf("key")).isNull();
	}

	@Test
	void ofTwoLinksWithOneFingerprintTheOpenOneHasNotEnded() {
		String shared = "7152ff1c00000000";
		Links links = Twins.links(this.clock, shared);
		Link one = links.open("one-" + shared, "one", Home.GONE);
		Link two = links.open("two-" + shared, "two", Home.GONE);
		assertThat(one.fingerprint()).isEqualTo(two.fingerprint());

		one.end(EndCause.EXPIRED);
		assertThat(links.endOf(shared)).isNull();

		two.end(EndCause.KICKED);
		assertThat(links.endOf(shared)).isEqualTo(EndCause.EXPIRED);
	}

}
