package org.sessionlink;

import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import jakarta.servlet.ServletRequestEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkedSocket;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;
import org.sessionlink.store.SessionLinks;
import org.sessionlink.watch.SessionApi;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MockMvcTester.MockMvcRequestBuilder;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.util.Assert;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B46 and B40: the session API in an application of others. */
class SessionApiTest {

	private static final String FRIEND = "https://friend.example";

	private static final String EVIL = "https://evil.test";

	private static final Principal ADA = new TestingAuthenticationToken("ada", "secret", "ROLE_STAFF", "ROLE_ADMIN");

	private final StartingContext servletContext = new StartingContext();

	private final MockHttpSession session = new MockHttpSession(this.servletContext);

	private AnnotationConfigWebApplicationContext root;

	private AnnotationConfigWebApplicationContext context;

	private MockMvcTester http;

	@AfterEach
	void stop() {
		this.context.close();
		if (this.root != null) {
			this.root.close();
		}
		this.servletContext.stop();
	}

	@Test
	void aVisitorSeesTheirSession() {
		start(Map.of("sessionlink.max-age", "1h"), Servlet.class);
		Link link = link();
		this.session.setMaxInactiveInterval(600);
		open(link, "one");

		MvcTestResult mine = ask(get("/session").principal(ADA));

		assertThat(mine).hasStatusOk();
		assertThat(mine).bodyText()
			.matches("\\{\"link\":\"" + link.fingerprint()
					+ "\",\"principal\":\"ada\",\"roles\":\\[\"ADMIN\",\"STAFF\"],"
					+ "\"createdAt\":\"20[^\"]*Z\",\"lastActivity\":\"20[^\"]*Z\",\"timeoutSeconds\":600,"
					+ "\"remainingSeconds\":(600|59\\d),\"ageRemainingSeconds\":(3600|359\\d),\"sockets\":1}");
	}

	@Test
	void whatHasNoEndHasNoSecondsAndWhoIsAnonymousNoRoles() {
		start(Map.of(), Servlet.class);
		this.session.setMaxInactiveInterval(0);
		link();

		assertThat(ask(get("/session"))).bodyText()
			.contains("\"principal\":null,\"roles\":[],")
			.contains("\"timeoutSeconds\":null,\"remainingSeconds\":null,\"ageRemainingSeconds\":null,\"sockets\":0}");
	}

	@Test
	void aVisitorSeesTheSocketsOfTheirOwnSessionTheOldestFirst() throws Exception {
		start(Map.of(), Servlet.class);
		Link link = link();
		SocketLink oldest = open(link, "b");
		await().until(() -> Instant.now().toEpochMilli() > oldest.openedAt().toEpochMilli());
		open(link, "a").connected("1.2");
		open(bean(Links.class).open("another", "another", link.home()), "c");

		MvcTestResult sockets = ask(get("/session/sockets"));

		assertThat(sockets).bodyText()
			.matches("\\[\\{\"socket\":\"b\",\"openedAt\":\"20[^\"]*Z\",\"connected\":false,\"principal\":null},"
					+ "\\{\"socket\":\"a\",\"openedAt\":\"20[^\"]*Z\",\"connected\":true,\"principal\":null}]");
	}

	@ParameterizedTest
	@CsvSource({ "GET, /session", "GET, /session/sockets", "POST, /session/extend", "POST, /session/rotate",
			"DELETE, /session" })
	void whoHasNoSessionIsToldHowToComeByOneAndGetsNone(String method, String path) {
		start(Map.of(), Servlet.class);
		MockMvcRequestBuilder request = this.http.method(HttpMethod.valueOf(method)).uri(path);

		MvcTestResult answer = request.exchange();

		assertThat(answer).hasStatus(404).hasContentType(MediaType.APPLICATION_JSON);
		assertThat(answer).bodyText().startsWith("{\"error\":\"no-session\",\"message\":\"");
		assertThat(answer.getRequest().getSession(false)).isNull();
	}

