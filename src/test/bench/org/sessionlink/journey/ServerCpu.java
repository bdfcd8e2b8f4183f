package org.sessionlink.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The time that a container's process has spent on processors, where Linux says so. */
final class ServerCpu {

	// What /proc counts in is a hundredth of a second on all that Java runs on.
	private static final double MICROS_PER_TICK = 10_000;

	private final Path stat;

	ServerCpu(Container container) {
		this.stat = Path.of("/proc", Long.toString(container.jvm().pid()), "stat");
	}

	/** Returns microseconds in user and system mode, or not a number. */
	double micros() {
		if (!Files.exists(this.stat)) {
			return Double.NaN;
		}
		try {
			String line = Files.readString(this.stat);
			// The name of the command, in parentheses, may have spaces in it.
			String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
			return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MICROS_PER_TICK;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
