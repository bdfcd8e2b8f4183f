package org.sessionlink.broker;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.LinkClock;
import org.sessionlink.link.Notices;

import org.springframework.messaging.MessageChannel;

/**
 * What all lines of clients have in common.
 *
 * @param clock the time, and the threads for what may wait
 * @param notices tells single clients
 * @param outbound where a client's end is told
 * @param sessionNotices the destination where clients hear of the broker
 * @param heartbeat how often client and server let each other hear of them, 0 for never
 * @param transactionSize the most bytes in a client's open transactions
 * @param waiting what may wait for the broker, of all clients together
 * @param login whom lines are for
 * @param passcode theirs
 * @param virtualHost which of the broker's virtual hosts, or null for its default
 */
record RelaySetup(LinkClock clock, Notices notices, MessageChannel outbound, String sessionNotices, Duration heartbeat,
		int transactionSize, Allowance waiting, String login, String passcode, @Nullable String virtualHost) {

}
