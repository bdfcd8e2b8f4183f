package org.sessionlink.journey;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Tomcat, run by the class that its {@code catalina.sh run} runs. */
final class TomcatContainer extends Container {

	TomcatContainer(String name) {
		super(name, "apache-tomcat-");
	}

	@Override
	void prepare() throws IOException {
		copyFolder(home().resolve("conf"), base().resolve("conf"));
		for (String folder : List.of("logs", "temp", "webapps", "work")) {
			Files.createDirectories(base().resolve(folder));
		}
		Path server = base().resolve("conf/server.xml");
		Files.writeString(server,
				Files.readString(server)
					.replace("<Server port=\"8005\"", "<Server port=\"-1\"")
					.replace("<Connector port=\"8080\"", "<Connector address=\"127.0.0.1\" port=\"" + port() + "\"")
					// Looks for new WARs each second.
					.replace("<Engine name=\"Catalina\" defaultHost",
							"<Engine name=\"Catalina\" backgroundProcessorDelay=\"1\" defaultHost"));
		if (isLight()) {
			scanLittle();
		}
	}

	// To look at every class of all libraries takes half a second, and to look for each
	// class whether links lead to its file as long once more.
	private void scanLittle() throws IOException {
		Path properties = base().resolve("conf/catalina.properties");
		Files.writeString(properties, Files.readString(properties) + """

				tomcat.util.scan.StandardJarScanFilter.jarsToSkip=*.jar
				tomcat.util.scan.StandardJarScanFilter.jarsToScan=sessionlink*.jar,bootstrap-*.jar,stomp__*.jar
				""");
		Path context = base().resolve("conf/context.xml");
		Files.writeString(context,
				Files.readString(context).replace("</Context>", "<Resources allowLinking=\"true\"/></Context>"));
	}

	@Override
	List<String> command() {
		String classPath = home().resolve("bin/bootstrap.jar") + File.pathSeparator
				+ home().resolve("bin/tomcat-juli.jar");
		return java("-Dcatalina.home=" + home(), "-Dcatalina.base=" + base(),
				"-Djava.io.tmpdir=" + base().resolve("temp"), "-cp", classPath, "org.apache.catalina.startup.Bootstrap",
				"start");
	}

	@Override
	Path deployments() {
		return base().resolve("webapps");
	}

}
