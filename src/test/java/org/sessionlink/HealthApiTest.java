package org.sessionlink;

import java.time.Instant;

import jakarta.servlet.ServletRequestEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.link.Link;
import org.sessionlink.store.SessionLinks;
import org.sessionlink.watch.HealthApi;
import org.sessionlink.watch.HealthCheck;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MockMvcTester.MockMvcRequestBuilder;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B29 and B40: what probes hear, in an application of others. */
class HealthApiTest {

	private final StartingContext servletContext = new StartingContext();

	private final AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();

	private final Probed store = new Probed();

	private final Probed broker = new Probed();

	private MockMvcTester http;

	@AfterEach
	void stop() {
		this.context.close();
		this.servletContext.stop();
	}

	@Test
	void aServerThatMissesNothingIsAliveAndReady() {
		start(Asking.class);

		assertThat(get("/health/live")).hasStatusOk().bodyText().isEqualTo("{\"status\":\"up\"}");
		assertThat(get("/health/ready")).hasStatusOk().bodyText().isEqualTo("{\"status\":\"ready\",\"concerns\":[]}");
	}

	@Test
	void whatIsWrongIsNamedFromTheFirstSecondAndAServerIsNotReadyOnceOneCheckSaysSo() {
		start(Asking.class);
		this.store.concern = "store away";
		assertThat(get("/health/ready")).hasStatusOk()
			.bodyText()
			.isEqualTo("{\"status\":\"ready\",\"concerns\":[\"store away\"]}");

		this.broker.concern = "broker away";
		this.broker.ready = false;

		assertThat(get("/health/ready")).hasStatus(503).hasContentType(MediaType.APPLICATION_JSON);
		assertThat(get("/health/ready")).bodyText()
			.startsWith("{\"status\":\"not-ready\",\"concerns\":[")
			.contains("\"store away\"", "\"broker away\"");
		assertThat(get("/health/live")).hasStatusOk();
	}

	@Test
	void aCheckThatFailsMeansNotReadyAndKeepsItsReasonFromStrangers() {
		start(Asking.class);
		this.store.failure = new IllegalStateException("redis://ada:secret@10.0.0.1");
		this.broker.concern = "broker away";

		MvcTestResult answer = get("/health/ready");

		assertThat(answer).hasStatus(503);
		assertThat(answer).bodyText()
			.contains("\"a check has failed\"", "\"broker away\"")
			.doesNotContain("secret", "IllegalState");
	}

	@Test
	void aCheckThatFailsIsSaidOnceHoweverOftenStrangersAsk() {
		start(Asking.class);
		this.store.failure = new IllegalStateException("gone");

		try (RecordedLog log = RecordedLog.of("org.sessionlink.watch.HealthController")) {
			for (int i = 0; i < 100; i++) {
				assertThat(get("/health/ready")).hasStatus(503);
			}
			assertThat(log.lines()).hasSize(1);

			this.store.failure = null;
			assertThat(get("/health/ready")).hasStatusOk();
			this.store.failure = new IllegalStateException("gone again");
			assertThat(get("/health/ready")).hasStatus(503);
			assertThat(log.lines()).hasSize(2);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/plain", "text/html", "application/xml", "application/health+json", "image/*" })
	void aProbeHearsItWhateverItWouldRatherHave(String accepted) {
		start(Asking.class);

		assertThat(this.http.get().uri("/health/ready").header("Accept", accepted).exchange()).hasStatusOk()
			.hasContentType(MediaType.APPLICATION_JSON);
		this.store.ready = false;
		assertThat(this.http.get().uri("/health/ready").header("Accept", accepted).exchange()).hasStatus(503)
			.bodyText()
			.isEqualTo("{\"status\":\"not-ready\",\"concerns\":[]}");
		assertThat(this.http.get().uri("/health/live").header("Accept", accepted).exchange()).hasStatusOk();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/health/live", "/health/ready" })
	void aProbeStartsNoSessionAndItsAnswerIsKeptNowhere(String path) {
		start(Asking.class);

		MvcTestResult answer = get(path);

		assertThat(answer).hasHeader("Cache-Control", "no-store");
		assertThat(answer.getRequest().getSession(false)).isNull();
		assertThat(this.http.head().uri(path).exchange()).hasStatusOk();
		assertThat(this.http.post().uri(path).exchange()).hasStatus(405);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/api" })
	void aProbeIsNoActivityOfASessionWhereverTheServletIs(String servlet) {
		start(Asking.class);
		MockHttpSession session = new MockHttpSession(this.servletContext);
		SessionLinks sessionLinks = this.context.getBean(SessionLinks.class);
		Link link = sessionLinks.linkOf(session);
		Instant before = link.lastActivity();
		await().until(() -> Instant.now().isAfter(before.plusMillis(100)));

		for (String path : new String[] { "/health/live", "/health/ready" }) {
			MockMvcRequestBuilder request = this.http.get().uri(servlet + path).servletPath(servlet).session(session);
			assertThat(request.with((begun) -> {
				sessionLinks.requestInitialized(new ServletRequestEvent(this.servletContext, begun));
				return begun;
			}).exchange()).hasStatusOk();
		}

		assertThat(link.lastActivity()).isBefore(before.plusMillis(50));
	}

	@Test
	void whoHasNotImportedItHasNoSuchPaths() {
		start(Without.class);

		assertThat(get("/health/ready")).hasStatusOk().bodyText().isEqualTo("page ready");
	}

	private void start(Class<?> application) {
		new SessionLinkInitializer().onStartup(this.servletContext);
		this.context.setServletContext(this.servletContext);
		this.context.register(application);
		this.context.addBeanFactoryPostProcessor((beans) -> {
			beans.registerSingleton("store", this.store);
			beans.registerSingleton("broker", this.broker);
		});
		this.context.refresh();
		this.http = MockMvcTester.create(MockMvcBuilders.webAppContextSetup(this.context).build());
	}

	private MvcTestResult get(String path) {
		return this.http.get().uri(path).exchange();
	}

	/** What a test says is wrong. */
	private static final class Probed implements HealthCheck {

		private volatile @Nullable String concern;

		private volatile boolean ready = true;

		private volatile @Nullable RuntimeException failure;

		@Override
		public @Nullable String concern() {
			return this.concern;
		}

		@Override
		public boolean ready() {
			RuntimeException thrown = this.failure;
			if (thrown != null) {
				throw thrown;
			}
			return this.ready;
		}

	}

	@Configuration
	@EnableSessionLink
	@EnableWebMvc
	@Import({ HealthApi.class, Pages.class })
	static class Asking extends OneEndpoint {

	}

	@Configuration
	@EnableSessionLink
	@EnableWebMvc
	@Import(Pages.class)
	static class Without extends OneEndpoint {

	}

	/** What the application has itself. */
	@RestController
	static class Pages {

		@GetMapping({ "/{page}", "/health/{page}" })
		String page(@PathVariable String page) {
			return "page " + page;
		}

	}

}
