/**
 * What operators see and do: who is connected, ending from the server, the audit trail,
 * metrics; and what visitors see of their own session.
 */
@NullMarked
package org.sessionlink.watch;

import org.jspecify.annotations.NullMarked;
