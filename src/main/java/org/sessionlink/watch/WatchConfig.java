package org.sessionlink.watch;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;

/**
 * What is always there to watch links with. Named one by one, and not scanned, so that
 * the {@link OperatorController} is in no application that has not asked for it.
 */
@Configuration(proxyBeanMethods = false)
@Lazy(false)
@Import({ AuditTrail.class, AllServers.class, LinkOperations.class, LinksJmx.class, DrainOperations.class,
		DrainCheck.class, OptionalBean.Meters.class })
public class WatchConfig {

}