	@Test
	void whereSomebodyHasToOpenASessionFirstTheyAreToldSo() {
		start(Map.of("sessionlink.session", "require"), Servlet.class);

		MvcTestResult answer = get("/session").exchange();

		assertThat(answer).hasStatus(404);
		assertThat(answer).bodyText().startsWith("{\"error\":\"session-required\",\"message\":\"");
	}

	@Test
	void aSessionWhoseLinkHasEndedIsNone() {
		start(Map.of(), Servlet.class);
		MockHttpSession lasting = new MockHttpSession(this.servletContext) {

			@Override
			public void invalidate() {
				// Later.
			}

		};
		bean(SessionLinks.class).linkOf(lasting).end(EndCause.KICKED);

		assertThat(get("/session").session(lasting).exchange()).hasStatus(404);
		assertThat(get("/session/sockets").session(lasting).exchange()).hasStatus(404);
	}

	@Test
	void whyASessionHasEndedIsToldToWhoeverKnowsItsFingerprintAndNoMore() {
		start(Map.of(), Servlet.class);
		Link link = link();
		assertThat(end(link.fingerprint())).hasStatus(404);

		link.end(EndCause.KICKED);

		assertThat(end(link.fingerprint())).hasStatusOk().bodyText().isEqualTo("{\"cause\":\"session-kicked\"}");
		assertThat(end("0000000000000000")).hasStatus(404).bodyText().startsWith("{\"error\":\"unknown-end\",");
	}

	@ParameterizedTest
	@CsvSource({ "/session/end, missing-link", "/session/end?link=, invalid-link",
			"/session/end?link=1234, invalid-link", "/session/end?link=00000000000000000, invalid-link",
			"/session/end?link=000000000000000G, invalid-link", "/session/end?link=%0a000000000000000, invalid-link" })
	void whatIsNoFingerprintIsRefusedWithACode(String path, String code) {
		start(Map.of(), Servlet.class);

		MvcTestResult answer = get(path).exchange();

		assertThat(answer).hasStatus(400);
		assertThat(answer).bodyText().startsWith("{\"error\":\"" + code + "\",\"message\":\"");
	}

