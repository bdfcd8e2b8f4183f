/**
 * Bytes to a peer: what waits for a socket ({@link org.sessionlink.wire.Backlog}), one
 * write at a time ({@link org.sessionlink.wire.Pen}), by what rules
 * ({@link org.sessionlink.wire.Outbox}), on which threads
 * ({@link org.sessionlink.wire.Writers}), and a {@link org.sessionlink.wire.Wire} for
 * each container.
 */
@NullMarked
package org.sessionlink.wire;

import org.jspecify.annotations.NullMarked;
