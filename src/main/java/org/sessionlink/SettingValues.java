package org.sessionlink;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.sessionlink.inbound.DestinationRule;
import org.sessionlink.watch.AuditEntry.Action;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * What the value of a setting may look like: each kind reads one, or says in an
 * {@link IllegalArgumentException} what to use.
 */
final class SettingValues {

	private static final Logger logger = LoggerFactory.getLogger(SettingValues.class);

	private static final boolean CSRF_TOKENS = ClassUtils.isPresent(
			"org.springframework.security.messaging.web.csrf.XorCsrfChannelInterceptor",
			SettingValues.class.getClassLoader());

	private static final Set<Action> BY_ITSELF = EnumSet.range(Action.LINK_ENDED, Action.REFUSED);

	private SettingValues() {
	}

	/** Words for the constants of an enum, in lower case with hyphens. */
	static <E extends Enum<E>> Function<String, E> oneOf(Class<E> type) {
		return (text) -> {
			E[] constants = type.getEnumConstants();
			return Arrays.stream(constants)
				.filter((constant) -> word(constant).equals(text))
				.findAny()
				.orElseThrow(() -> new IllegalArgumentException("use one of "
						+ Arrays.stream(constants).map(SettingValues::word).collect(Collectors.joining(", "))));
		};
	}

	private static String word(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/** What happens by itself, and not because somebody has done it. */
	static Action byItself(String text) {
		return BY_ITSELF.stream()
			.filter((action) -> word(action).equals(text))
			.findAny()
			.orElseThrow(() -> new IllegalArgumentException(
					"use some of " + BY_ITSELF.stream().map(SettingValues::word).collect(Collectors.joining(", "))));
	}

	/** One of two words, for no and for yes. */
	static Function<String, Boolean> either(String no, String yes) {
		return (text) -> {
			if (!text.equals(no) && !text.equals(yes)) {
				throw new IllegalArgumentException("use one of " + no + ", " + yes);
			}
			return text.equals(yes);
		};
	}

	/** Values of one kind, separated by commas. */
	static <T> Function<String, List<T>> listOf(Function<String, T> element) {
		return (text) -> Arrays.stream(StringUtils.commaDelimitedListToStringArray(text))
			.map(String::strip)
			.map(element)
			.toList();
	}

	/** Whether to ask for a CSRF token, which Spring Security is needed for. */
	static boolean csrfOnConnect(String text) {
		boolean on = either("off", "on").apply(text);
		if (on && !CSRF_TOKENS) {
			throw new IllegalArgumentException("add spring-security-messaging, which is missing, or leave it off");
		}
		return on;
	}

	/** A whole number, 0 for no limit. */
	static int limit(String text) {
		if (!text.matches("\\d{1,9}")) {
			throw new IllegalArgumentException("use a whole number, or 0 for no limit");
		}
		return Integer.parseInt(text);
	}

	/** A number of bytes with its unit, 0 for no limit. */
	static int size(String text) {
		try {
			long bytes = "0".equals(text) ? 0 : DataSize.parse(text).toBytes();
			if (("0".equals(text) || !isNumber(text)) && bytes >= 0 && bytes <= Integer.MAX_VALUE) {
				return (int) bytes;
			}
		}
		catch (IllegalArgumentException ex) {
			logger.debug("Not a size", ex);
		}
		throw new IllegalArgumentException("use a size, such as 64KB or 1MB, or 0 for no limit");
	}

	/** A duration in whole seconds, 0 for no limit. */
	static Duration timeLimit(String text) {
		try {
			return "0".equals(text) ? Duration.ZERO : wholeSeconds(text);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(ex.getMessage() + ", or 0 for no limit", ex);
		}
	}

	/** A duration in whole seconds, 0 for none. */
	static Duration period(String text) {
		try {
			return "0".equals(text) ? Duration.ZERO : wholeSeconds(text);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(ex.getMessage() + ", or 0 for at once", ex);
		}
	}

	/** A duration of at least a second, and of nothing smaller. */
	static Duration wholeSeconds(String text) {
		Duration duration = isNumber(text) ? null : duration(text);
		if (duration == null || duration.getNano() != 0 || duration.getSeconds() < 1
				|| duration.getSeconds() > Integer.MAX_VALUE) {
			throw new IllegalArgumentException("use whole seconds, minutes or hours, such as 90s, 30m or 8h");
		}
		return duration;
	}

	private static @Nullable Duration duration(String text) {
		try {
			return DurationFormatterUtils.detectAndParse(text);
		}
		catch (IllegalArgumentException ex) {
			logger.debug("Not a duration", ex);
			return null;
		}
	}

	// Alone it would be bytes or milliseconds, which nobody who writes 30 has in mind.
	private static boolean isNumber(String text) {
		return text.matches("[+-]?\\d+");
	}

	/** A path of a request, or a pattern of such. */
	static PathPattern path(String text) {
		try {
			Assert.isTrue(text.startsWith("/"), "A path starts with /");
			return PathPatternParser.defaultInstance.parse(text);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(
					"use paths and path patterns that start with /, such as /session or /page/**", ex);
		}
	}

	/** A destination, or an Ant pattern of such. */
	static String destination(String text) {
		if (!DestinationRule.isDestination(text)) {
			throw new IllegalArgumentException(
					"use Ant patterns that start with / or have a dot, such as /topic/prices/**");
		}
		return text;
	}

}
