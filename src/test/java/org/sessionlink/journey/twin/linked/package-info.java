/** The twin on SessionLink. */
package org.sessionlink.journey.twin.linked;
