package org.sessionlink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.handshake.Origin;
import org.sessionlink.handshake.SecureCookie;
import org.sessionlink.handshake.SessionPolicy;
import org.sessionlink.handshake.TrustedProxy;
import org.sessionlink.history.HistorySettings;
import org.sessionlink.history.KeepRule;
import org.sessionlink.inbound.Activity;
import org.sessionlink.inbound.ConnectLogin;
import org.sessionlink.inbound.DestinationRule;
import org.sessionlink.inbound.DestinationSettings;
import org.sessionlink.inbound.InboundSettings;
import org.sessionlink.broker.AcknowledgementSettings;
import org.sessionlink.broker.RelayHost;
import org.sessionlink.broker.RelaySettings;
import org.sessionlink.inbound.PassedHeaders;
import org.sessionlink.handshake.HandshakeSettings;
import org.sessionlink.link.LinkLimits;
import org.sessionlink.outbound.DrainSettings;
import org.sessionlink.outbound.OutboundSettings;
import org.sessionlink.outbound.PresenceSettings;
import org.sessionlink.watch.AuditEntry.Action;
import org.sessionlink.watch.CloseLogSettings;
import org.sessionlink.watch.MetricsSettings;
import org.sessionlink.watch.OperatorSettings;
import org.junit.jupiter.params.provider.CsvSource;
import java.util.List;
import java.util.Set;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.UserLimit;

