package org.sessionlink;

import java.util.List;

import org.sessionlink.outbound.LinkedUserRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * What an application has in the place of Spring's beans that the link is in (B39): the
 * start is refused where clients would get past it, and says where something is lost.
 */
final class BeansInCode implements SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(BeansInCode.class);

	private static final List<String> NEEDED = List.of("clientInboundChannel", "clientOutboundChannel",
			"stompWebSocketHandlerMapping", "simpleBrokerMessageHandler");

	private static final String USERS = "userRegistry";

	private final ConfigurableListableBeanFactory beans;

	/**
	 * Looks at them, before any is made.
	 * @throws IllegalStateException if one that is needed was replaced
	 */
	BeansInCode(ConfigurableListableBeanFactory beans) {
		this.beans = beans;
		for (String bean : NEEDED) {
			if (isOfTheApplication(bean)) {
				throw new IllegalStateException("The bean " + bean + " is the application's own, and clients would "
						+ "get past their link: remove it. A WebSocketMessageBrokerConfigurer can set executors, "
						+ "interceptors, endpoints and the broker.");
			}
		}
	}

	/** Returns whether this bean is not made by the configuration of ours. */
	boolean isOfTheApplication(String bean) {
		String factory = this.beans.getMergedBeanDefinition(bean).getFactoryBeanName();
		Class<?> type = (factory != null) ? this.beans.getType(factory) : null;
		return type == null || !SessionLinkConfiguration.class.isAssignableFrom(type);
	}

	/** Says what is lost by others that were replaced. */
	@Override
	public void afterSingletonsInstantiated() {
		if (isOfTheApplication(USERS) && !(this.beans.getBean(USERS) instanceof LinkedUserRegistry)) {
			logger.warn(
					"The bean {} is the application's own, and follows no login: what is sent to a user still "
							+ "reaches sockets after a logout, and none that was open before the login. Remove it",
					USERS);
		}
	}

}
