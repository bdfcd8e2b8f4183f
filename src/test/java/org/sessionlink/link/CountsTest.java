package org.sessionlink.link;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.sessionlink.link.FrameKind.Direction;

import static org.assertj.core.api.Assertions.assertThat;

/** B53: what has happened, in numbers, by what no stranger can choose. */
class CountsTest {

	private final Counts counts = new Counts();

	@Test
	void eachCloseIsCountedByItsCodeAndCauseAndNowhereElse() {
		for (CloseCause cause : CloseCause.all()) {
			this.counts.closed(1008, cause);
		}
		this.counts.closed(1000, CloseCause.CLIENT_CLOSED);

		for (CloseCause cause : CloseCause.all()) {
			for (String code : Counts.codes()) {
				boolean one = code.equals("1008") || (code.equals("1000") && cause == CloseCause.CLIENT_CLOSED);
				assertThat(this.counts.closes(code, cause)).as(code + " " + cause).isEqualTo(one ? 1 : 0);
			}
		}
	}

	@Test
	void aCodeThatAClientMakesUpCountsAsOther() {
		List.of(3000, 4999, 1012, 0, -1, 70_000).forEach((code) -> this.counts.closed(code, CloseCause.CLIENT_CLOSED));

		assertThat(this.counts.closes(Counts.OTHER, CloseCause.CLIENT_CLOSED)).isEqualTo(6);
	}

	@Test
	void eachCauseHasAWordOfItsOwn() {
		Set<String> words = new HashSet<>(CloseCause.all().stream().map(CloseCause::word).toList());

		assertThat(words).hasSameSizeAs(CloseCause.all()).allMatch((word) -> word.matches("[a-z]+(-[a-z]+)*"));
		for (EndCause end : EndCause.values()) {
			assertThat(CloseCause.of(end).word()).isEqualTo(end.reason());
		}
		for (Refused refused : Refused.values()) {
			assertThat(CloseCause.of(refused).word()).isEqualTo(refused.code());
		}
	}

	@Test
	void framesAreCountedByDirectionAndKind() {
		this.counts.frames(Direction.IN, FrameKind.SEND, 3);
		this.counts.frames(Direction.OUT, FrameKind.HEARTBEAT, 2);
		this.counts.frames(Direction.OUT, FrameKind.HEARTBEAT, 1);

		assertThat(this.counts.frames(Direction.IN, FrameKind.SEND)).isEqualTo(3);
		assertThat(this.counts.frames(Direction.OUT, FrameKind.HEARTBEAT)).isEqualTo(3);
		assertThat(this.counts.frames(Direction.IN, FrameKind.HEARTBEAT)).isZero();
		assertThat(FrameKind.of("STOMP")).isEqualTo(FrameKind.CONNECT);
		assertThat(FrameKind.of("X-STRANGER")).isEqualTo(FrameKind.OTHER);
		assertThat(FrameKind.of(null)).isEqualTo(FrameKind.OTHER);
	}

	@Test
	void endsRefusalsAndRecoveriesAreCounted() {
		Links links = new Links(new FakeClock(), LinkPolicy.DEFAULT);
		Link link = links.open("key", "id", Home.GONE);

		link.refused(Refused.ORIGIN);
		link.end(EndCause.KICKED);
		link.end(EndCause.EXPIRED);
		links.counts().recovered(Recovered.NO);

		assertThat(links.counts().ends(EndCause.KICKED)).isOne();
		assertThat(links.counts().ends(EndCause.EXPIRED)).isZero();
		assertThat(links.refusals()).containsEntry(Refused.ORIGIN, 1L);
		assertThat(links.counts().recoveries(Recovered.NO)).isOne();
		assertThat(links.counts().recoveries(Recovered.YES)).isZero();
	}

}
