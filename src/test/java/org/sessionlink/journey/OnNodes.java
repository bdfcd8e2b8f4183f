package org.sessionlink.journey;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.Stream;

import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs a test class on several nodes, beside other classes; its constructor takes the
 * {@link Nodes}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedClass(name = "{0}", autoCloseArguments = false)
@MethodSource("org.sessionlink.journey.OnNodes$Source#nodes")
@TestMethodOrder(OneAfterAnother.class)
@interface OnNodes {

	/** Gives the nodes. */
	final class Source {

		private Source() {
		}

		static Stream<Nodes> nodes() {
			return Stream.of(Nodes.calm());
		}

	}

}
