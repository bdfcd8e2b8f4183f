package org.sessionlink.journey.people;

import jakarta.servlet.ServletContext;

import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.web.WebApplicationInitializer;
import org.springframework.web.context.ContextLoader;

/** Gives the bundled application accounts: ada and bob, who have the same password. */
public final class People
		implements WebApplicationInitializer, ApplicationContextInitializer<ConfigurableApplicationContext> {

	/** The password of all. */
	public static final String PASSWORD = "correct horse";

	@Override
	public void onStartup(ServletContext servletContext) {
		servletContext.setInitParameter(ContextLoader.GLOBAL_INITIALIZER_CLASSES_PARAM, People.class.getName());
	}

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		context.addBeanFactoryPostProcessor((beans) -> beans.registerSingleton("accounts",
				new InMemoryUserDetailsManager(account("ada"), account("bob"))));
	}

	private static UserDetails account(String name) {
		return User.withUsername(name).password("{noop}" + PASSWORD).roles("OPERATOR").build();
	}

}
