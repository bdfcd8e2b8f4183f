package org.sessionlink.watch;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;

/**
 * What a page asks of its own session, over HTTP (B46).
 *
 * <p>
 * An application that wants it imports it, behind a security of its own that asks for
 * CSRF tokens.
 */
@Configuration(proxyBeanMethods = false)
@Lazy(false)
@Import(SessionController.class)
public class SessionApi {

}
