package org.sessionlink.journey;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Jetty, run by its {@code start.jar}. */
final class JettyContainer extends Container {

	JettyContainer(String name) {
		super(name, "jetty-home-");
	}

	@Override
	void prepare() throws IOException {
		Files.createDirectories(deployments());
		Files.createDirectories(base().resolve("resources"));
		Files.createDirectories(base().resolve("temp"));
		Files.createDirectories(base().resolve("start.d"));
		// One file per module: what stands behind a module of ee11 would be a property of
		// ee11 alone.
		ini("http", "jetty.http.host=127.0.0.1", "jetty.http.port=" + port());
		ini("deployment-scanner", "jetty.deploy.scanInterval=1", "jetty.deploy.deferInitialScan=true");
		ini("ee11-deploy");
		ini("ee11-annotations");
		ini("ee11-websocket-jakarta");
	}

	private void ini(String module, String... properties) throws IOException {
		List<String> lines = Stream.concat(Stream.of("--module=" + module), Stream.of(properties)).toList();
		Files.write(base().resolve("start.d/" + module + ".ini"), lines);
	}

	@Override
	List<String> command() {
		return java("-Djava.io.tmpdir=" + base().resolve("temp"), "-jar", home().resolve("start.jar").toString(),
				"jetty.home=" + home(), "jetty.base=" + base());
	}

	@Override
	Path deployments() {
		return base().resolve("webapps");
	}

}
