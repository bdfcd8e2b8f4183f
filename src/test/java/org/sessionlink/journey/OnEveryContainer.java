package org.sessionlink.journey;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs a test class once for each container of the system property {@code it.containers};
 * its constructor takes the {@link Container}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedClass(name = "{0}", autoCloseArguments = false)
@MethodSource("org.sessionlink.journey.OnEveryContainer$Source#containers")
@interface OnEveryContainer {

	/** Gives the containers, each started when its turn comes. */
	final class Source {

		private Source() {
		}

		static Stream<Container> containers() {
			return Arrays.stream(System.getProperty("it.containers", "jetty,tomcat").split(",")).map(Container::shared);
		}

	}

}
