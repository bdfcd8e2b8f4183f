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
 * Like {@link OnNodes}, but on nodes that are killed, frozen and cut off, one journey at
 * a time; each leaves them whole.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedClass(name = "{0}", autoCloseArguments = false)
@MethodSource("org.sessionlink.journey.OnFaultyNodes$Source#nodes")
@ResourceLock("faulty nodes")
@TestMethodOrder(OneAfterAnother.class)
@interface OnFaultyNodes {

	/** Gives the nodes. */
	final class Source {

		private Source() {
		}

		static Stream<Nodes> nodes() {
			return Stream.of(Nodes.faulty());
		}

	}

}
