package org.sessionlink.journey;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;

/**
 * Publishes to a topic that nobody is subscribed to: so many messages, and then one that
 * comes back to the publisher, which shows that the others were handled before it.
 */
final class Unheard implements Load {

	private static final int BATCH = 200;

	private final BenchFrame frame = BenchFrame.send("/app/publish");

	private final BenchFrame last = BenchFrame.send("/app/echo/unheard");

	private final Publisher publisher;

	private int sent;

	private int back;

	Unheard(Site site) {
		this.publisher = new Publisher(site);
	}

	@Override
	public Map<Figure, Double> run(Duration time) {
		LoadGenerator generator = this.publisher.site().generator();
		Stretch stretch = new Stretch(this.publisher.site().cpu(), time);
		long count = 0;
		while (!stretch.isOver()) {
			for (int i = 0; i < BATCH; i++) {
				this.publisher.first().send(this.frame.with(0, i));
			}
			sendLast();
			generator.await("an echo", () -> this.back == this.sent);
			count += BATCH;
		}
		return stretch.figures(count);
	}

	private void sendLast() {
		this.sent++;
		this.publisher.first().send(this.last.with(0, this.sent));
	}

	@Override
	public void close() {
		this.publisher.leave();
	}

	/** Who publishes, and hears the last of each batch. */
	private final class Publisher extends Crowd {

		Publisher(Site site) {
			super(site, 1, "/topic/echo/unheard", site::newSession);
		}

		@Override
		public void onMessage(BenchClient client, ByteBuffer in, int body) {
			Unheard.this.back = Body.number(in, body);
		}

	}

}
