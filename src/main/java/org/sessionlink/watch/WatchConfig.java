package org.sessionlink.watch;

import org.sessionlink.store.SessionLinks;

import org.springframework.context.annotation.Bean;
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
		DrainCheck.class, LinkPages.class, OptionalBean.Meters.class })
public class WatchConfig {

	@Bean("org.sessionlink.operators")
	static Operators operators(SessionLinks sessionLinks) {
		return new Operators(sessionLinks::onlyLooks);
	}

}
