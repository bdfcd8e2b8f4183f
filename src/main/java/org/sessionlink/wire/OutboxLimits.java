package org.sessionlink.wire;

import java.time.Duration;

/**
 * How much may wait for one socket, and how long (B27); 0 switches a limit off.
 *
 * @param bytes how many bytes may wait
 * @param time how long a client may leave what waits for it unread
 */
public record OutboxLimits(int bytes, Duration time) {

}
