package org.sessionlink.outbound;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Links;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.scheduling.TaskScheduler;

/**
 * Pings every socket (RFC 6455, section 5.5.2), so that no container or proxy between
 * takes one that has nothing to say for dead: WildFly's listeners close what they have
 * read nothing from for 90 seconds. The answer does not count as activity (B7).
 */
final class SocketPings implements DisposableBean {

	private static final Duration PERIOD = Duration.ofSeconds(25);

	private final @Nullable ScheduledFuture<?> timer;

	SocketPings(Links links, TaskScheduler scheduler) {
		this.timer = scheduler.scheduleAtFixedRate(links::ping, Instant.now().plus(PERIOD), PERIOD);
	}

	@Override
	public void destroy() {
		if (this.timer != null) {
			this.timer.cancel(false);
		}
	}

}