	@ParameterizedTest
	@CsvSource({ "GET, /session, true", "GET, /session, false", "GET, /session/sockets, true",
			"GET, /session/end?link=0000000000000000, false", "GET, /session/end, false", "POST, /session, true",
			"POST, /session/extend, true", "DELETE, /session, true" })
	void noAnswerIsKeptAnywhere(String method, String path, boolean withSession) {
		start(Map.of(), Servlet.class);
		MockMvcRequestBuilder request = this.http.method(HttpMethod.valueOf(method)).uri(path);

		MvcTestResult answer = withSession ? ask(request) : request.exchange();

		assertThat(answer).hasHeader("Cache-Control", "no-store");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/api" })
	void toLookIsNoActivityWhereverTheServletIs(String servlet) {
		start(Map.of(), Servlet.class);
		Link link = link();
		Instant before = link.lastActivity();
		await().until(() -> Instant.now().isAfter(before.plusMillis(100)));

		for (String path : new String[] { "/session", "/session/sockets", "/session/end?link=0000000000000000" }) {
			during(get(servlet + path), servlet);
		}
		assertThat(link.lastActivity()).isBefore(before.plusMillis(50));

		during(this.http.post().uri(servlet + "/session"), servlet);
		assertThat(link.lastActivity()).isAfter(before.plusMillis(50));
	}

	private void during(MockMvcRequestBuilder request, String servlet) {
		SessionLinks sessionLinks = bean(SessionLinks.class);
		ask(request.servletPath(servlet).with((begun) -> {
			sessionLinks.requestInitialized(new ServletRequestEvent(this.servletContext, begun));
			return begun;
		}));
	}

	@Test
	void itIsThereAlsoWhereTheRootContextImportsIt() {
		startInRoot(Root.class, Mvc.class);

		assertThat(get("/session").exchange()).hasStatus(404).bodyText().contains("no-session");
	}

	@Test
	void whoHasNotImportedItHasNoSuchPaths() {
		start(Map.of(), Without.class);

		assertThat(get("/session").exchange()).hasStatus(200).bodyText().isEqualTo("page session");
		assertThat(get("/session/sockets").exchange()).hasStatus(404).bodyText().isEmpty();
	}

	@Test
	void whatElseTheApplicationHasStaysAsItIs() {
		start(Map.of("sessionlink.allowed-origins", FRIEND), Servlet.class);

		assertThat(get("/news").header("Origin", EVIL).exchange()).hasStatusOk()
			.doesNotContainHeader("Access-Control-Allow-Origin")
			.doesNotContainHeader("Cache-Control");
		assertThat(get("/session/of/theirs").exchange()).hasStatusOk().bodyText().isEqualTo("theirs");
		assertThat(get("/session").exchange()).hasStatus(404);
		assertThat(bean(RequestMappingHandlerMapping.class))
			.isSameAs(this.context.getBean("requestMappingHandlerMapping"));
	}

	@Test
	void pagesOfAllowedOriginsMayUseItWithTheSessionOfTheirVisitor() {
		start(Map.of("sessionlink.allowed-origins", FRIEND + ", capacitor://localhost"), Servlet.class);

		MvcTestResult answer = ask(get("/session").header("Origin", FRIEND));
		MvcTestResult preflight = preflight("/session", "DELETE", "capacitor://localhost");

		assertThat(answer).hasStatusOk()
			.hasHeader("Access-Control-Allow-Origin", FRIEND)
			.hasHeader("Access-Control-Allow-Credentials", "true")
			.containsHeader("Vary");
		assertThat(preflight).hasStatusOk()
			.hasHeader("Access-Control-Allow-Origin", "capacitor://localhost")
			.hasHeader("Access-Control-Allow-Credentials", "true")
			.hasHeader("Access-Control-Allow-Headers", "X-CSRF-TOKEN");
		assertThat(preflight.getResponse().getHeader("Access-Control-Allow-Methods")).contains("DELETE")
			.doesNotContain("*");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { EVIL, "null", "https://friend.example.evil.test", "http://friend.example", "not an origin" })
	void pagesOfOthersAreRefusedAndCounted(String origin) {
		start(Map.of("sessionlink.allowed-origins", FRIEND), Servlet.class);

		MvcTestResult answer = ask(this.http.delete().uri("/session").header("Origin", origin));
		MvcTestResult preflight = preflight("/session", "DELETE", origin);

		assertThat(answer).hasStatus(403)
			.hasContentType(MediaType.APPLICATION_JSON)
			.hasHeader("Cache-Control", "no-store")
			.doesNotContainHeader("Access-Control-Allow-Origin");
		assertThat(answer).bodyText().startsWith("{\"error\":\"origin-not-allowed\",\"message\":\"");
		assertThat(preflight).hasStatus(403).doesNotContainHeader("Access-Control-Allow-Origin");
		assertThat(this.session.isInvalid()).isFalse();
		assertThat(bean(Links.class).refusals()).containsEntry(Refused.ORIGIN, 2L);
	}

	@Test
	void whoHasNotProvedWhoTheyAreIsNobodyYet() {
		start(Map.of(), Servlet.class);
		link();
		TestingAuthenticationToken halfway = new TestingAuthenticationToken("ada", "secret");
		halfway.setAuthenticated(false);

		assertThat(ask(get("/session").principal(halfway))).bodyText().contains("\"principal\":null,\"roles\":[],");
	}

	@ParameterizedTest
	@CsvSource({ "GET, /session/mine", "DELETE, /session/mine/0000000000000000", "DELETE, /session/mine?keep=this" })
	void whoseSessionEndsMeanwhileHasToLogInFirst(String method, String path) {
		start(Map.of(), Servlet.class);
		AtomicBoolean ending = new AtomicBoolean();
		MockHttpSession session = new MockHttpSession(this.servletContext) {

			@Override
			public String getId() {
				Assert.state(!ending.getAndSet(false), "It has ended");
				return super.getId();
			}

		};
		Principal ada = () -> {
			ending.set(true);
			return "ada";
		};

		MvcTestResult answer = this.http.method(HttpMethod.valueOf(method))
			.uri(path)
			.session(session)
			.principal(ada)
			.exchange();

		assertThat(answer).hasStatus(401).bodyText().startsWith("{\"error\":\"login-required\",");
	}

	@Test
	void theApplicationsOwnPagesAreNobodyElses() {
		start(Map.of(), Servlet.class);

		MvcTestResult answer = ask(this.http.post().uri("/session").header("Origin", "http://localhost"));

		assertThat(answer).hasStatusOk();
		assertThat(bean(Links.class).refusals()).containsEntry(Refused.ORIGIN, 0L);
	}

	private MvcTestResult preflight(String path, String method, String origin) {
		return this.http.options()
			.uri(path)
			.header("Origin", origin)
			.header("Access-Control-Request-Method", method)
			.header("Access-Control-Request-Headers", "X-CSRF-TOKEN")
			.exchange();
	}

	private MockMvcRequestBuilder get(String path) {
		return this.http.get().uri(path);
	}

	private MvcTestResult end(String fingerprint) {
		return get("/session/end?link=" + fingerprint).exchange();
	}

	private MvcTestResult ask(MockMvcRequestBuilder request) {
		return request.session(this.session).exchange();
	}

	private Link link() {
		return bean(SessionLinks.class).linkOf(this.session);
	}

	private static SocketLink open(Link link, String id) {
		SocketLink socketLink = new SocketLink(link, Identity.ANONYMOUS);
		link.add(new Quiet(id, socketLink));
		return socketLink;
	}

	private <T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	private void start(Map<String, String> settings, Class<?> application) {
		settings.forEach(this.servletContext::addInitParameter);
		new SessionLinkInitializer().onStartup(this.servletContext);
		this.context = context(null, application);
		this.http = MockMvcTester.create(MockMvcBuilders.webAppContextSetup(this.context).build());
	}

	private void startInRoot(Class<?> rootConfiguration, Class<?> servlet) {
		new SessionLinkInitializer().onStartup(this.servletContext);
		this.root = context(null, rootConfiguration);
		this.context = context(this.root, servlet);
		this.http = MockMvcTester.create(MockMvcBuilders.webAppContextSetup(this.context).build());
	}

	private AnnotationConfigWebApplicationContext context(AnnotationConfigWebApplicationContext parent,
			Class<?> configuration) {
		AnnotationConfigWebApplicationContext started = new AnnotationConfigWebApplicationContext();
		started.setServletContext(this.servletContext);
		started.setParent(parent);
		started.register(configuration);
		started.refresh();
		return started;
	}

	/** A socket that hears nothing. */
	private record Quiet(String id, SocketLink socketLink) implements LinkedSocket {

		@Override
		public void sessionIdChanged(String newId) {
		}

		@Override
		public void identityChanged() {
		}

		@Override
		public boolean revoke(String subscription, String reason) {
			return false;
		}

		@Override
		public void shut() {
		}

		@Override
		public void end(EndCause cause) {
		}

	}

	@Configuration
	@EnableSessionLink
	@EnableWebMvc
	@Import({ SessionApi.class, Pages.class })
	static class Servlet extends OneEndpoint {

	}

	@Configuration
	@EnableSessionLink
	@Import(SessionApi.class)
	static class Root extends OneEndpoint {

	}

	@Configuration
	@EnableWebMvc
	static class Mvc {

	}

	@Configuration
	@EnableSessionLink
	@EnableWebMvc
	@Import(Pages.class)
	static class Without extends OneEndpoint {

	}

	/** What the application has itself, a page for each path that is nothing else's. */
	@RestController
	static class Pages {

		@GetMapping("/{page}")
		String page(@PathVariable String page) {
			return "page " + page;
		}

		@GetMapping("/session/of/theirs")
		String theirs() {
			return "theirs";
		}

	}

}
