package org.sessionlink.journey;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.Stream;

import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * Like {@link OnEveryContainer}, but in containers where nothing else happens meanwhile:
 * for those who count threads or objects, or read all that is logged.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedClass(name = "{0}", autoCloseArguments = false)
@ArgumentsSource(OnQuietContainers.Source.class)
@ResourceLock("quiet containers")
@TestMethodOrder(OneAfterAnother.class)
@interface OnQuietContainers {

	/** Gives the containers. */
	final class Source implements ArgumentsProvider {

		@Override
		public Stream<? extends Arguments> provideArguments(ParameterDeclarations parameters,
				ExtensionContext context) {
			return Share.of(context.getRequiredTestClass()).stream().map(SharedContainers::quiet).map(Arguments::of);
		}

	}

}
