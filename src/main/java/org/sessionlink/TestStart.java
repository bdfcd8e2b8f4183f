package org.sessionlink;

import jakarta.servlet.ServletContext;

import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.util.Assert;
import org.springframework.web.context.ConfigurableWebApplicationContext;

/**
 * Starts SessionLink for a test without a container, where Spring's
 * {@code MockServletContext} takes no listeners: name it in the {@code initializers} of
 * {@code @ContextConfiguration}, beside {@code @WebAppConfiguration}. Settings are read
 * as ever. Nobody tells it of sessions and requests: a {@link TestSocket} is opened under
 * a session of the test's own.
 */
public final class TestStart implements ApplicationContextInitializer<ConfigurableWebApplicationContext> {

	@Override
	public void initialize(ConfigurableWebApplicationContext context) {
		ServletContext servletContext = context.getServletContext();
		Assert.state(servletContext != null, "A test with SessionLink needs @WebAppConfiguration.");
		if (Installation.isIn(servletContext)) {
			return;
		}
		Installation installation = Installation.of(Settings.of(servletContext), servletContext);
		installation.putInto(servletContext);
		// The first to be there is the last to go: the beans' own end needs the threads.
		context.addBeanFactoryPostProcessor((beans) -> ((DefaultSingletonBeanRegistry) beans)
			.registerDisposableBean(TestStart.class.getName(), installation::stop));
	}

}
