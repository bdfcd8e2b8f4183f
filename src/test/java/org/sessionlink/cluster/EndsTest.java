package org.sessionlink.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.sessionlink.link.EndCause;

import static org.assertj.core.api.Assertions.assertThat;

/** For how long ends are told again (B22). */
class EndsTest {

	private final AtomicLong nanos = new AtomicLong();

	@AutoClose
	private final Redis away = new Redis("redis://127.0.0.1:1", "{away}:", List.of(), (channel, message) -> {
	});

	private final Ends ends = new Ends(new Records(this.away, getClass().getClassLoader()), this.nanos::get);

	@Test
	void anEndIsForgottenOnceAllReplicasHaveHeardOfIt() {
		this.ends.heard("f00d", EndCause.KICKED);

		this.ends.forgetOld(Duration.ofHours(1));
		assertThat(this.ends.known()).isOne();

		this.nanos.addAndGet(Ends.FRESH.toNanos() + 1);
		this.ends.forgetOld(Duration.ofHours(1));
		assertThat(this.ends.known()).isZero();
	}

	@Test
	void noEndIsForgottenWhereTheStoreHasOnlyComeBack() {
		this.ends.heard("f00d", EndCause.KICKED);

		this.nanos.addAndGet(Duration.ofMinutes(5).toNanos());
		this.ends.forgetOld(Duration.ZERO);
		this.ends.forgetOld(Ends.FRESH);

		assertThat(this.ends.known()).isOne();
	}

	@Test
	void whatCannotBeToldWaitsUpToABound() {
		this.ends.tell("f00d", EndCause.KICKED);
		assertThat(this.ends.end(Set.of("d00f"), EndCause.KICKED)).isEmpty();
		assertThat(this.ends.untold()).isEqualTo(2);
		assertThat(this.ends.known()).isZero();

		for (int i = 0; i < Ends.MOST + 10; i++) {
			this.ends.tell("hash " + i, EndCause.ENDED);
			this.ends.heard("hash " + i, EndCause.ENDED);
		}

		assertThat(this.ends.untold()).isEqualTo(Ends.MOST);
		assertThat(this.ends.known()).isEqualTo(Ends.MOST);
	}

}
