/**
 * What operators see and do: who is connected, ending from the server, the audit trail.
 */
@NullMarked
package org.sessionlink.watch;

import org.jspecify.annotations.NullMarked;
