package org.sessionlink.journey;

import java.nio.file.Path;
import java.util.List;

/** An ActiveMQ Artemis in a process of its own. */
final class Artemis extends Broker {

	private Artemis() {
		super("artemis");
	}

	/** Starts it; close it. */
	static Artemis bundled() {
		Artemis broker = new Artemis();
		broker.start();
		return broker;
	}

	@Override
	List<String> command() {
		// The own class path of these tests is a jar that names others.
		String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
		return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
				"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-classpath", classPath, ArtemisProcess.class.getName(),
				Integer.toString(port()), folder().toString());
	}

}
