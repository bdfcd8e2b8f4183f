package org.sessionlink;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * How long tests wait for what has to come: long, as machines may be busy, and who waits
 * for it in vain fails anyway. What has to come within a time is measured by itself.
 */
public final class Deadlines implements TestExecutionListener {

	public static final Duration ANY = Duration.ofSeconds(30);

	@Override
	public void testPlanExecutionStarted(TestPlan plan) {
		Awaitility.setDefaultTimeout(ANY);
	}

}
