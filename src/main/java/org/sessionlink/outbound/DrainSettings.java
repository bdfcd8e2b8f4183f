package org.sessionlink.outbound;

import java.time.Duration;

/**
 * What a deployer decides about a server that leaves (B54).
 *
 * @param period how long it takes for its sockets to close, one after the other; zero for
 * at once
 */
public record DrainSettings(Duration period) {

}
