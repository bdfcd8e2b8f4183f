/**
 * The model: what a link is and when it has ended, in plain Java without Spring or
 * servlets.
 */
@NullMarked
package org.sessionlink.link;

import org.jspecify.annotations.NullMarked;
