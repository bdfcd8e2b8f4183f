/**
 * From a publisher to the subscribers: in memory, by Spring's simple broker with a
 * fan-out of its own, and receipts; or through a broker elsewhere, by Spring's relay with
 * a line for each client that outlives connections.
 */
@NullMarked
package org.sessionlink.broker;

import org.jspecify.annotations.NullMarked;
