package org.sessionlink.handling;

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
 * It is called on threads of SessionLink's own, up to 64, and not on the container's
 * thread that reads its frame; guard, firewall and interceptors have let the frame pass
 * before. What comes behind such a frame on the same socket waits for its turn (B33): up
 * to 64 frames, then the socket is not read for a while, or closed with 1013 where the
 * container can't leave it unread. Where its session has ended, or its user has changed,
 * before a thread comes to it, the method is not called. When the socket closes, what
 * still waits is dropped: a client that wants to know goes with a DISCONNECT frame that
 * asks for a receipt.
 */
@Target({ ElementType.METHOD, ElementType.TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Blocking {

}
