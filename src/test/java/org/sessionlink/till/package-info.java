/** An application that tests itself, from outside of SessionLink. */
package org.sessionlink.till;
