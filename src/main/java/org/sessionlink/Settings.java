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
import org.sessionlink.handshake.TrustedProxy;
import org.sessionlink.inbound.Activity;
import org.sessionlink.inbound.DestinationRule;
import org.sessionlink.inbound.InboundSettings;
import org.sessionlink.link.LinkLimits;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.outbound.OutboundSettings;
import org.sessionlink.store.StoreSettings;
import org.sessionlink.watch.OperatorSettings;
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
import org.springframework.util.unit.DataSize;
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

	private final InboundSettings inbound;

	private final OutboundSettings outbound;

	private final OperatorSettings operator;

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
				read("expiry-warning", Duration.ofSeconds(60), "60s", Settings::wholeSeconds),
				new LinkLimits(readLimit("limits.sockets-per-link", 64), readLimit("limits.links-per-address", 1000),
						readLimit("limits.frames-per-second", 50), readLimit("limits.frame-burst", 200)));
		this.inbound = new InboundSettings(read("activity", Activity.MESSAGES, "messages", oneOf(Activity.class)),
				readRules("destinations.send", "/app/**"),
				readRules("destinations.subscribe", "/topic/**, /queue/**, /user/queue/**"),
				read("refused-frames", false, "answer", either("answer", "close")),
				read("csrf-on-connect", false, "off", either("off", "on")),
				readLimit("limits.subscriptions-per-socket", 100), readSize("limits.message-size", "64KB"),
				readLimit("limits.headers", 100), readSize("limits.header-length", "8KB"),
				readLimit("limits.queue", 100_000));
		this.outbound = new OutboundSettings(read("user-change", false, "carry", either("carry", "close")),
				readTimeLimit("heartbeat", "10s"), readSize("limits.send-buffer", "512KB"),
				readTimeLimit("limits.send-time", "10s"), readTimeLimit("limits.connect-time", "10s"),
				read("drop-oldest", List.of(), "none", listOf(Settings::destinationPattern)));
		this.operator = new OperatorSettings(read("operator.name", "operator", "operator", Function.identity()),
				readSecret("operator.password", "one made at each start"));
		this.handshake = new HandshakeSettings(session,
				read("allowed-origins", List.of(), "same origin", listOf(Origin::new)),
				read("handshake-attributes", List.of(), "none", listOf(Function.identity())),
				read("trusted-proxies", List.of(), "none", listOf(TrustedProxy::new)));
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

	/** Returns what was decided about the frames of clients. */
	InboundSettings inbound() {
		return this.inbound;
	}

	/** Returns what was decided about sockets and what goes to them. */
	OutboundSettings outbound() {
		return this.outbound;
	}

	/** Returns the account of the operator. */
	OperatorSettings operator() {
		return this.operator;
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

	// Never in force as given: what is in force goes to the log.
	private @Nullable String readSecret(String name, String absentInWords) {
		String secret = read(name, null, absentInWords, Function.identity());
		if (secret != null) {
			this.inForce.put(PREFIX + name, "set, and not shown");
		}
		return secret;
	}

	private int readLimit(String name, int absent) {
		return read(name, absent, Integer.toString(absent), Settings::limit);
	}

	private int readSize(String name, String absent) {
		return read(name, size(absent), absent, Settings::size);
	}

	private Duration readTimeLimit(String name, String absent) {
		return read(name, timeLimit(absent), absent, Settings::timeLimit);
	}

	private List<DestinationRule> readRules(String name, String absent) {
		return read(name, listOf(DestinationRule::of).apply(absent), absent, listOf(DestinationRule::of));
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

	private static Function<String, Boolean> either(String no, String yes) {
		return (text) -> {
			if (!text.equals(no) && !text.equals(yes)) {
				throw new IllegalArgumentException("use one of " + no + ", " + yes);
			}
			return text.equals(yes);
		};
	}

	private static int limit(String text) {
		if (!text.matches("\\d{1,9}")) {
			throw new IllegalArgumentException("use a whole number, or 0 for no limit");
		}
		return Integer.parseInt(text);
	}

	private static int size(String text) {
		try {
			long bytes = "0".equals(text) ? 0 : DataSize.parse(text).toBytes();
			// A number alone would be bytes, which nobody who writes 64 has in mind.
			if (("0".equals(text) || !text.matches("[+-]?\\d+")) && bytes >= 0 && bytes <= Integer.MAX_VALUE) {
				return (int) bytes;
			}
		}
		catch (IllegalArgumentException ex) {
			logger.debug("Not a size", ex);
		}
		throw new IllegalArgumentException("use a size, such as 64KB or 1MB, or 0 for no limit");
	}

	private static Duration timeLimit(String text) {
		try {
			return "0".equals(text) ? Duration.ZERO : wholeSeconds(text);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(ex.getMessage() + ", or 0 for no limit", ex);
		}
	}

	private static String destinationPattern(String text) {
		if (!text.startsWith("/")) {
			throw new IllegalArgumentException("use Ant patterns that start with /, such as /topic/prices/**");
		}
		return text;
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
