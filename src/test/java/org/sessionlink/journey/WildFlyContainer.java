package org.sessionlink.journey;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** WildFly, run by its {@code standalone.sh}. */
final class WildFlyContainer extends Container {

	WildFlyContainer(String name, String homePrefix) {
		super(name, homePrefix);
	}

	@Override
	void prepare() throws IOException {
		copyFolder(home().resolve("standalone/configuration"), base().resolve("configuration"));
		Files.createDirectories(deployments());
		Path server = base().resolve("configuration/standalone.xml");
		Files.writeString(server,
				Files.readString(server)
					.replace("scan-interval=\"5000\"", "scan-interval=\"500\" deployment-timeout=\"900\"")
					.replace("port=\"4712\"", "port=\"" + freePort() + "\"")
					.replace("port=\"4713\"", "port=\"" + freePort() + "\""));
	}

	@Override
	List<String> command() {
		return List.of("env", "JBOSS_JAVA_SIZING=" + String.join(" ", jvmOptions()), "sh",
				home().resolve("bin/standalone.sh").toString(), "-Djboss.server.base.dir=" + base(),
				"-Djboss.bind.address=127.0.0.1", "-Djboss.bind.address.management=127.0.0.1",
				"-Djboss.http.port=" + port(), "-Djboss.https.port=" + freePort(),
				"-Djboss.management.http.port=" + freePort(),
				// Seconds that some fifty WARs may take, deployed as one.
				"-Djboss.as.management.blocking.timeout=900");
	}

	@Override
	boolean takesFolders() {
		return false;
	}

	@Override
	Path deployments() {
		return base().resolve("deployments");
	}

}
