package org.sessionlink.watch;

import java.io.IOException;
import java.util.Properties;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;

/**
 * Where a library for browsers is in the class path, of whatever version the application
 * has.
 */
record WebJar(String name) {

	private static final String FOLDER = "META-INF/resources/webjars/";

	/**
	 * Returns a folder of it.
	 * @throws IllegalStateException if the application does not have the library
	 */
	ClassPathResource folder(String path) {
		return new ClassPathResource(FOLDER + this.name + '/' + version() + '/' + path);
	}

	private String version() {
		ClassPathResource facts = new ClassPathResource(
				"META-INF/maven/org.webjars.npm/" + this.name + "/pom.properties");
		try {
			Properties properties = PropertiesLoaderUtils.loadProperties(facts);
			return properties.getProperty("version", "");
		}
		catch (IOException ex) {
			throw new IllegalStateException("The operators' console needs the WebJar org.webjars.npm:" + this.name
					+ ", which is missing: add it, or do without " + OperatorConsole.class.getSimpleName() + ".");
		}
	}

}
