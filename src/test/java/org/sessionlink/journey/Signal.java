package org.sessionlink.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a process can be sent besides the wish to end. */
enum Signal {

	/** Stands still, whatever it is doing. */
	STOP,

	/** Goes on. */
	CONT;

	/** Sends it to a process and all that it has started. */
	void sendTo(ProcessHandle process) {
		List<String> command = new ArrayList<>(List.of("kill", "-" + this));
		Stream.concat(Stream.of(process), process.descendants())
			.map((each) -> Long.toString(each.pid()))
			.forEach(command::add);
		try {
			new ProcessBuilder(command).inheritIO().start().waitFor();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
