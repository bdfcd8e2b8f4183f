package org.sessionlink.journey;

import java.util.Optional;

import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.MethodOrdererContext;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Runs the tests of a class one after another, in any order, while those of other classes
 * run. A class whose tests do not hear each other says {@link ExecutionMode#CONCURRENT}.
 */
final class OneAfterAnother implements MethodOrderer {

	@Override
	public void orderMethods(MethodOrdererContext context) {
		// As they come.
	}

	@Override
	public Optional<ExecutionMode> getDefaultExecutionMode() {
		return Optional.of(ExecutionMode.SAME_THREAD);
	}

}
