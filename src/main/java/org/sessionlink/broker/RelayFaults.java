package org.sessionlink.broker;

import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicReference;

import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.LinkClock;
import org.sessionlink.link.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.log.LogFormatUtils;
import org.springframework.messaging.simp.stomp.StompConversionException;

/**
 * Says why the broker is away, and what to do: in one line for each reason, until it is
 * back. What was said last is one reference that any thread sets.
 */
final class RelayFaults {

	private static final Logger logger = LoggerFactory.getLogger(RelayFaults.class);

	private static final int LONGEST = 300;

	private final AtomicReference<@Nullable String> said = new AtomicReference<>();

	private final String broker;

	private final Seldom slow;

	/**
	 * Makes it.
	 * @param broker where the broker is, for the log
	 */
	RelayFaults(String broker, LinkClock clock) {
		this.broker = broker;
		this.slow = new Seldom(clock);
	}

	/** Says that a frame of a client's is refused, as too much waits for the broker. */
	void tellSlow() {
		long count = this.slow.add(1);
		if (count > 0) {
			logger.warn("{} frames of clients are refused: the broker at {} leaves more unread than may wait for it, "
					+ "see sessionlink.relay.memory", count, this.broker);
		}
	}

	/** Says it, unless that was what was said last. */
	void tell(Throwable fault) {
		Throwable root = NestedExceptionUtils.getMostSpecificCause(fault);
		String why = LogFormatUtils.formatValue(
				LogText.visible(root.getMessage() != null ? root.getMessage() : root.toString()), LONGEST, true);
		String line = why + advice(fault);
		if (!line.equals(this.said.getAndSet(line))) {
			logger.warn("The broker at {} is away: {}", this.broker, line);
		}
		logger.debug("That was", fault);
	}

	/** Says why the line of one client has ended, where the broker itself is there. */
	void tell(String socketId, Throwable fault) {
		if (fault instanceof RefusedByBroker) {
			logger.warn("The broker at {} refuses a frame, or the connection, of socket {}: {}", this.broker, socketId,
					LogFormatUtils.formatValue(LogText.visible(fault.getMessage()), LONGEST, true));
		}
		else {
			logger.debug("The line of socket {} to the broker is broken", socketId, fault);
		}
	}

	private static String advice(Throwable fault) {
		if (fault instanceof RefusedByBroker) {
			return ". It refuses this server: see sessionlink.relay.login, .passcode and .virtual-host, and the "
					+ "broker's own log";
		}
		if (fault instanceof UnknownHostException) {
			return ": see sessionlink.relay.hosts";
		}
		if (fault instanceof StompConversionException) {
			return ". What answers there speaks no STOMP, or sends more than sessionlink.relay.frame-size: see "
					+ "sessionlink.relay.hosts and .tls";
		}
		return (fault instanceof SSLException) ? ". With sessionlink.relay.tls=on its certificate has to be one that "
				+ "this JVM trusts, for the name in sessionlink.relay.hosts" : "";
	}

	/** Says that the broker is there. */
	void over() {
		this.said.set(null);
		logger.info("The broker at {} is there", this.broker);
	}

}
