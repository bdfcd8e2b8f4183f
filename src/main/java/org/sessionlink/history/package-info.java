/**
 * What is kept of a destination, and where in it somebody was: a ring of messages with
 * numbers, for whoever comes back (B31, B51). Where several servers keep it together,
 * each has {@link org.sessionlink.history.Copies} of what is in their
 * {@link org.sessionlink.history.MessageLog}.
 */
@NullMarked
package org.sessionlink.history;

import org.jspecify.annotations.NullMarked;
