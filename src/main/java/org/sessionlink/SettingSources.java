package org.sessionlink;

import java.io.IOException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import jakarta.servlet.ServletContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.EncodedResource;
import org.springframework.core.io.support.ResourcePropertySource;
import org.springframework.web.context.support.StandardServletEnvironment;

/**
 * Where settings are read from, one by one, and which of them were: the others are
 * unknown.
 */
final class SettingSources {

	private static final Logger logger = LoggerFactory.getLogger(SettingSources.class);

	private static final String PREFIX = "sessionlink.";

	private static final String FILE = "sessionlink.properties";

	private final ConfigurableEnvironment environment;

	private final Map<String, String> inForce = new TreeMap<>();

	private final Set<String> given = new HashSet<>();

	SettingSources(ConfigurableEnvironment environment) {
		this.environment = environment;
		environment.setIgnoreUnresolvableNestedPlaceholders(true);
	}

	/**
	 * Returns the sources of a web application.
	 * @throws SettingsException if its file cannot be read
	 */
	static SettingSources of(ServletContext servletContext) {
		StandardServletEnvironment environment = new StandardServletEnvironment();
		environment.initPropertySources(servletContext, null);
		ClassPathResource file = new ClassPathResource(FILE, servletContext.getClassLoader());
		if (file.exists()) {
			try {
				environment.getPropertySources()
					.addLast(new ResourcePropertySource(FILE, new EncodedResource(file, "UTF-8")));
			}
			catch (IOException | IllegalArgumentException ex) {
				throw new SettingsException(FILE + " cannot be read: " + ex.getMessage() + ".");
			}
		}
		return new SettingSources(environment);
	}

	/**
	 * Reads a setting; a blank value counts as none.
	 * @param absentInWords what to call the value where there is none
	 * @throws SettingsException if the parser refuses the value
	 */
	<T extends @Nullable Object> T read(String name, T absent, String absentInWords, Function<String, T> parser) {
		String fullName = PREFIX + name;
		String text = this.environment.getProperty(fullName, "").strip();
		if (text.isEmpty()) {
			this.inForce.put(fullName, absentInWords);
			return absent;
		}
		this.inForce.put(fullName, text);
		this.given.add(fullName);
		try {
			return parser.apply(text);
		}
		catch (IllegalArgumentException ex) {
			throw new SettingsException(fullName + " is '" + text + "': " + ex.getMessage() + ".");
		}
	}

	/** Reads a setting whose default is written as a value would be. */
	<T> T read(String name, String absent, Function<String, T> parser) {
		return read(name, parser.apply(absent), absent, parser);
	}

	/** Reads a setting that is never shown as given: what is in force goes to the log. */
	@Nullable String readSecret(String name, String absentInWords) {
		return readSecret(name, absentInWords, UnaryOperator.identity());
	}

	/**
	 * The same of a setting that has a form.
	 * @throws SettingsException if the parser refuses the value, which is not shown then
	 * either
	 */
	@Nullable String readSecret(String name, String absentInWords, UnaryOperator<String> parser) {
		String secret = read(name, null, absentInWords, Function.identity());
		if (secret == null) {
			return null;
		}
		this.inForce.put(PREFIX + name, "set, and not shown");
		try {
			return parser.apply(secret);
		}
		catch (IllegalArgumentException ex) {
			throw new SettingsException(PREFIX + name + " makes no sense: " + ex.getMessage() + ".");
		}
	}

	/**
	 * Returns every setting that was read, sorted by its full name, with its value as
	 * given or its default in words.
	 */
	Map<String, String> inForce() {
		return Collections.unmodifiableMap(this.inForce);
	}

	/** Returns the full names of the settings that have a value. */
	Set<String> given() {
		return Collections.unmodifiableSet(this.given);
	}

	/**
	 * Refuses names that look like a setting of ours, and none of which was read.
	 * @throws SettingsException if there is one
	 */
	void refuseUnknownNames() {
		for (PropertySource<?> source : this.environment.getPropertySources()) {
			if (source instanceof SystemEnvironmentPropertySource variables) {
				warnOfUnknownVariables(variables);
			}
			else if (source instanceof EnumerablePropertySource<?> properties) {
				for (String name : properties.getPropertyNames()) {
					if (name.startsWith(PREFIX) && !this.inForce.containsKey(name)) {
						throw new SettingsException(name + " is not a setting: use one of "
								+ String.join(", ", this.inForce.keySet()) + ".");
					}
				}
			}
		}
	}

	// Only a warning: Kubernetes sets SESSIONLINK_SERVICE_HOST and its like for a service
	// called sessionlink.
	private void warnOfUnknownVariables(SystemEnvironmentPropertySource variables) {
		List<String> known = this.inForce.keySet().stream().map(SettingSources::variable).toList();
		for (String name : variables.getPropertyNames()) {
			if (name.startsWith(variable(PREFIX)) && !known.contains(name)) {
				logger.warn("The environment variable {} is not a setting of SessionLink and is ignored: "
						+ "the settings are {}.", name, String.join(", ", known));
			}
		}
	}

	private static String variable(String name) {
		return name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
	}

}
