package org.sessionlink;

import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.noop.NoopTimer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.servlet.ServletRequestEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Home;
import org.sessionlink.link.Link;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;
import org.sessionlink.link.Timed;
import org.sessionlink.link.Timings;
import org.sessionlink.store.SessionLinks;
import org.sessionlink.watch.MetricsApi;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MockMvcTester.MockMvcRequestBuilder;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

/** B29 and B40: what collectors of metrics read, in applications of all kinds. */
class MetricsApiTest {

	private static final String TOKEN = "a-token-of-24-characters";

	private StartingContext servletContext = new StartingContext();

	private AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();

	private MockMvcTester http;

	@AfterEach
	void stop() {
		this.context.close();
		this.servletContext.stop();
	}

	@Test
	void everyMetricIsThereFromTheStart() {
		start(Asking.class);

		assertThat(scrape().lines()).contains("sessionlink_links 0.0", "sessionlink_sockets 0.0",
				"sessionlink_outbox_waiting_bytes 0.0", "sessionlink_ended_total{cause=\"session-expired\"} 0.0",
				"sessionlink_closed_total{cause=\"slow-consumer\",code=\"1013\"} 0.0",
				"sessionlink_closed_total{cause=\"connection-lost\",code=\"1006\"} 0.0",
				"sessionlink_refused_total{reason=\"origin-not-allowed\"} 0.0",
				"sessionlink_frames_total{command=\"SEND\",direction=\"in\"} 0.0",
				"sessionlink_frames_total{command=\"MESSAGE\",direction=\"out\"} 0.0",
				"sessionlink_recovered_total{result=\"yes\"} 0.0",
				"sessionlink_handshake_seconds_count{outcome=\"opened\"} 0", "sessionlink_handle_seconds_count 0",
				"sessionlink_close_seconds_count 0", "sessionlink_expiry_lateness_seconds_count 0",
				"sessionlink_handle_seconds_bucket{le=\"0.001\"} 0");
	}

