package org.sessionlink;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.context.annotation.Import;

/**
 * Ties every STOMP endpoint of an application to the HTTP session of its handshake.
 *
 * <p>
 * Put it on a configuration class in place of Spring's
 * {@code @EnableWebSocketMessageBroker}, which it includes: endpoints, broker and
 * channels are set up as ever, by beans of type {@code WebSocketMessageBrokerConfigurer}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Import(SessionLinkConfiguration.class)
public @interface EnableSessionLink {

}
