package org.sessionlink.journey;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The script of axe, which finds what keeps people from using a page. */
final class Axe {

	/** Defines it. */
	static final String SCRIPT = read();

	/** Runs it, and calls back with a line for each element that breaks a rule. */
	static final String RUN = """
			const done = arguments[arguments.length - 1];
			axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => done(violations.flatMap(
			  ({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${target}: ${failureSummary}`))));
			""";

	private Axe() {
	}

	private static String read() {
		try (InputStream script = Objects.requireNonNull(Axe.class.getResourceAsStream("/axe.min.js"))) {
			return new String(script.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
