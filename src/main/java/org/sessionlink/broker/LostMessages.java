package org.sessionlink.broker;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import org.sessionlink.link.LinkClock;
import org.sessionlink.link.Refused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.log.LogFormatUtils;

/**
 * Counts what was delivered in vain as often as may be, or could not wait, and logs that
 * at most every ten seconds, as strangers can cause it. Any thread tells it, in one step
 * under the monitor.
 */
final class LostMessages implements Lines.Losses {

	private static final Logger logger = LoggerFactory.getLogger(LostMessages.class);

	private static final long PAUSE = Duration.ofSeconds(10).toNanos();

	private final LinkClock clock;

	private final Consumer<Refused> refusals;

	private long unsaid;

	private long saidAt;

	LostMessages(LinkClock clock, Consumer<Refused> refusals) {
		this.clock = clock;
		this.refusals = refusals;
		this.saidAt = clock.nanoTime() - PAUSE;
	}

	@Override
	public void lost(Lines.Name line, List<Delivery> messages) {
		messages.forEach((message) -> this.refusals.accept(Refused.NOT_ACKNOWLEDGED));
		long count = toSay(messages.size());
		if (count > 0) {
			logger.warn(
					"{} messages are dropped that nobody has acknowledged, the last one of {}: its clients fail at "
							+ "it, or sessionlink.redelivery is too low",
					count, LogFormatUtils.formatValue(line.destination(), 200, true));
		}
	}

	private synchronized long toSay(int more) {
		this.unsaid += more;
		long now = this.clock.nanoTime();
		if (now - this.saidAt < PAUSE) {
			return 0;
		}
		long count = this.unsaid;
		this.unsaid = 0;
		this.saidAt = now;
		return count;
	}

}
