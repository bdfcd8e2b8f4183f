package org.sessionlink.journey;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.extension.AfterClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Counts the classes of each {@link Phase} that have not ended. Only the plan as it
 * begins sets them, and only each class as it ends takes itself away, once.
 */
public final class Phases implements TestExecutionListener, BeforeClassTemplateInvocationCallback,
		AfterClassTemplateInvocationCallback, BeforeEachCallback, AfterEachCallback {

	// Of the last phase: each deploys, and has many tests at once, which keep time.
	private static final Semaphore together = new Semaphore(4);

	// Pages whose tests do not wait for each other: they leave some browsers to those
	// whose tests do, which take longest.
	private static final Semaphore besideEachOther = new Semaphore(5, true);

	private static final Map<Phase, CountDownLatch> ahead = new EnumMap<>(Phase.class);

	private static final Queue<Runnable> atTheEnd = new ConcurrentLinkedQueue<>();

	private static final Map<UniqueId, Phase> classes = new ConcurrentHashMap<>();

	@Override
	public void testPlanExecutionStarted(TestPlan plan) {
		plan.getRoots()
			.stream()
			.flatMap((engine) -> plan.getChildren(engine).stream())
			.forEach((child) -> classes.put(child.getUniqueIdObject(), phaseOf(child)));
		for (Phase phase : Phase.values()) {
			ahead.put(phase, new CountDownLatch(Collections.frequency(classes.values(), phase)));
		}
	}

	/** Has this done once all tests are over, while all that it needs still runs. */
	static void atTheEnd(Runnable task) {
		atTheEnd.add(task);
	}

	@Override
	public void testPlanExecutionFinished(TestPlan plan) {
		atTheEnd.parallelStream().forEach(Runnable::run);
		atTheEnd.clear();
	}

	@Override
	public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
		hasEnded(identifier);
	}

	@Override
	public void executionSkipped(TestIdentifier identifier, String reason) {
		hasEnded(identifier);
	}

	private static void hasEnded(TestIdentifier identifier) {
		Phase phase = classes.remove(identifier.getUniqueIdObject());
		if (phase != null) {
			ahead.get(phase).countDown();
		}
	}

	private static Phase phaseOf(TestIdentifier identifier) {
		return identifier.getSource()
			.filter(ClassSource.class::isInstance)
			.map((source) -> phaseOf(((ClassSource) source).getJavaClass()))
			.orElse(Phase.WORK);
	}

	private static Phase phaseOf(Class<?> tests) {
		InPhase asked = tests.getAnnotation(InPhase.class);
		return (asked != null) ? asked.value() : Phase.WORK;
	}

	@Override
	public void beforeClassTemplateInvocation(ExtensionContext context) throws InterruptedException {
		Phase phase = phaseOf(context.getRequiredTestClass());
		for (Phase earlier : Stream.of(Phase.values()).filter((other) -> other.compareTo(phase) < 0).toList()) {
			if (!ahead.get(earlier).await(15, TimeUnit.MINUTES)) {
				throw new IllegalStateException("Those of phase " + earlier + " have not ended");
			}
		}
		if (phase == Phase.TIME) {
			together.acquire();
		}
	}

	@Override
	public void beforeEach(ExtensionContext context) throws InterruptedException {
		if (isOfPagesBesideEachOther(context)) {
			besideEachOther.acquire();
		}
	}

	@Override
	public void afterEach(ExtensionContext context) {
		if (isOfPagesBesideEachOther(context)) {
			besideEachOther.release();
		}
	}

	private static boolean isOfPagesBesideEachOther(ExtensionContext context) {
		return phaseOf(context.getRequiredTestClass()) == Phase.PAGES
				&& context.getExecutionMode() == ExecutionMode.CONCURRENT;
	}

	@Override
	public void afterClassTemplateInvocation(ExtensionContext context) {
		if (phaseOf(context.getRequiredTestClass()) == Phase.TIME) {
			together.release();
		}
	}

}
