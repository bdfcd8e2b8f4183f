package org.sessionlink;

import java.net.URL;

import jakarta.servlet.http.HttpSessionListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.sessionlink.handshake.ForwardedHeaders;

import org.springframework.mock.web.MockServletContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class SessionLinkInitializerTest {

	private final StartingContext context = new StartingContext();

	@AfterEach
	void stop() {
		this.context.stop();
	}

	@Test
	void theStartListensToSessionsAndLeavesItsInstallation() {
		new SessionLinkInitializer().onStartup(this.context);

		Installation installation = Installation.in(this.context);
		assertThat(this.context.listeners()).hasAtLeastOneElementOfType(HttpSessionListener.class);
		assertThat(installation.settings().inForce()).containsEntry("sessionlink.session", "create");
	}

	@Test
	void theStartLogsVersionContainerContextPathAndEverySetting() {
		this.context.setContextPath("/shop");
		this.context.setInitParameter("sessionlink.session", "require");

		try (RecordedLog log = RecordedLog.of(SessionLinkInitializer.class)) {
			new SessionLinkInitializer().onStartup(this.context);

			assertThat(log.lines()).first()
				.asString()
				.matches("INFO SessionLink \\d+\\.\\d+\\.\\d+\\S* on MockServletContext at context path /shop");
			assertThat(log.lines())
				.contains("INFO sessionlink.session = require", "INFO sessionlink.session-timeout = the container's")
				.hasSize(1 + Installation.in(this.context).settings().inForce().size());
			assertThat(log.lines().subList(1, log.lines().size())).isSorted();
		}
	}

	@Test
	void theRootContextIsLoggedAsASlash() {
		try (RecordedLog log = RecordedLog.of(SessionLinkInitializer.class)) {
			new SessionLinkInitializer().onStartup(this.context);

			assertThat(log.lines().get(0)).endsWith(" at context path /");
		}
	}

	@Test
	void proxiesAreBelievedByTheFirstFilterOfAll() {
		this.context.setInitParameter("sessionlink.trusted-proxies", "10.0.0.0/8");

		new SessionLinkInitializer().onStartup(this.context);

		assertThat(this.context.filters()).singleElement().isInstanceOf(ForwardedHeaders.class);
		assertThat(this.context.mappings()).containsExactly("before others: /*");
	}

	@Test
	void withoutTrustedProxiesNothingIsTouched() {
		new SessionLinkInitializer().onStartup(this.context);

		assertThat(this.context.filters()).isEmpty();
		assertThat(this.context.getSessionCookieConfig().isSecure()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "auto, '', false", "auto, ::1, true", "always, '', true", "always, ::1, true", "never, '', false",
			"never, ::1, false" })
	void theSessionCookieIsSecureBehindTrustedProxiesUnlessTheSettingSaysOtherwise(String setting, String proxies,
			boolean secure) {
		this.context.setInitParameter("sessionlink.secure-cookie", setting);
		this.context.setInitParameter("sessionlink.trusted-proxies", proxies);

		try (RecordedLog log = RecordedLog.of(SessionLinkInitializer.class)) {
			new SessionLinkInitializer().onStartup(this.context);

			assertThat(this.context.getSessionCookieConfig().isSecure()).isEqualTo(secure);
			assertThat(
					log.lines()
						.contains("INFO The session cookie is Secure: browsers keep it over HTTPS alone. "
								+ "Where people come over plain HTTP, set sessionlink.secure-cookie=never"))
				.isEqualTo(secure);
		}
	}

	@Test
	void whatTheApplicationDecidesOfItsCookieStays() {
		this.context.setInitParameter("sessionlink.secure-cookie", "never");
		this.context.getSessionCookieConfig().setSecure(true);

		new SessionLinkInitializer().onStartup(this.context);

		assertThat(this.context.getSessionCookieConfig().isSecure()).isTrue();
	}

	@Test
	void aBadSettingStopsTheStartInOneLine() {
		this.context.setInitParameter("sessionlink.session", "always");

		try (RecordedLog log = RecordedLog.of(SessionLinkInitializer.class)) {
			assertThatExceptionOfType(SettingsException.class)
				.isThrownBy(() -> new SessionLinkInitializer().onStartup(this.context));

			assertThat(log.lines()).containsExactly("ERROR SessionLink does not start: "
					+ "sessionlink.session is 'always': use one of create, require.");
			assertThat(this.context.listeners()).isEmpty();
		}
	}

	@Test
	void aStartThatPassedSessionLinkByIsExplained() {
		assertThatIllegalStateException().isThrownBy(() -> Installation.in(server("Apache Tomcat", false)))
			.withMessage("SessionLink was not there when the application started: its jar belongs into WEB-INF/lib, "
					+ "and web.xml may neither be metadata-complete nor leave the jar out of its absolute-ordering.");
	}

	@Test
	void inATestAndOnSpringBootThereIsAnotherWay() {
		assertThatIllegalStateException().isThrownBy(() -> Installation.in(new MockServletContext()))
			.withMessage("SessionLink was not there when the application started: "
					+ "a test names TestStart among the initializers of its @ContextConfiguration.");
		assertThatIllegalStateException().isThrownBy(() -> Installation.in(server("Apache Tomcat", true)))
			.withMessage("SessionLink was not there when the application started: the servers in Spring Boot run no "
					+ "initializer that is found in a jar. Add a bean of type ServletContextInitializer that is "
					+ "new SessionLinkInitializer()::onStartup.");
	}

	private static MockServletContext server(String info, boolean springBoot) {
		return new MockServletContext() {

			@Override
			public String getServerInfo() {
				return info;
			}

			@Override
			public ClassLoader getClassLoader() {
				return new ClassLoader() {

					@Override
					public URL getResource(String name) {
						boolean there = springBoot && name.equals("org/springframework/boot/SpringApplication.class");
						return there ? getClass().getResource("/") : super.getResource(name);
					}

				};
			}

		};
	}

}
