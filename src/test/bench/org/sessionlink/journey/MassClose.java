package org.sessionlink.journey;

import java.time.Duration;
import java.util.Map;

/** The end of an HTTP session that many sockets were opened under. */
final class MassClose implements Load {

	private static final Duration PATIENCE = Duration.ofSeconds(3);

	private final Site site;

	private final int sockets;

	MassClose(Site site, int sockets) {
		this.site = site;
		this.sockets = sockets;
	}

	/** Returns infinity where any socket is still open after three seconds. */
	@Override
	public Map<Figure, Double> run(Duration time) {
		String cookie = this.site.newSession();
		Crowd crowd = new Crowd(this.site, this.sockets, "/topic/nothing", () -> cookie);
		crowd.expectClosing();
		long start = System.nanoTime();
		var answer = this.site.endSession(cookie);
		boolean closed = this.site.generator().runUntil(() -> crowd.closed() == this.sockets, PATIENCE);
		long end = System.nanoTime();
		int status = answer.join().statusCode();
		if (status != 200) {
			throw new IllegalStateException("The session was not ended: status " + status);
		}
		crowd.leave();
		return Map.of(Figure.CLOSED, closed ? (end - start) / 1e6 : Double.POSITIVE_INFINITY);
	}

	@Override
	public void close() {
		// Nobody stays connected.
	}

}
