/**
 * An application whose classes happen to be called as those of SessionLink are, and that
 * has Spring find them.
 */
package org.sessionlink.guest;
