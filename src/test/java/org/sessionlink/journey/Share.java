package org.sessionlink.journey;

import java.util.List;

/**
 * On which containers of the system property {@code it.containers} a test class runs, by
 * the system property {@code it.share}: as all classes on all of them take twice as long
 * as anybody likes to wait, each is on {@code one} of them, the next on another, unless
 * asked for {@code all}, or for the {@code rest}.
 */
final class Share {

	/** The containers of {@code it.containers}. */
	static final List<String> NAMES = List.of(System.getProperty("it.containers", "jetty,tomcat").split(","));

	private static final String SHARE = System.getProperty("it.share", "one");

	private Share() {
	}

	/** Returns the containers of a class. */
	static List<String> of(Class<?> tests) {
		String one = NAMES.get(Math.floorMod(tests.getSimpleName().hashCode(), NAMES.size()));
		return switch (SHARE) {
			case "one" -> List.of(one);
			case "rest" -> NAMES.stream().filter((name) -> !name.equals(one)).toList();
			case "all" -> NAMES;
			default -> throw new IllegalArgumentException("it.share is " + SHARE + ": use one, rest, all");
		};
	}

}
