package org.sessionlink.link;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TokenBucketTest {

	private static final long SECOND = 1_000_000_000;

	// A clock of nanoseconds starts anywhere, and may overflow on the way.
	@ParameterizedTest
	@ValueSource(longs = { 0, -5 * SECOND, Long.MAX_VALUE - SECOND / 2 })
	void itStartsFullAndFillsSteadily(long start) {
		TokenBucket bucket = new TokenBucket(50, 200, start);

		assertThat(takeAll(bucket, start)).isEqualTo(200);
		assertThat(takeAll(bucket, start + SECOND)).isEqualTo(50);
		assertThat(takeAll(bucket, start + 100 * SECOND)).isEqualTo(200);
	}

	@Test
	void whatIsRefusedTakesNothing() {
		TokenBucket bucket = new TokenBucket(50, 200, 0);

		assertThat(bucket.take(201, 0)).isFalse();
		assertThat(bucket.take(200, 0)).isTrue();
	}

	@Test
	void threadsTogetherGetNoMoreThanOne() throws Exception {
		TokenBucket bucket = new TokenBucket(1, 10_000, 0);
		AtomicInteger taken = new AtomicInteger();

		CompletableFuture<?>[] threads = new CompletableFuture<?>[4];
		for (int i = 0; i < threads.length; i++) {
			threads[i] = CompletableFuture.runAsync(() -> taken.addAndGet(takeAll(bucket, 0)));
		}
		CompletableFuture.allOf(threads).get(60, TimeUnit.SECONDS);

		assertThat(taken).hasValue(10_000);
	}

	private static int takeAll(TokenBucket bucket, long now) {
		int taken = 0;
		while (bucket.take(1, now)) {
			taken++;
		}
		return taken;
	}

}