import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.web.MockServletContext;
import org.springframework.web.util.pattern.PathPattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SettingsTest {

	@TempDir
	private Path folder;

	@Test
	void whereNothingIsSetTheDefaultsAreInForce() {
		Settings settings = settings(Map.of());

		assertThat(settings.handshake().session()).isEqualTo(SessionPolicy.CREATE);
		assertThat(settings.handshake().allowedOrigins()).isEmpty();
		assertThat(settings.handshake().attributes()).isEmpty();
		assertThat(settings.store().sessionTimeout()).isNull();
		assertThat(settings.store().passiveRequests()).hasSize(3);
		assertThat(settings.handshake().trustedProxies()).isEmpty();
		assertThat(settings.handshake().secureCookie()).isEqualTo(SecureCookie.AUTO);
		assertThat(settings.link())
			.isEqualTo(new LinkPolicy(null, Duration.ofMinutes(1), new LinkLimits(64, 1000, 50, 200)));
		assertThat(settings.inbound()).isEqualTo(new InboundSettings(Activity.MESSAGES,
				new DestinationSettings(List.of(), List.of(), false, false), false, false, 100, 65536, 100, 8192,
				100_000, 1024 * 1024, ConnectLogin.IGNORED, PassedHeaders.NONE));
		assertThat(settings.outbound()).isEqualTo(new OutboundSettings(false, Duration.ofSeconds(10), 512 * 1024,
				Duration.ofSeconds(10), Duration.ofSeconds(10), List.of()));
		assertThat(settings.drain()).isEqualTo(new DrainSettings(Duration.ofSeconds(10)));
		assertThat(settings.presence()).isEqualTo(new PresenceSettings(List.of(), Duration.ofSeconds(10), 1000));
		assertThat(settings.closeLog()).isEqualTo(new CloseLogSettings(CloseLogSettings.Format.LOGFMT, true));
		assertThat(settings.audit().without()).isEmpty();
		assertThat(settings.metrics()).isEqualTo(new MetricsSettings(null));
		assertThat(settings.operator()).isEqualTo(new OperatorSettings("operator", null, "observer", null));
		assertThat(settings.relay()).isEqualTo(new RelaySettings(List.of(), null, null, null, false, 1024 * 1024,
				Runtime.getRuntime().maxMemory() / 8, Duration.ofMinutes(1), 1024 * 1024));
		assertThat(settings.acknowledgement()).isEqualTo(new AcknowledgementSettings(5, 1000, List.of()));
		assertThat(settings.history()).isEqualTo(new HistorySettings(List.of(), 64 * 1024 * 1024));
		assertThat(settings.inForce()).containsEntry("sessionlink.session-timeout", "the container's");
	}

	@Test
	void everySettingIsRead() {
		Settings settings = settings(Map.ofEntries(Map.entry("sessionlink.session", "require"),
				Map.entry("sessionlink.session-timeout", "30m"),
				Map.entry("sessionlink.allowed-origins", "https://a.example, http://b.example:8080"),
				Map.entry("sessionlink.handshake-attributes", "cart,colour"),
				Map.entry("sessionlink.trusted-proxies", "10.0.0.0/8, ::1"),
				Map.entry("sessionlink.secure-cookie", "always"), Map.entry("sessionlink.activity", "heartbeats"),
				Map.entry("sessionlink.max-age", "8h"), Map.entry("sessionlink.expiry-warning", "5m"),
				Map.entry("sessionlink.passive-requests", "/poll/**"),
				Map.entry("sessionlink.limits.sockets-per-link", "1"),
				Map.entry("sessionlink.limits.links-per-address", "2"),
				Map.entry("sessionlink.limits.frames-per-second", "3"),
				Map.entry("sessionlink.limits.frame-burst", "4"),
				Map.entry("sessionlink.limits.sessions-per-user", "7"),
				Map.entry("sessionlink.limits.sessions-per-user.when", "refuse-new"),
				Map.entry("sessionlink.destinations.send", "/topic/staff/**=STAFF|ADMIN, /app/**"),
				Map.entry("sessionlink.destinations.subscribe", "/queue/orders=*"),
				Map.entry("sessionlink.destinations.patterns", "on"),
				Map.entry("sessionlink.destinations.selectors", "on"), Map.entry("sessionlink.refused-frames", "close"),
				Map.entry("sessionlink.csrf-on-connect", "on"),
				Map.entry("sessionlink.limits.subscriptions-per-socket", "5"),
				Map.entry("sessionlink.limits.message-size", "1MB"), Map.entry("sessionlink.limits.headers", "0"),
				Map.entry("sessionlink.limits.header-length", "1KB"), Map.entry("sessionlink.user-change", "close"),
				Map.entry("sessionlink.heartbeat", "20s"), Map.entry("sessionlink.limits.send-buffer", "0"),
				Map.entry("sessionlink.limits.send-time", "0"), Map.entry("sessionlink.limits.connect-time", "3s"),
				Map.entry("sessionlink.limits.queue", "6"), Map.entry("sessionlink.drain", "0"),
				Map.entry("sessionlink.connect-login", "optional"), Map.entry("sessionlink.redelivery", "2"),
				Map.entry("sessionlink.limits.unacknowledged", "8"),
				Map.entry("sessionlink.destinations.work", "/queue/jobs/**"),
				Map.entry("sessionlink.headers.pass", "priority, x-*"),
				Map.entry("sessionlink.destinations.keep", "/topic/chat/** count=7 age=3m replay=last, /topic/news"),
				Map.entry("sessionlink.history.memory", "3MB"),
				Map.entry("sessionlink.drop-oldest", "/topic/prices/**, topic.news"),
				Map.entry("sessionlink.destinations.presence", "/topic/room/*, team.*"),
				Map.entry("sessionlink.presence-grace", "0"), Map.entry("sessionlink.limits.presence", "8"),
				Map.entry("sessionlink.relay.hosts", "a.example, [::1]:61614"),
				Map.entry("sessionlink.relay.virtual-host", "v"), Map.entry("sessionlink.relay.login", "l"),
				Map.entry("sessionlink.relay.passcode", "p"), Map.entry("sessionlink.relay.tls", "on"),
				Map.entry("sessionlink.relay.frame-size", "2MB"), Map.entry("sessionlink.relay.memory", "4MB"),
				Map.entry("sessionlink.relay.grace", "5s"), Map.entry("sessionlink.limits.transaction-size", "2KB"),
				Map.entry("sessionlink.close-log", "json"), Map.entry("sessionlink.close-log.user", "off"),
				Map.entry("sessionlink.audit.without", "socket-opened, refused"),
				Map.entry("sessionlink.metrics.token", "0123456789abcdef"),
				Map.entry("sessionlink.operator.name", "ada"), Map.entry("sessionlink.operator.password", "secret"),
				Map.entry("sessionlink.observer.name", "bob"), Map.entry("sessionlink.observer.password", "quiet")));

		assertThat(settings.handshake()).isEqualTo(new HandshakeSettings(SessionPolicy.REQUIRE,
				List.of(new Origin("https://a.example"), new Origin("http://b.example:8080")),
				List.of("cart", "colour"), List.of(new TrustedProxy("10.0.0.0/8"), new TrustedProxy("::1")),
				SecureCookie.ALWAYS));
		assertThat(settings.store().sessionTimeout()).isEqualTo(Duration.ofMinutes(30));
		assertThat(settings.store().passiveRequests()).extracting(PathPattern::getPatternString)
			.containsExactly("/poll/**");
		assertThat(settings.link()).isEqualTo(new LinkPolicy(Duration.ofHours(8), Duration.ofMinutes(5),
				new LinkLimits(1, 2, 3, 4), new UserLimit(7, true)));
		assertThat(settings.inbound()).isEqualTo(new InboundSettings(Activity.HEARTBEATS,
				new DestinationSettings(
						List.of(new DestinationRule("/topic/staff/**", Set.of("STAFF", "ADMIN")),
								new DestinationRule("/app/**", Set.of())),
						List.of(new DestinationRule("/queue/orders", Set.of("*"))), true, true),
				true, true, 5, 1024 * 1024, 0, 1024, 6, 2048, ConnectLogin.OPTIONAL,
				new PassedHeaders(List.of("priority", "x-*"))));
		assertThat(settings.outbound()).isEqualTo(new OutboundSettings(true, Duration.ofSeconds(20), 0, Duration.ZERO,
				Duration.ofSeconds(3), List.of("/topic/prices/**", "topic.news")));
		assertThat(settings.drain()).isEqualTo(new DrainSettings(Duration.ZERO));
		assertThat(settings.presence())
			.isEqualTo(new PresenceSettings(List.of("/topic/room/*", "team.*"), Duration.ZERO, 8));
		assertThat(settings.closeLog()).isEqualTo(new CloseLogSettings(CloseLogSettings.Format.JSON, false));
		assertThat(settings.audit().without()).containsExactlyInAnyOrder(Action.SOCKET_OPENED, Action.REFUSED);
		assertThat(settings.metrics()).isEqualTo(new MetricsSettings("0123456789abcdef"));
		assertThat(settings.metrics().toString()).doesNotContain("0123");
		assertThat(settings.operator()).isEqualTo(new OperatorSettings("ada", "secret", "bob", "quiet"));
		assertThat(settings.relay())
			.isEqualTo(new RelaySettings(List.of(new RelayHost("a.example", 61_613), new RelayHost("::1", 61_614)), "v",
					"l", "p", true, 2 * 1024 * 1024, 4 * 1024 * 1024, Duration.ofSeconds(5), 2048));
		assertThat(settings.relay().toString()).doesNotContain("passcode");
		assertThat(settings.acknowledgement()).isEqualTo(new AcknowledgementSettings(2, 8, List.of("/queue/jobs/**")));
		assertThat(settings.history()).isEqualTo(new HistorySettings(
				List.of(new KeepRule("/topic/chat/**", 7, 1024 * 1024, Duration.ofMinutes(3), true),
						new KeepRule("/topic/news", 1000, 1024 * 1024, Duration.ofMinutes(2), false)),
				3 * 1024 * 1024));
		assertThat(settings.inForce()).containsEntry("sessionlink.session", "require");
	}

	@Test
	void theTokenOfCollectorsIsNotAmongWhatIsLogged() {
		Settings settings = settings(Map.of("sessionlink.metrics.token", "0123456789abcdef"));

		assertThat(settings.inForce()).containsEntry("sessionlink.metrics.token", "set, and not shown");
		for (String bad : List.of("too-short", "0123456789 abcdef", "0123456789abcdefü")) {
			assertThatExceptionOfType(SettingsException.class)
				.isThrownBy(() -> settings(Map.of("sessionlink.metrics.token", bad)))
				.withMessage("sessionlink.metrics.token makes no sense: use at least 16 letters, digits and signs "
						+ "of ASCII, without spaces.");
		}
	}

	@Test
	void theOperatorsPasswordIsNotAmongWhatIsLogged() {
		Settings settings = settings(Map.of("sessionlink.operator.password", "secret"));

		assertThat(settings.inForce()).containsEntry("sessionlink.operator.password", "set, and not shown");
	}

	@ParameterizedTest
	@CsvSource({ "limits.headers, -1, use a whole number", "limits.headers, 64KB, use a whole number",
			"limits.message-size, 64, use a size", "limits.message-size, -1KB, use a size",
			"limits.send-time, 10, use whole seconds", "heartbeat, soon, use whole seconds",
			"user-change, follow, 'use one of carry, close'", "limits.sessions-per-user, many, use a whole number",
			"limits.sessions-per-user.when, newest, 'use one of end-oldest, refuse-new'",
			"refused-frames, drop, 'use one of answer, close'", "csrf-on-connect, yes, 'use one of off, on'",
			"secure-cookie, on, 'use one of auto, always, never'",
			"trusted-proxies, proxy.example, use addresses and networks", "destinations.send, app/**, use Ant patterns",
			"destinations.subscribe, /topic/**=, use Ant patterns", "drop-oldest, topic, use Ant patterns",
			"destinations.presence, topic, use Ant patterns", "presence-grace, 10, use whole seconds" })
	void aLimitOrARuleThatMakesNoSenseStopsTheStart(String name, String value, String help) {
		assertThatExceptionOfType(SettingsException.class)
			.isThrownBy(() -> settings(Map.of("sessionlink." + name, value)))
			.withMessageStartingWith("sessionlink." + name + " is '" + value + "': " + help);
	}

	@ParameterizedTest
	@ValueSource(strings = { "session", "/a/{", "/**/b/**x{" })
	void aPathPatternThatIsNoneStopsTheStart(String value) {
		assertThatExceptionOfType(SettingsException.class)
			.isThrownBy(() -> settings(Map.of("sessionlink.passive-requests", value)))
			.withMessageStartingWith("sessionlink.passive-requests is '" + value + "': use paths");
	}

	@Test
	void aBlankValueCountsAsNone() {
		assertThat(settings(Map.of("sessionlink.session", " ")).inForce()).containsEntry("sessionlink.session",
				"create");
	}

	@Test
	void aNameThatIsNoSettingStopsTheStartAndIsNamed() {
		assertThatExceptionOfType(SettingsException.class)
			.isThrownBy(() -> settings(Map.of("sessionlink.sesion-timeout", "30m")))
			.withMessageStartingWith("sessionlink.sesion-timeout is not a setting: use one of sessionlink.activity, ");
	}

	@Test
	void anEnvironmentVariableThatIsNoSettingDoesNotStopTheStart() {
		StandardEnvironment environment = environment(Map.of());
		variables(environment, Map.of("SESSIONLINK_SERVICE_HOST", "10.0.0.1"));

		try (RecordedLog log = RecordedLog.of(SettingSources.class)) {
			Settings settings = Settings.of(environment);

			assertThat(settings.handshake().session()).isEqualTo(SessionPolicy.CREATE);
			assertThat(log.lines()).singleElement()
				.asString()
				.startsWith("WARN The environment variable SESSIONLINK_SERVICE_HOST is not a setting of SessionLink "
						+ "and is ignored: the settings are SESSIONLINK_ACTIVITY, ");
		}
	}

	@Test
	void environmentVariablesAreRead() {
		StandardEnvironment environment = environment(Map.of());
		variables(environment, Map.of("SESSIONLINK_SESSION_TIMEOUT", "8h"));

		Settings settings = Settings.of(environment);

		assertThat(settings.store().sessionTimeout()).isEqualTo(Duration.ofHours(8));
	}

	@ParameterizedTest
	@ValueSource(strings = { "always", "CREATE", "create," })
	void aSessionPolicyThatIsNoneStopsTheStart(String value) {
		assertThatExceptionOfType(SettingsException.class)
			.isThrownBy(() -> settings(Map.of("sessionlink.session", value)))
			.withMessage("sessionlink.session is '" + value + "': use one of create, require.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "30", "60000", "0s", "-5s", "1500ms", "soon", "PT0.5S", "70000000000s" })
	void aTimeoutThatIsNoneStopsTheStart(String value) {
		assertThatExceptionOfType(SettingsException.class)
			.isThrownBy(() -> settings(Map.of("sessionlink.session-timeout", value)))
			.withMessage("sessionlink.session-timeout is '" + value
					+ "': use whole seconds, minutes or hours, such as 90s, 30m or 8h.");
	}

	@ParameterizedTest
	@CsvSource({ "6s, 6", "90s, 90", "30m, 1800", "1h30m, 5400", "PT1H, 3600", "1d, 86400" })
	void aTimeoutIsReadInWholeSeconds(String value, int seconds) {
		Settings settings = settings(Map.of("sessionlink.session-timeout", value));

		assertThat(settings.store().sessionTimeout()).isEqualTo(Duration.ofSeconds(seconds));
	}

	@ParameterizedTest
	@ValueSource(strings = { "*", "https://*.example.org", "https://a.example/", "https://a.example?x",
			"ftp://a.example", "a.example", "null", "https://me@a.example", "https://", "https://a.example,,",
			"https://[", "https://a.example:443" })
	void anOriginThatIsNotExactStopsTheStart(String value) {
		assertThatExceptionOfType(SettingsException.class)
			.isThrownBy(() -> settings(Map.of("sessionlink.allowed-origins", value)))
			.withMessageStartingWith("sessionlink.allowed-origins is '" + value + "': use exact origins");
	}

	@Test
	void aContextParameterWinsOverTheFile() {
		MockServletContext servletContext = withFile("sessionlink.session=require\nsessionlink.session-timeout=9s");
		servletContext.addInitParameter("sessionlink.session", "create");

		Settings settings = Settings.of(servletContext);

		assertThat(settings.handshake().session()).isEqualTo(SessionPolicy.CREATE);
		assertThat(settings.store().sessionTimeout()).isEqualTo(Duration.ofSeconds(9));
	}

	@Test
	void theFileIsReadAsUtf8() {
		Settings settings = Settings.of(withFile("sessionlink.handshake-attributes=größe"));

		assertThat(settings.handshake().attributes()).containsExactly("größe");
	}

	@Test
	void aNameInTheFileThatIsNoSettingStopsTheStart() {
		assertThatExceptionOfType(SettingsException.class)
			.isThrownBy(() -> Settings.of(withFile("sessionlink.timeout=9s")))
			.withMessageStartingWith("sessionlink.timeout is not a setting");
	}

	@Test
	void theChapterTellsEverySettingWithItsDefault() throws Exception {
		String chapter = Files.readString(Path.of("src/site/markdown/settings.md"));
		Map<String, String> inForce = settings(Map.of()).inForce();

		Map<String, String> told = chapter.lines()
			.dropWhile((line) -> !line.startsWith("| setting |"))
			.skip(2)
			.takeWhile((line) -> line.startsWith("|"))
			.map((row) -> row.replace("`", "").split("\\|"))
			.collect(Collectors.toMap((cells) -> cells[1].strip(), (cells) -> cells[2].strip()));

		assertThat(told).isEqualTo(inForce);
	}

	private static Settings settings(Map<String, Object> properties) {
		return Settings.of(environment(properties));
	}

	private static StandardEnvironment environment(Map<String, Object> properties) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().forEach((source) -> environment.getPropertySources().remove(source.getName()));
		environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
		return environment;
	}

	private static void variables(StandardEnvironment environment, Map<String, Object> variables) {
		environment.getPropertySources().addLast(new SystemEnvironmentPropertySource("variables", variables));
	}

	private MockServletContext withFile(String content) {
		try {
			Files.writeString(this.folder.resolve("sessionlink.properties"), content);
			ClassLoader loader = new URLClassLoader(new URL[] { this.folder.toUri().toURL() });
			return new MockServletContext() {

				@Override
				public ClassLoader getClassLoader() {
					return loader;
				}

			};
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
