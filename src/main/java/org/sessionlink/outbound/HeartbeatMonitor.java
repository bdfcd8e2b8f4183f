package org.sessionlink.outbound;

import java.time.Duration;

import org.sessionlink.link.Crew;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkClock;
import org.sessionlink.link.LinkedSocket;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;
import org.sessionlink.link.Telling;

import org.springframework.beans.factory.DisposableBean;

/**
 * Pings every socket that nothing was read from for half a heart-beat (RFC 6455, section
 * 5.5.2), and closes one that has not answered before two are over, whatever STOMP
 * heart-beats its client wants (B36). The answer does not count as activity (B7). Where
 * the server itself stands still, and reads nothing, it closes nobody for that.
 *
 * <p>
 * Without a heart-beat none is closed, but all are pinged, so that no container or proxy
 * between takes one that has nothing to say for dead: WildFly's listeners close what they
 * have read nothing from for 90 seconds.
 *
 * <p>
 * On the clock of the links, as an application may keep Spring's scheduler busy. It comes
 * again whatever happens.
 */
final class HeartbeatMonitor implements DisposableBean {

	private static final Duration LONGEST = Duration.ofSeconds(25);

	private final Links links;

	private final Duration period;

	private final long pingAfter;

	private final long giveUpAt;

	private final LinkClock clock;

	private volatile boolean stopped;

	/** Makes a monitor that looks once in each quarter of the heart-beat. */
	HeartbeatMonitor(Links links, LinkClock clock, Duration heartbeat) {
		this.links = links;
		this.clock = clock;
		this.period = (heartbeat.isZero()) ? LONGEST : least(heartbeat.dividedBy(4), LONGEST);
		this.pingAfter = least(heartbeat.dividedBy(2), LONGEST).dividedBy(this.period);
		this.giveUpAt = (heartbeat.isZero()) ? Long.MAX_VALUE : heartbeat.multipliedBy(2).dividedBy(this.period);
		clock.schedule(this::look, this.period);
	}

	private void look() {
		try {
			check();
		}
		finally {
			if (!this.stopped) {
				this.clock.schedule(this::look, this.period);
			}
		}
	}

	private void check() {
		for (Link link : this.links.all()) {
			for (LinkedSocket socket : link.sockets()) {
				if (socket instanceof GatedSocket gated) {
					Telling.tell("The look at a socket", () -> check(gated));
				}
			}
		}
	}

	private void check(GatedSocket socket) {
		int looks = socket.silence().look();
		if (looks >= this.giveUpAt && socket.hearsAnswers()) {
			socket.closing().giveUp(Refused.HEARTBEAT, "Nothing was heard of this client for too long: connect again.");
		}
		else if (looks > this.pingAfter) {
			socket.socketLink().link().execute(Crew.PINGING, socket::ping);
		}
	}

	private static Duration least(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

	@Override
	public void destroy() {
		this.stopped = true;
	}

}
