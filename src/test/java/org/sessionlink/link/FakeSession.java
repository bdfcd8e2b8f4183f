package org.sessionlink.link;

import java.time.Duration;

/** An HTTP session that remembers what was asked of it. */
public class FakeSession implements Home {

	private Duration timeout;

	int touches;

	int invalidations;

	public FakeSession(Duration timeout) {
		this.timeout = timeout;
	}

	@Override
	public void touch() {
		this.touches++;
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
