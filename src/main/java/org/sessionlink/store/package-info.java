/**
 * Where HTTP sessions live: their links, what keeps them alive on each container, and the
 * live session for message methods.
 */
@NullMarked
package org.sessionlink.store;

import org.jspecify.annotations.NullMarked;