	@Test
	void aCollectorThatAsksForOpenMetricsGetsThem() {
		start(Asking.class);

		MvcTestResult answer = this.http.get()
			.uri("/metrics")
			.header("Authorization", "Bearer " + TOKEN)
			.header("Accept", "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.4")
			.exchange();

		assertThat(answer).hasStatusOk().bodyText().endsWith("# EOF\n").contains("sessionlink_links");
		assertThat(answer.getResponse().getContentType())
			.isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
		assertThat(get(TOKEN).getResponse().getContentType()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
	}

	@ParameterizedTest
	@ValueSource(strings = { "OPERATOR", "OBSERVER" })
	void whoHasTheRoleMayReadThem(String role) {
		start(Asking.class);

		assertThat(as("ada", role)).hasStatusOk().bodyText().contains("sessionlink_links");
	}

	@Test
	void whoHasNeitherRoleNorTokenIsToldWhatToDo() {
		start(Asking.class);

		assertThat(as("ada", "USER")).hasStatus(403).bodyText().contains("\"operators-only\"", "log in");
		MvcTestResult nobody = this.http.get().uri("/metrics").exchange();
		assertThat(nobody).hasStatus(401)
			.hasHeader("WWW-Authenticate", "Bearer realm=\"metrics\"")
			.bodyText()
			.contains("\"login-required\"", "sessionlink.metrics.token")
			.doesNotContain(TOKEN, "sessionlink_links");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a", "a-token-of-24-character", "a-token-of-24-characters2",
			"A-TOKEN-OF-24-CHARACTERS", "null", "ä-token-of-24-characters" })
	void anotherTokenOpensNothing(String other) {
		start(Asking.class);

		assertThat(get(other)).hasStatus(401);
		assertThat(this.http.get().uri("/metrics").header("Authorization", "Basic " + TOKEN).exchange()).hasStatus(401);
		assertThat(this.http.get().uri("/metrics?token=" + TOKEN).exchange()).hasStatus(401);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "null", "none", TOKEN })
	void whereNoTokenIsSetNoneOpensAnything(String token) {
		startWithout(Asking.class);

		assertThat(get(token)).hasStatus(401);
		assertThat(as("ada", "OPERATOR")).hasStatusOk();
	}

	@Test
	void aCollectorStartsNoSessionAndItsAnswerIsKeptNowhere() {
		start(Asking.class);

		MvcTestResult answer = get(TOKEN);

		assertThat(answer).hasHeader("Cache-Control", "no-store");
		assertThat(answer.getRequest().getSession(false)).isNull();
		assertThat(this.http.head().uri("/metrics").header("Authorization", "Bearer " + TOKEN).exchange())
			.hasStatusOk();
		assertThat(this.http.post().uri("/metrics").header("Authorization", "Bearer " + TOKEN).exchange())
			.hasStatus(405);
	}

	@Test
	void toReadThemIsNoActivity() {
		start(Asking.class);
		MockHttpSession session = new MockHttpSession(this.servletContext);
		SessionLinks sessionLinks = this.context.getBean(SessionLinks.class);
		Link link = sessionLinks.linkOf(session);
		Instant before = link.lastActivity();
		await().until(() -> Instant.now().isAfter(before.plusMillis(100)));

		MockMvcRequestBuilder request = this.http.get()
			.uri("/metrics")
			.header("Authorization", "Bearer " + TOKEN)
			.session(session);
		assertThat(request.with((begun) -> {
			sessionLinks.requestInitialized(new ServletRequestEvent(this.servletContext, begun));
			return begun;
		}).exchange()).hasStatusOk();

		assertThat(link.lastActivity()).isBefore(before.plusMillis(50));
	}

	@Test
	void whoHasNotImportedItHasNoSuchPath() {
		start(Without.class);

		assertThat(get(TOKEN)).hasStatus(404);
		assertThat(this.context.getBean(Links.class).timings()).isSameAs(Timings.NONE);
	}

	@Test
	void theApplicationsOwnRegistryIsFilledAndShownWithWhatElseIsThere() {
		start(Prometheus.class);
		this.context.getBean(MeterRegistry.class).counter("shop.orders").increment();

		openLink();

		assertThat(scrape()).contains("sessionlink_links 1.0", "shop_orders_total 1.0");
		assertThat(this.context.getBean(MeterRegistry.class).get("sessionlink.links").gauge().value()).isOne();
	}

	@Test
	void aRegistryOfAnotherKindIsFilledAndTheOwnOneIsShown() {
		start(Plain.class);
		this.context.getBean(MeterRegistry.class).counter("shop.orders").increment();

		openLink();

		assertThat(scrape()).contains("sessionlink_links 1.0").doesNotContain("shop_orders");
		assertThat(links(this.context.getBean(MeterRegistry.class))).isOne();
	}

	@Test
	void ofACompositeAndItsPartsTheCompositeIsFilledAndEachPartOnce() {
		start(Composite.class);

		openLink();
		this.context.getBean(Links.class).timings().took(Timed.HANDLE, 1);

		assertThat(scrape()).contains("sessionlink_links 1.0").containsOnlyOnce("\nsessionlink_links ");
		for (MeterRegistry registry : this.context.getBeansOfType(MeterRegistry.class).values()) {
			assertThat(registry.find("sessionlink.links").gauges()).hasSize(1);
			assertThat(registry.get("sessionlink.handle").timer().count()).isEqualTo(1);
		}
	}

	@Test
	void ofSeveralRegistriesAllAreFilledUnlessOneIsPrimary() {
		start(Several.class);
		openLink();
		assertThat(this.context.getBeansOfType(MeterRegistry.class).values()).hasSize(2)
			.allSatisfy((registry) -> assertThat(links(registry)).isOne());

		restart(SeveralWithPrimary.class);

		assertThat(ours(this.context.getBean("one", MeterRegistry.class))).isEmpty();
		assertThat(ours(this.context.getBean(MeterRegistry.class))).isNotEmpty();
	}

	@Test
	void aRegistryOfAContextAboveIsFilledAndLeftAsItWas() {
		PrometheusMeterRegistry above = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		try (GenericApplicationContext parent = new GenericApplicationContext()) {
			parent.registerBean(MeterRegistry.class, () -> above);
			parent.refresh();
			this.context.setParent(parent);
			start(Asking.class);
			openLink();
			assertThat(links(above)).isOne();
			assertThat(scrape()).isEqualTo(above.scrape());

			this.context.close();

			assertThat(ours(above)).isEmpty();
		}
	}

	@Test
	void aRegistryOfAContextBelowIsFilledForAsLongAsThatRuns() {
		startWithout(Without.class);
		MeterRegistry below;
		try (AnnotationConfigWebApplicationContext child = new AnnotationConfigWebApplicationContext()) {
			child.setParent(this.context);
			child.setServletContext(this.servletContext);
			child.register(Below.class);
			child.refresh();
			below = child.getBean(MeterRegistry.class);
			openLink();
			assertThat(links(below)).isOne();
			assertThat(this.context.getBean(Links.class).timings()).isNotSameAs(Timings.NONE);
		}

		assertThat(ours(below)).isEmpty();
		assertThat(this.context.getBean(Links.class).timings()).isSameAs(Timings.NONE);
	}

	@Test
	void aRegistryThatIsMadeLateIsFilled() {
		start(Late.class);
		openLink();

		assertThat(links(this.context.getBean(MeterRegistry.class))).isOne();
	}

	@Test
	void anApplicationWhoseRegistryCannotBeMadeStartsAllTheSame() {
		try (RecordedLog log = RecordedLog.of("org.sessionlink.watch.LinkMeters")) {
			start(Broken.class);

			assertThat(log.lines()).anySatisfy((line) -> assertThat(line).contains("cannot be had"));
		}
		assertThat(scrape()).contains("sessionlink_links 0.0");
	}

	@Test
	void whatAFilterDeniesIsNotThere() {
		start(Denying.class);
		openLink();

		assertThat(scrape()).contains("sessionlink_links 1.0")
			.doesNotContain("sessionlink_ended", "sessionlink_handle");
		assertThatCode(() -> this.context.getBean(Links.class).timings().took(Timed.HANDLE, 1))
			.doesNotThrowAnyException();
		this.context.close();
	}

	@Test
	void aFilterThatFailsCostsWhatItFailsAtAndNothingElse() {
		try (RecordedLog log = RecordedLog.of("org.sessionlink.watch.BoundMeters")) {
			start(Failing.class);

			assertThat(log.lines()).hasSize(1).first().asString().contains("metrics of SessionLink are missing");
		}
		openLink();
		assertThat(scrape()).contains("sessionlink_links 1.0").doesNotContain("sessionlink_ended");
	}

	@Test
	void aRegistryThatFailsCostsWhomItIsToldByNothing() {
		start(FailingToRecord.class);

		try (RecordedLog log = RecordedLog.of("org.sessionlink.watch.LinkMeters")) {
			Timings timings = this.context.getBean(Links.class).timings();
			assertThatCode(() -> timings.took(Timed.HANDLE, 1)).doesNotThrowAnyException();
			assertThatCode(() -> timings.took(Timed.HANDLE, 1)).doesNotThrowAnyException();

			assertThat(log.lines()).hasSize(1);
		}
	}

	@Test
	void aRegistryThatFailsCostsNoOtherOneWhatItIsTold() {
		start(FailingBesideAnother.class);
		Timings timings = this.context.getBean(Links.class).timings();

		timings.took(Timed.HANDLE, 1);
		timings.took(Timed.HANDLE, 1);

		MeterRegistry another = this.context.getBean("two", MeterRegistry.class);
		assertThat(another.get("sessionlink.handle").timer().count()).isEqualTo(2);
	}

	@Test
	void whereAFilterLeavesTagsOutWhatTheyTellApartAddsUp() {
		start(Ignoring.class);
		Links links = this.context.getBean(Links.class);
		links.open("one", "id 1", Home.GONE).end(EndCause.EXPIRED);
		links.open("two", "id 2", Home.GONE).end(EndCause.KICKED);
		links.open("three", "id 3", Home.GONE).end(EndCause.ENDED);
		links.refused(Refused.ORIGIN);
		links.refused(Refused.MISSED);

		assertThat(scrape()).contains("sessionlink_ended_total 3.0", "sessionlink_refused_total 2.0");
		MeterRegistry registry = this.context.getBean(MeterRegistry.class);
		this.context.close();
		assertThat(ours(registry)).isEmpty();
	}

	@Test
	void applicationsThatShareARegistryAreToldApartAndEachTakesItsOwnAlong() {
		MeterRegistry shared = new SimpleMeterRegistry();
		Shared.registry = shared;
		this.servletContext = in("/one");
		start(Shared.class);
		openLink();
		StartingContext otherServletContext = in("/two");
		AnnotationConfigWebApplicationContext other = new AnnotationConfigWebApplicationContext();
		try {
			start(Shared.class, otherServletContext, other);
			assertThat(shared.get("sessionlink.links").tag("context", "/one").gauge().value()).isOne();
			assertThat(shared.get("sessionlink.links").tag("context", "/two").gauge().value()).isZero();
		}
		finally {
			other.close();
			otherServletContext.stop();
		}

		assertThat(shared.find("sessionlink.links").gauges()).hasSize(1);
		assertThat(shared.get("sessionlink.links").tag("context", "/one").gauge().value()).isOne();
		this.context.close();
		assertThat(shared.getMeters()).isEmpty();
	}

	@Test
	void metersThatAnotherApplicationHasByTheSameNamesAreLeftAlone() {
		MeterRegistry shared = new SimpleMeterRegistry();
		Shared.registry = shared;
		start(Shared.class);
		openLink();
		StartingContext otherServletContext = new StartingContext();
		AnnotationConfigWebApplicationContext other = new AnnotationConfigWebApplicationContext();
		try (RecordedLog log = RecordedLog.of("org.sessionlink.watch.BoundMeters")) {
			start(Shared.class, otherServletContext, other);

			assertThat(log.lines()).hasSize(1).first().asString().contains("another application has some");
		}
		finally {
			other.close();
			otherServletContext.stop();
		}

		assertThat(links(shared)).isOne();
	}

	@Test
	void aRegistryThatWasClosedBeforeIsNoTrouble() {
		start(Prometheus.class);
		MeterRegistry registry = this.context.getBean(MeterRegistry.class);
		registry.close();

		assertThatCode(() -> this.context.getBean(Links.class).timings().took(Timed.HANDLE, 1))
			.doesNotThrowAnyException();
		openLink();
		this.context.close();

		assertThat(ours(registry)).isEmpty();
	}

	@Test
	void whatIsCountedGoesOnWhereTheContextIsStartedAgain() {
		start(Prometheus.class);
		openLink().end(EndCause.KICKED);
		this.context.getBean(Links.class).refused(Refused.ORIGIN);

		restart(Prometheus.class);

		assertThat(scrape()).contains("sessionlink_ended_total{cause=\"session-kicked\"} 1.0",
				"sessionlink_refused_total{reason=\"origin-not-allowed\"} 1.0");
	}

	private static double links(MeterRegistry registry) {
		return registry.get("sessionlink.links").gauge().value();
	}

	private static List<Meter> ours(MeterRegistry registry) {
		return registry.getMeters()
			.stream()
			.filter((meter) -> meter.getId().getName().startsWith("sessionlink."))
			.toList();
	}

	private Link openLink() {
		return this.context.getBean(Links.class).open("key", "id", Home.GONE);
	}

	private void start(Class<?> application) {
		this.servletContext.addInitParameter("sessionlink.metrics.token", TOKEN);
		startWithout(application);
	}

	private void startWithout(Class<?> application) {
		start(application, this.servletContext, this.context);
		this.http = MockMvcTester.create(MockMvcBuilders.webAppContextSetup(this.context).build());
	}

	private void restart(Class<?> application) {
		this.context.close();
		this.context = new AnnotationConfigWebApplicationContext();
		refresh(application, this.servletContext, this.context);
		this.http = MockMvcTester.create(MockMvcBuilders.webAppContextSetup(this.context).build());
	}

	private static void start(Class<?> application, StartingContext servletContext,
			AnnotationConfigWebApplicationContext context) {
		new SessionLinkInitializer().onStartup(servletContext);
		refresh(application, servletContext, context);
	}

	private static void refresh(Class<?> application, StartingContext servletContext,
			AnnotationConfigWebApplicationContext context) {
		context.setServletContext(servletContext);
		servletContext.setAttribute(WebApplicationContext.ROOT_WEB_APPLICATION_CONTEXT_ATTRIBUTE, null);
		context.register(application);
		context.refresh();
	}

	/** One that has its libraries from elsewhere. */
	private static StartingContext in(String contextPath) {
		ClassLoader own = new ClassLoader(MetricsApiTest.class.getClassLoader()) {
		};
		StartingContext made = new StartingContext() {

			@Override
			public ClassLoader getClassLoader() {
				return own;
			}

		};
		made.setContextPath(contextPath);
		return made;
	}

	private String scrape() {
		MvcTestResult answer = get(TOKEN);
		assertThat(answer).hasStatusOk();
		return new String(answer.getResponse().getContentAsByteArray(), StandardCharsets.UTF_8);
	}

	private MvcTestResult get(String token) {
		return this.http.get().uri("/metrics").header("Authorization", "Bearer " + token).exchange();
	}

	private MvcTestResult as(String name, String role) {
		Principal principal = () -> name;
		return this.http.get().uri("/metrics").principal(principal).with((request) -> {
			request.addUserRole(role);
			return request;
		}).exchange();
	}

	@Configuration
	@EnableSessionLink
	@EnableWebMvc
	@Import(MetricsApi.class)
	static class Asking extends OneEndpoint {

	}

	@Configuration
	@EnableSessionLink
	@EnableWebMvc
	static class Without extends OneEndpoint {

	}

	@Configuration
	@EnableWebMvc
	@Import(MetricsApi.class)
	static class Below {

		@Bean
		static MeterRegistry registry() {
			return new SimpleMeterRegistry();
		}

	}

	static class Prometheus extends Asking {

		@Bean
		static MeterRegistry registry() {
			return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		}

	}

	static class Plain extends Asking {

		@Bean
		static MeterRegistry registry() {
			return new SimpleMeterRegistry();
		}

	}

	static class Composite extends Asking {

		@Bean
		static PrometheusMeterRegistry one() {
			return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		}

		@Bean
		static SimpleMeterRegistry two() {
			return new SimpleMeterRegistry();
		}

		@Bean
		static CompositeMeterRegistry all(PrometheusMeterRegistry one, SimpleMeterRegistry two) {
			return new CompositeMeterRegistry().add(one).add(new CompositeMeterRegistry().add(two));
		}

	}

	static class Several extends Asking {

		@Bean
		static MeterRegistry one() {
			return new SimpleMeterRegistry();
		}

		@Bean
		static MeterRegistry two() {
			return new SimpleMeterRegistry();
		}

	}

	static class SeveralWithPrimary extends Asking {

		@Bean
		static MeterRegistry one() {
			return new SimpleMeterRegistry();
		}

		@Bean
		@Primary
		static MeterRegistry two() {
			return new SimpleMeterRegistry();
		}

	}

	static class Late extends Asking {

		@Bean
		@Lazy
		static MeterRegistry registry() {
			return new SimpleMeterRegistry();
		}

	}

	static class Broken extends Asking {

		@Bean
		@Lazy
		static MeterRegistry registry() {
			throw new IllegalStateException("on purpose");
		}

	}

	static class Denying extends Asking {

		@Bean
		static MeterRegistry registry() {
			PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
			registry.config()
				.meterFilter(MeterFilter.denyNameStartsWith("sessionlink.ended"))
				.meterFilter(MeterFilter.denyNameStartsWith("sessionlink.handle"));
			return registry;
		}

	}

	static class Failing extends Asking {

		@Bean
		static MeterRegistry registry() {
			PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
			registry.config().meterFilter(new MeterFilter() {

				@Override
				public Meter.Id map(Meter.Id id) {
					if (id.getName().equals("sessionlink.ended")) {
						throw new IllegalStateException("on purpose");
					}
					return id;
				}

			});
			return registry;
		}

	}

	static class FailingToRecord extends Asking {

		@Bean
		static MeterRegistry registry() {
			return new SimpleMeterRegistry() {

				@Override
				protected Timer newTimer(Meter.Id id, DistributionStatisticConfig config, PauseDetector pauses) {
					return new NoopTimer(id) {

						@Override
						public void record(long amount, TimeUnit unit) {
							throw new IllegalStateException("on purpose");
						}

					};
				}

			};
		}

	}

	/** Of which the one that fails is told first. */
	static class FailingBesideAnother extends Another {

		@Bean
		static MeterRegistry one() {
			return FailingToRecord.registry();
		}

	}

	static class Another extends Asking {

		@Bean
		static MeterRegistry two() {
			return new SimpleMeterRegistry();
		}

	}

	static class Ignoring extends Asking {

		@Bean
		static MeterRegistry registry() {
			PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
			registry.config().meterFilter(MeterFilter.ignoreTags("cause", "code", "reason"));
			return registry;
		}

	}

	static class Shared extends Asking {

		private static MeterRegistry registry;

		@Bean(destroyMethod = "")
		static MeterRegistry registry() {
			return registry;
		}

	}

}
