package org.sessionlink;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import jakarta.servlet.ServletContext;
import org.jspecify.annotations.Nullable;
import org.sessionlink.handshake.HandshakeSettings;
import org.sessionlink.handshake.Origin;
import org.sessionlink.handshake.SessionPolicy;
import org.sessionlink.inbound.Activity;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.store.StoreSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.EncodedResource;
import org.springframework.core.io.support.ResourcePropertySource;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;
import org.springframework.web.context.support.StandardServletEnvironment;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * The one place that knows the settings: each is read once, as the application starts,
 * into the record of the room that it is for.
 *
 * <p>
 * The first of these that has a value wins: context parameters of the servlet context,
 * JNDI ({@code java:comp/env/sessionlink.session}), system properties, environment
 * variables ({@code SESSIONLINK_SESSION}), and the file {@code sessionlink.properties}
 * (UTF-8) on the class path. A blank value counts as none.
 */
final class Settings {

	private static final Logger logger = LoggerFactory.getLogger(Settings.class);

	private static final String PREFIX = "sessionlink.";

	private static final String FILE = "sessionlink.properties";

	private final ConfigurableEnvironment environment;

	private final Map<String, String> inForce = new LinkedHashMap<>();

	private final StoreSettings store;

	private final HandshakeSettings handshake;

	private final LinkPolicy link;

	private final Activity activity;

	/**
	 * Reads all settings.
	 * @throws SettingsException if a name or a value makes no sense
	 */
	Settings(ConfigurableEnvironment environment) {
		this.environment = environment;
		environment.setIgnoreUnresolvableNestedPlaceholders(true);
		SessionPolicy session = read("session", SessionPolicy.CREATE, "create", oneOf(SessionPolicy.class));
		this.store = new StoreSettings(read("session-timeout", null, "the container's", Settings::wholeSeconds),
				readPatterns("passive-requests", "/session, /page/**, /lib/**"));
		this.link = new LinkPolicy(read("max-age", null, "off", Settings::wholeSeconds),
				read("expiry-warning", Duration.ofSeconds(60), "60s", Settings::wholeSeconds));
		this.activity = read("activity", Activity.MESSAGES, "messages", oneOf(Activity.class));
		this.handshake = new HandshakeSettings(session,
				read("allowed-origins", List.of(), "same origin", listOf(Origin::new)),
				read("handshake-attributes", List.of(), "none", listOf(Function.identity())));
		refuseUnknownNames();
	}

	/**
	 * Reads the settings of a web application.
	 * @throws SettingsException if a name or a value makes no sense
	 */
	static Settings of(ServletContext servletContext) {
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
		return new Settings(environment);
	}

	/** Returns what was decided about HTTP sessions. */
	StoreSettings store() {
		return this.store;
	}

	/** Returns what was decided about the life of links. */
	LinkPolicy link() {
		return this.link;
	}

	/** Returns which frames count as activity. */
	Activity activity() {
		return this.activity;
	}

	/** Returns what was decided about handshakes. */
	HandshakeSettings handshake() {
		return this.handshake;
	}

	/**
	 * Returns every setting by its full name, with its value as given or its default in
	 * words.
	 */
	Map<String, String> inForce() {
		return Collections.unmodifiableMap(this.inForce);
	}

	private <T extends @Nullable Object> T read(String name, T absent, String absentInWords,
			Function<String, T> parser) {
		String fullName = PREFIX + name;
		String text = this.environment.getProperty(fullName, "").strip();
		if (text.isEmpty()) {
			this.inForce.put(fullName, absentInWords);
			return absent;
		}
		this.inForce.put(fullName, text);
		try {
			return parser.apply(text);
		}
		catch (IllegalArgumentException ex) {
			throw new SettingsException(fullName + " is '" + text + "': " + ex.getMessage() + ".");
		}
	}

	private List<PathPattern> readPatterns(String name, String absent) {
		return read(name, listOf(Settings::pattern).apply(absent), absent, listOf(Settings::pattern));
	}

	private static PathPattern pattern(String text) {
		try {
			Assert.isTrue(text.startsWith("/"), "A path starts with /");
			return PathPatternParser.defaultInstance.parse(text);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(
					"use paths and path patterns that start with /, such as /session or /page/**", ex);
		}
	}

	private static <E extends Enum<E>> Function<String, E> oneOf(Class<E> type) {
		return (text) -> {
			E[] constants = type.getEnumConstants();
			return Arrays.stream(constants)
				.filter((constant) -> word(constant).equals(text))
				.findAny()
				.orElseThrow(() -> new IllegalArgumentException("use one of "
						+ Arrays.stream(constants).map(Settings::word).collect(Collectors.joining(", "))));
		};
	}

	private static String word(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static Duration wholeSeconds(String text) {
		Duration duration = null;
		// A number alone would be read as milliseconds, which nobody who writes 30 has in
		// mind.
		if (!text.matches("[+-]?\\d+")) {
			try {
				duration = DurationFormatterUtils.detectAndParse(text);
			}
			catch (IllegalArgumentException ex) {
				logger.debug("Not a duration", ex);
			}
		}
		if (duration == null || duration.getNano() != 0 || duration.getSeconds() < 1
				|| duration.getSeconds() > Integer.MAX_VALUE) {
			throw new IllegalArgumentException("use whole seconds, minutes or hours, such as 90s, 30m or 8h");
		}
		return duration;
	}

	private static <T> Function<String, List<T>> listOf(Function<String, T> element) {
		return (text) -> Arrays.stream(StringUtils.commaDelimitedListToStringArray(text))
			.map(String::strip)
			.map(element)
			.toList();
	}

	private void refuseUnknownNames() {
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
		List<String> known = this.inForce.keySet().stream().map(Settings::variable).toList();
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
