package org.sessionlink.journey;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * Runs a test class once for each container of the system property {@code it.containers},
 * beside other classes; its constructor takes the {@link Container}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedClass(name = "{0}", autoCloseArguments = false)
@ArgumentsSource(OnEveryContainer.Source.class)
@TestMethodOrder(OneAfterAnother.class)
@interface OnEveryContainer {

	/**
	 * Whether a browser is driven, which takes long: each class then runs on one of the
	 * containers, every other class on another, and with the system property
	 * {@code it.pages=rest} on those that are left.
	 */
	boolean inBrowser() default false;

	/** Gives the containers. */
	final class Source implements ArgumentsProvider {

		/** Whether a class with a browser runs on the first of its containers. */
		static final boolean FIRST = !"rest".equals(System.getProperty("it.pages"));

		@Override
		public Stream<? extends Arguments> provideArguments(ParameterDeclarations parameters,
				ExtensionContext context) {
			List<String> names = new ArrayList<>(SharedContainers.names());
			// Every other class, so that each container has work from the start.
			if (context.getRequiredTestClass().getSimpleName().hashCode() % 2 == 0) {
				Collections.reverse(names);
			}
			return chosen(names, context).stream().map(Container::shared).map(Arguments::of);
		}

		private static List<String> chosen(List<String> names, ExtensionContext context) {
			if (!context.getRequiredTestClass().getAnnotation(OnEveryContainer.class).inBrowser()) {
				return names;
			}
			return FIRST ? names.subList(0, 1) : names.subList(1, names.size());
		}

	}

}
