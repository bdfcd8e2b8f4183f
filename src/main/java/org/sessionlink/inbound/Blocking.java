package org.sessionlink.inbound;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says that a message method, or each one of a controller, may wait for something: a
 * database, another server, a lock.
 *
 * <p>
 * Frames to its destinations are handled on threads of SessionLink's own, up to 64, and
 * not on the container's thread that reads them. What comes behind such a frame on the
 * same socket waits for its turn (B33). When the socket closes, what still waits is
 * dropped: a client that wants to know goes with a DISCONNECT frame that asks for a
 * receipt.
 */
@Target({ ElementType.METHOD, ElementType.TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Blocking {

}
