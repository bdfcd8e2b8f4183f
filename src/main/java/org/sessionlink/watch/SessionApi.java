package org.sessionlink.watch;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;

/**
 * What a page asks of its own session (B46), and a person of theirs (B48), over HTTP.
 *
 * <p>
 * An application that wants it imports it, behind a security of its own that asks for
 * CSRF tokens.
 */
@Configuration(proxyBeanMethods = false)
@Lazy(false)
@Import({ SessionController.class, MySessionsController.class })
public class SessionApi {

}
