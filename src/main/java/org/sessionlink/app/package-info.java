/** The greeting application: what another application puts its own in place of. */
@NullMarked
package org.sessionlink.app;

import org.jspecify.annotations.NullMarked;
