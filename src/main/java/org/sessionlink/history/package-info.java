/**
 * What is kept of a destination, and where in it somebody was: a ring of messages with
 * numbers, for whoever comes back (B31, B51).
 */
@NullMarked
package org.sessionlink.history;

import org.jspecify.annotations.NullMarked;
