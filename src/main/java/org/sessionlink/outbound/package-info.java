/**
 * From the server to a socket: the gate that an end shuts, the outbox that nobody waits
 * for, the threads that write what waits as one and how each container does it,
 * heart-beats, closing, and what clients are told of their session.
 */
@NullMarked
package org.sessionlink.outbound;

import org.jspecify.annotations.NullMarked;
