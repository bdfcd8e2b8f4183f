package org.sessionlink.broker;

import java.util.List;
import java.util.function.Consumer;

import org.sessionlink.link.LinkClock;
import org.sessionlink.link.LogText;
import org.sessionlink.link.Refused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.log.LogFormatUtils;

/**
 * Counts what was delivered in vain as often as may be, or could not wait, and logs that
 * {@link Seldom seldom}. Any thread tells it.
 */
final class LostMessages implements Lines.Losses {

	private static final Logger logger = LoggerFactory.getLogger(LostMessages.class);

	private final Seldom seldom;

	private final Consumer<Refused> refusals;

	LostMessages(LinkClock clock, Consumer<Refused> refusals) {
		this.seldom = new Seldom(clock);
		this.refusals = refusals;
	}

	@Override
	public void lost(Lines.Name line, List<Delivery> messages) {
		messages.forEach((message) -> this.refusals.accept(Refused.NOT_ACKNOWLEDGED));
		long count = this.seldom.add(messages.size());
		if (count > 0) {
			logger.warn(
					"{} messages are dropped that nobody has acknowledged, the last one of {}: its clients fail at "
							+ "it, or sessionlink.redelivery is too low",
					count, LogFormatUtils.formatValue(LogText.visible(line.destination()), 200, true));
		}
	}

}
