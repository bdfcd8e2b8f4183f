/**
 * From the server to a socket: the gate that an end shuts, closing, and what clients are
 * told of their session.
 */
@NullMarked
package org.sessionlink.outbound;

import org.jspecify.annotations.NullMarked;
