package org.sessionlink.journey;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.Stream;

import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Like {@link OnEveryContainer}, but in containers where nothing else happens meanwhile:
 * for those who count threads or objects, or read all that is logged.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedClass(name = "{0}", autoCloseArguments = false)
@MethodSource("org.sessionlink.journey.OnQuietContainers$Source#containers")
@ResourceLock("quiet containers")
@TestMethodOrder(OneAfterAnother.class)
@interface OnQuietContainers {

	/** Gives the containers. */
	final class Source {

		private Source() {
		}

		static Stream<Container> containers() {
			return SharedContainers.names().stream().map(SharedContainers::quiet);
		}

	}

}
