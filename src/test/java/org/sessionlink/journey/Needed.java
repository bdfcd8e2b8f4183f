package org.sessionlink.journey;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Assumptions;

import static org.assertj.core.api.Assertions.fail;

/** Programs that a test cannot do without, and that not every machine has. */
public final class Needed {

	private Needed() {
	}

	/**
	 * Leaves a test out, saying so in one line, where a command does not succeed; under
	 * {@code CI=true} it fails instead.
	 */
	public static void command(String what, String... command) {
		that(succeeds(command), what);
	}

	/**
	 * Leaves a test out, saying so in one line, where something is not there; under
	 * {@code CI=true} it fails instead.
	 */
	static void that(boolean there, String what) {
		if (there) {
			return;
		}
		String sentence = "There is no " + what + " here.";
		if ("true".equals(System.getenv("CI"))) {
			fail(sentence + " CI installs it, and leaves no test out.");
		}
		System.out.println(sentence + " The tests that need it are left out.");
		Assumptions.abort(sentence);
	}

	private static boolean succeeds(String... command) {
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
			return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
		}
		catch (IOException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
