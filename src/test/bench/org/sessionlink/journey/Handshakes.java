package org.sessionlink.journey;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Visitors who open a WebSocket, CONNECT, close it as soon as they are connected, and
 * start again.
 */
final class Handshakes implements Load {

	private final Site site;

	private final List<Visit> visits = new ArrayList<>();

	private boolean running;

	private int open;

	private long count;

	Handshakes(Site site, int visitors) {
		this.site = site;
		IntStream.range(0, visitors).forEach((i) -> this.visits.add(new Visit(site.newSession())));
	}

	@Override
	public Map<Figure, Double> run(Duration time) {
		this.count = 0;
		Stretch stretch = new Stretch(this.site.cpu(), time);
		this.running = true;
		this.visits.forEach(Visit::start);
		while (!stretch.isOver()) {
			this.site.generator().turn(stretch.end());
		}
		this.running = false;
		Map<Figure, Double> figures = stretch.figures(this.count);
		this.site.generator().await("the last closings", () -> this.open == 0);
		return figures;
	}

	@Override
	public void close() {
		// Nobody stays connected.
	}

	private final class Visit implements BenchClient.Listener {

		private final String cookie;

		Visit(String cookie) {
			this.cookie = cookie;
		}

		void start() {
			Handshakes.this.open++;
			Handshakes.this.site.open(this.cookie, this);
		}

		@Override
		public void onConnected(BenchClient client) {
			client.startClosing();
		}

		@Override
		public void onClosed(BenchClient client, String reason) {
			if (!reason.startsWith("1000")) {
				throw new IllegalStateException("A socket was closed: " + reason);
			}
			Handshakes.this.open--;
			Handshakes.this.count++;
			if (Handshakes.this.running) {
				start();
			}
		}

	}

}
