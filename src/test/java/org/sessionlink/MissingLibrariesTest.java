package org.sessionlink;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.watch.MetricsApi;
import org.sessionlink.watch.SessionApi;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.TextMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B40: what an application may leave out. */
class MissingLibrariesTest {

	@ParameterizedTest
	@ValueSource(strings = { "spring-security-[a-z]+", "spring-security-messaging", "jackson-[a-z]+", "logback-[a-z]+",
			"(spring-session-core|lettuce-core|netty-[a-z-]+)",
			"(micrometer-core|[a-z-]+-prometheus|prometheus-[a-z-]+)", "([a-z-]+-prometheus|prometheus-[a-z-]+)" })
	void anApplicationWithoutItWorks(String library) throws Exception {
		try (URLClassLoader without = classPathWithout(library)) {
			assertThat(call(without, Talk.class)).isEqualTo(List.of("CONNECTED", "MESSAGE"));
		}
	}

	@Test
	void aSettingThatNeedsItStopsTheStartInOneSentence() throws Exception {
		try (URLClassLoader without = classPathWithout("spring-security-messaging")) {
			assertThat(call(without, Demand.class)).isEqualTo("sessionlink.csrf-on-connect is 'on': "
					+ "add spring-security-messaging, which is missing, or leave it off.");
		}
	}

	@Test
	void whoWantsMetricsShownWithoutWhatShowsThemIsToldWhatToAdd() throws Exception {
		try (URLClassLoader without = classPathWithout("([a-z-]+-prometheus|prometheus-[a-z-]+)")) {
			assertThat(call(without, Collect.class))
				.isEqualTo("MetricsApi is imported, and what it shows metrics with is missing: "
						+ "add io.micrometer:micrometer-registry-prometheus.");
		}
	}

	private static Object call(ClassLoader loader, Class<? extends Callable<?>> what) throws Exception {
		return ((Callable<?>) loader.loadClass(what.getName()).getDeclaredConstructor().newInstance()).call();
	}

	private static URLClassLoader classPathWithout(String library) throws IOException {
		List<String> all = List.of(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
			.split(File.pathSeparator));
		List<URI> rest = all.stream()
			.map(Path::of)
			.filter((path) -> !path.getFileName().toString().matches(library + "-[0-9][0-9A-Za-z.]*\\.jar"))
			.map(Path::toUri)
			.toList();
		assertThat(rest).hasSizeLessThan(all.size());
		return new URLClassLoader(urls(rest.stream()), ClassLoader.getPlatformClassLoader());
	}

	private static URL[] urls(Stream<URI> uris) throws MalformedURLException {
		List<URI> all = uris.toList();
		URL[] urls = new URL[all.size()];
		for (int i = 0; i < urls.length; i++) {
			urls[i] = all.get(i).toURL();
		}
		return urls;
	}

	/** Says something in an application, and returns what comes back. */
	public static final class Talk implements Callable<List<String>> {

		public Talk() {
			// Not of the class that calls it, though it has its name.
		}

		@Override
		public List<String> call() {
			Map<String, String> settings = Map.of("sessionlink.trusted-proxies", "10.0.0.0/8, ::1");
			try (InProcess server = InProcess.onSessionLink(Town.class, settings)) {
				InProcess.Peer peer = server.connect("1.2");
				server.handle(peer, new TextMessage("SUBSCRIBE\nid:1\ndestination:/topic/said\n\n\0"));
				server.handle(peer, new TextMessage("SEND\ndestination:/app/say\n\nhello\0"));
				await().until(() -> peer.received().size() == 2);
				return peer.received().stream().map((frame) -> frame.command().toString()).toList();
			}
		}

	}

	/** Asks for CSRF tokens, and returns what is said of that. */
	public static final class Demand implements Callable<String> {

		public Demand() {
			// Not of the class that calls it, though it has its name.
		}

		@Override
		public String call() {
			try {
				InProcess.onSessionLink(Town.class, Map.of("sessionlink.csrf-on-connect", "on")).close();
				return "started";
			}
			catch (SettingsException ex) {
				return ex.getMessage();
			}
		}

	}

	/** Imports the metrics, and returns what is said of that. */
	public static final class Collect implements Callable<String> {

		public Collect() {
			// Not of the class that calls it, though it has its name.
		}

		@Override
		public String call() {
			try {
				InProcess.onSessionLink(Collected.class).close();
				return "started";
			}
			catch (RuntimeException ex) {
				return String.valueOf(NestedExceptionUtils.getMostSpecificCause(ex).getMessage());
			}
		}

	}

	@Import(MetricsApi.class)
	static class Collected extends Town {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableSessionLink
	@Import(SessionApi.class)
	static class Town extends OneEndpoint {

		@Bean
		static Square square() {
			return new Square();
		}

	}

	@Controller
	static class Square {

		@MessageMapping("/say")
		@SendTo("/topic/said")
		String say(String words) {
			return words;
		}

	}

}
