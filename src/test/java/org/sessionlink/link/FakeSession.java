package org.sessionlink.link;

import java.time.Duration;

/** An HTTP session that remembers what was asked of it. */
public class FakeSession implements Home {

	private Duration timeout;

	int touches;

	int invalidations;

	boolean hears = true;

	public FakeSession(Duration timeout) {
		this.timeout = timeout;
	}

	@Override
	public boolean touch() {
		this.touches++;
		return this.hears;
	}

	@Override
	public void invalidate() {
		this.invalidations++;
	}

	@Override
	public Duration timeout() {
		return this.timeout;
	}

	void setTimeout(Duration newTimeout) {
		this.timeout = newTimeout;
	}

}
