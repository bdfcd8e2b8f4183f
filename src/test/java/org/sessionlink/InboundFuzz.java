package org.sessionlink;

/**
 * What a coverage-guided fuzzer calls: see the profile {@code fuzz} of the build. An
 * input that it finds goes to {@code src/test/resources/org/sessionlink/strangers}, where
 * {@link StrangerTest} repeats it for ever.
 */
public final class InboundFuzz {

	private static Stranger stranger;

	private InboundFuzz() {
	}

	public static void fuzzerInitialize() {
		stranger = new Stranger();
	}

	public static void fuzzerTestOneInput(byte[] input) {
		stranger.says(input);
		if (!stranger.complaints().isEmpty()) {
			throw new AssertionError(stranger.complaints().toString());
		}
	}

	public static void fuzzerTearDown() {
		stranger.close();
	}

}
