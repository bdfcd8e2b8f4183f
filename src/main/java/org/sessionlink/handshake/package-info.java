/**
 * From an HTTP upgrade to a linked socket: which sessions and which origins may open one.
 */
@NullMarked
package org.sessionlink.handshake;

import org.jspecify.annotations.NullMarked;
