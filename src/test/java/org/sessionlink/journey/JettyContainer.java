package org.sessionlink.journey;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Jetty, run by its {@code start.jar}. */
final class JettyContainer extends Container {

	private static final String HTTP2 = """
			<!DOCTYPE Configure PUBLIC "-//Jetty//Configure//EN" "https://jetty.org/configure_10_0.dtd">
			<Configure id="Server" class="org.eclipse.jetty.server.Server">
			  <Call name="addConnector">
			    <Arg>
			      <New class="org.eclipse.jetty.server.ServerConnector">
			        <Arg><Ref refid="Server"/></Arg>
			        <Arg type="int">1</Arg>
			        <Arg type="int">1</Arg>
			        <Arg>
			          <Array type="org.eclipse.jetty.server.ConnectionFactory">
			            <Item>
			              <New class="org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory">
			                <Arg><Ref refid="httpConfig"/></Arg>
			              </New>
			            </Item>
			          </Array>
			        </Arg>
			        <Set name="host">127.0.0.1</Set>
			        <Set name="port">%d</Set>
			      </New>
			    </Arg>
			  </Call>
			</Configure>
			""";

	// What holds initializers, what those extend, or pages: to look at every class of all
	// libraries takes a second.
	private static final String SCANNED = "jetty.deploy.webInfScanJarPattern="
			+ ".*/(sessionlink|bootstrap|stomp__|spring-web-|spring-webmvc-|spring-security-web-)[^/]*\\.jar$";

	private final int http2Port = freePort();

	JettyContainer(String name) {
		super(name, "jetty-home-");
	}

	/**
	 * Returns the URL of a path of a deployed WAR on the port that speaks HTTP/2 alone.
	 */
	URI http2Url(String context, String path) {
		return URI.create("http://127.0.0.1:" + this.http2Port + "/" + context + path);
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
		ini("ee11-deploy", isLight() ? SCANNED : "");
		ini("ee11-annotations");
		ini("ee11-websocket-jakarta");
		// Jetty's own module would give HTTP/2 to the port of all other journeys.
		write("modules/journey-http2.mod", "[depend]", "http", "[lib]", "lib/http2/*.jar", "[xml]",
				"etc/journey-http2.xml");
		write("etc/journey-http2.xml", HTTP2.formatted(this.http2Port));
		ini("journey-http2");
	}

	private void ini(String module, String... properties) throws IOException {
		List<String> lines = Stream.concat(Stream.of("--module=" + module), Stream.of(properties)).toList();
		write("start.d/" + module + ".ini", lines.toArray(String[]::new));
	}

	private void write(String path, String... lines) throws IOException {
		Path file = base().resolve(path);
		Files.createDirectories(file.getParent());
		Files.write(file, List.of(lines));
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
