package org.sessionlink.handling;

import java.time.Duration;

import org.sessionlink.link.Crew;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkClock;
import org.sessionlink.link.LinkedSocket;
import org.sessionlink.link.Links;
import org.sessionlink.link.Telling;

import org.springframework.beans.factory.DisposableBean;

/**
 * Says of clients whose frame is handled on the thread that reads that they are there
 * (B36): what they send meanwhile, heart-beats too, is read only afterwards. And looks
 * for those whose frame nobody will handle. It comes again each second, whatever happens.
 */
final class LongFrames implements DisposableBean {

	private static final Duration EACH = Duration.ofSeconds(1);

	private final Links links;

	private final LinkClock clock;

	private final SignOfLife sign;

	private final HandlerThreads threads;

	private volatile boolean stopped;

	LongFrames(Links links, LinkClock clock, SignOfLife sign, HandlerThreads threads) {
		this.links = links;
		this.clock = clock;
		this.sign = sign;
		this.threads = threads;
		schedule();
	}

	private void schedule() {
		this.clock.schedule(() -> this.clock.execute(Crew.PINGING, this::look), EACH);
	}

	private void look() {
		try {
			this.links.all().forEach(this::look);
			this.threads.lookForLost();
		}
		finally {
			if (!this.stopped) {
				schedule();
			}
		}
	}

	private void look(Link link) {
		for (LinkedSocket socket : link.sockets()) {
			if (socket.socketLink().isBusy()) {
				Telling.tell("A sign of life", () -> this.sign.of(socket.socketLink(), socket.id()));
			}
		}
	}

	@Override
	public void destroy() {
		this.stopped = true;
	}

}
