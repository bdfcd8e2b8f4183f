/**
 * On which thread a frame is handled, and when: one after the other for each socket, and
 * never on a thread of the container where its method may wait.
 */
@NullMarked
package org.sessionlink.handling;

import org.jspecify.annotations.NullMarked;
