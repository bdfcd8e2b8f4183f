/**
 * From a publisher to the subscribers, in memory: Spring's simple broker with a fan-out
 * of its own, and receipts.
 */
@NullMarked
package org.sessionlink.broker;

import org.jspecify.annotations.NullMarked;
