package org.sessionlink.wire;

import java.util.function.BooleanSupplier;

/**
 * A message on its way to a socket.
 *
 * @param bytes its size
 * @param mayMiss whether the client can do without it (B27)
 * @param gate asked right before it is written: false if it may no longer go out
 * @param since when it began to wait, in nanoseconds of the clock
 */
record Outgoing(Payload payload, int bytes, boolean mayMiss, BooleanSupplier gate, long since) {

}
