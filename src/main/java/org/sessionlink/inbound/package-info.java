/**
 * What may come in: from what a container reads to frames that are paid for, which of
 * them are let through, and what a refused client is told.
 */
@NullMarked
package org.sessionlink.inbound;

import org.jspecify.annotations.NullMarked;
