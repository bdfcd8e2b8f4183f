package org.sessionlink.wire;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/** A write that somebody waits for a little, however it ends. */
final class LastWrite implements Consumer<@Nullable Throwable> {

	private final CountDownLatch over = new CountDownLatch(1);

	@Override
	public void accept(@Nullable Throwable error) {
		this.over.countDown();
	}

	boolean await(Duration limit) throws InterruptedException {
		return this.over.await(limit.toNanos(), TimeUnit.NANOSECONDS);
	}

}
