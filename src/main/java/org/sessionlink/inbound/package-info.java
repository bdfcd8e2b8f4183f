/**
 * From a STOMP frame to the application: on which thread, what is let through, and what a
 * refused client is told.
 */
@NullMarked
package org.sessionlink.inbound;

import org.jspecify.annotations.NullMarked;
