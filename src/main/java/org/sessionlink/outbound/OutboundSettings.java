package org.sessionlink.outbound;

import java.time.Duration;
import java.util.List;

/**
 * What a deployer decides about sockets and what goes to them (B12, B27, B36); 0 switches
 * a limit off.
 *
 * @param closeOnUserChange whether sockets are closed when their user changes, instead of
 * going on with the new one
 * @param heartbeat how often each side lets the other hear of it
 * @param sendBuffer how many bytes may wait for one socket
 * @param sendTime how long a socket may leave what waits for it unread
 * @param connectTime how long a socket may take to CONNECT
 * @param dropOldest the destinations, as Ant patterns, of which a slow client misses
 * messages where others are closed
 */
public record OutboundSettings(boolean closeOnUserChange, Duration heartbeat, int sendBuffer, Duration sendTime,
		Duration connectTime, List<String> dropOldest) {

	public OutboundSettings {
		dropOldest = List.copyOf(dropOldest);
	}

}
