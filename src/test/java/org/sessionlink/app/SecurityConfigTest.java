package org.sessionlink.app;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.RecordedLog;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Home;
import org.sessionlink.link.Identity;
import org.sessionlink.link.LinkLimits;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.LoginTries;
import org.sessionlink.link.Refused;
import org.sessionlink.link.UserLimit;
import org.sessionlink.store.SessionLinks;
import org.sessionlink.store.StoreSettings;
import org.sessionlink.watch.AuditSettings;
import org.sessionlink.watch.CloseLogSettings;
import org.sessionlink.watch.Elsewhere;
import org.sessionlink.watch.FakeDrain;
import org.sessionlink.watch.OperatorSettings;
import org.sessionlink.watch.SessionApi;
import org.sessionlink.watch.SessionApiSettings;
import org.sessionlink.watch.WatchConfig;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockServletContext;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SecurityConfigTest {

	private static final String FRIEND = "https://friend.example";

	private final MockServletContext servletContext = new MockServletContext();

	private final FakeClock clock = new FakeClock();

	private Links links = new Links(this.clock, LinkPolicy.DEFAULT);

	private final AtomicInteger refused = new AtomicInteger();

	private AnnotationConfigWebApplicationContext context;

	private HttpSession session;

	@AfterEach
	void stop() {
		this.context.close();
	}

	@Test
	void aPageMayLoadAndConnectToThisApplicationOnly() throws Exception {
		start(new OperatorSettings("operator", "secret", "observer", null));

		MockHttpServletResponse response = send(new MockHttpServletRequest("GET", "/"));

		assertThat(response.getHeader("Content-Security-Policy").split("; ")).containsExactly("default-src 'self'",
				"base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'", "object-src 'none'");
		assertThat(response.getHeader("X-Content-Type-Options")).isEqualTo("nosniff");
		assertThat(response.getHeader("X-Frame-Options")).isEqualTo("DENY");
		assertThat(response.getHeader("Referrer-Policy")).isEqualTo("same-origin");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/session", "/greeting", "/page/page.js", "/operator/links", "/login", "/logout" })
	void whoOnlyLooksGetsNoSession(String path) throws Exception {
		start(new OperatorSettings("operator", "secret", "observer", null));
		MockHttpServletRequest request = new MockHttpServletRequest("GET", path);

		send(request);

		assertThat(request.getSession(false)).isNull();
	}

	@Test
	void thereIsNoPageOfSpringSecuritysOwn() throws Exception {
		start(new OperatorSettings("operator", "secret", "observer", null));

		assertThat(List.of(send(new MockHttpServletRequest("GET", "/login")).getContentAsString(),
				send(new MockHttpServletRequest("GET", "/logout")).getContentAsString()))
			.containsOnly("");
	}

	@ParameterizedTest
	@CsvSource({ "POST, /login", "POST, /logout", "POST, /session", "POST, /session/rotate",
			"DELETE, /session/mine?keep=this", "DELETE, /session/mine/0123456789abcdef" })
	void whatChangesSomethingNeedsTheTokenAndIsNoReasonForASession(String method, String path) throws Exception {
		start(new OperatorSettings("operator", "secret", "observer", null));
		MockHttpServletRequest request = new MockHttpServletRequest(method, path);

		MockHttpServletResponse response = send(request);

		assertThat(request.getSession(false)).isNull();
		assertThat(response.getStatus()).isEqualTo(403);
		assertThat(response.getContentAsString()).contains("\"error\":\"csrf-token-invalid\"");
	}

	@Test
	void theOperatorLogsInWithJson() throws Exception {
		start(new OperatorSettings("operator", "secret", "observer", null));

		MockHttpServletResponse response = login("{\"username\":\"operator\",\"password\":\"secret\"}");

		assertThat(response.getStatus()).isEqualTo(200);
		assertThat(response.getContentAsString()).isEqualTo("{\"principal\":\"operator\",\"roles\":[\"OPERATOR\"]}");
		assertThat(response.getContentType()).startsWith("application/json");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{"username":"operator","password":"guess"}
			{"username":"nobody","password":"secret"}
			{"username":"operator"}
			{"username":"operator","password":["secret"]}
			{"username":
			[]
			``
			""")
	void whatDoesNotFitIsRefusedWithoutInnards(String body) throws Exception {
		start(new OperatorSettings("operator", "secret", "observer", null));

		MockHttpServletResponse response = login(body);

		assertThat(response.getStatus()).isEqualTo(401);
		assertThat(response.getContentAsString())
			.isEqualTo("{\"error\":\"login-refused\",\"message\":\"Name and password do not fit: try again.\"}");
	}

	@Test
	void whoGuessesIsToldWhenToTryAgainAndIsLetInThen() throws Exception {
		start(new OperatorSettings("operator", "secret", "observer", null));
		for (int i = 0; i < 5; i++) {
			assertThat(login("{\"username\":\"operator\",\"password\":\"guess\"}").getStatus()).isEqualTo(401);
		}

		MockHttpServletResponse response = login("{\"username\":\"operator\",\"password\":\"secret\"}");

		assertThat(response.getStatus()).isEqualTo(429);
		assertThat(response.getHeader("Retry-After")).isEqualTo("1");
		assertThat(response.getContentAsString()).isEqualTo(
				"{\"error\":\"too-many-logins\",\"message\":\"Too many logins have failed: try again in 1 s.\"}");
		assertThat(this.refused).hasValue(1);
		this.clock.pass(Duration.ofSeconds(1));
		assertThat(login("{\"username\":\"operator\",\"password\":\"secret\"}").getStatus()).isEqualTo(200);
	}

	@Test
	void accountsThatAreOutOfReachAreNobodysFault() throws Exception {
		start(new OperatorSettings("operator", "secret", "observer", null), BrokenAccounts.class);

		for (int i = 0; i < 10; i++) {
			MockHttpServletResponse response = login("{\"username\":\"guest\",\"password\":\"guest\"}");

			assertThat(response.getStatus()).isEqualTo(503);
			assertThat(response.getContentAsString()).startsWith("{\"error\":\"login-unavailable\"")
				.doesNotContain("database");
		}
	}

	@Test
	void whoIsLoggedInAsOftenAsMayBeIsToldWhatToDo() throws Exception {
		this.links = new Links(this.clock,
				new LinkPolicy(null, Duration.ofMinutes(1), LinkLimits.NONE, new UserLimit(1, true)));
		this.links.open("elsewhere", "id", Home.GONE).identify(new Identity(() -> "operator", Set.of()));
		start(new OperatorSettings("operator", "secret", "observer", null));

		MockHttpServletResponse response = login("{\"username\":\"operator\",\"password\":\"secret\"}");

		assertThat(response.getStatus()).isEqualTo(409);
		assertThat(response.getContentAsString()).isEqualTo("{\"error\":\"too-many-user-sessions\","
				+ "\"message\":\"You are logged in as often as you may be: log out elsewhere first.\"}");
		assertThat(login("{\"username\":\"operator\",\"password\":\"guess\"}").getStatus()).isEqualTo(401);
	}

	@Test
	void theOperatorLogsInWithAFormAndLandsOnThePage() throws Exception {
		start(new OperatorSettings("operator", "secret", "observer", null));
		MockHttpServletRequest request = withToken("/login");
		request.setContextPath("/app");
		request.setRequestURI("/app/login");
		request.addParameter("username", "operator");
		request.addParameter("password", "secret");
		request.addHeader("Accept", "text/html,*/*");

		MockHttpServletResponse response = send(request);

		assertThat(response.getRedirectedUrl()).isEqualTo("/app/");
	}

	@Test
	void aLoginGivesTheSessionANewIdAndALogoutEndsIt() throws Exception {
		start(new OperatorSettings("operator", "secret", "observer", null));
		token();
		String before = this.session.getId();

		login("{\"username\":\"operator\",\"password\":\"secret\"}");
		String after = this.session.getId();
		MockHttpServletRequest logout = withToken("/logout");
		MockHttpServletResponse response = send(logout);

		assertThat(after).isNotEqualTo(before);
		assertThat(response.getStatus()).isEqualTo(204);
		assertThat(logout.getSession(false)).isNull();
	}

	@Test
	void theOperatorsAreaIsForOperators() throws Exception {
		start(new OperatorSettings("operator", "secret", "observer", null), Accounts.class);

		MockHttpServletResponse anonymous = operatorsArea();
		login("{\"username\":\"guest\",\"password\":\"guest\"}");
		MockHttpServletResponse guest = operatorsArea();
		login("{\"username\":\"chief\",\"password\":\"chief\"}");
		MockHttpServletResponse chief = operatorsArea();

		assertThat(anonymous.getStatus()).isEqualTo(401);
		assertThat(anonymous.getContentAsString()).contains("\"error\":\"login-required\"");
		assertThat(guest.getStatus()).isEqualTo(403);
		assertThat(guest.getContentAsString()).contains("\"error\":\"role-missing\"");
		assertThat(chief.getStatus()).isEqualTo(200);
	}

	@Test
	void anObserverMayEnterTheOperatorsAreaWhereThereIsOne() throws Exception {
		start(new OperatorSettings("operator", "secret", "watcher", "quiet"));

		login("{\"username\":\"watcher\",\"password\":\"quiet\"}");

		assertThat(operatorsArea().getStatus()).isEqualTo(200);
		assertThat(this.context.getBean(AuthenticationManager.class)
			.authenticate(UsernamePasswordAuthenticationToken.unauthenticated("watcher", "quiet"))
			.getAuthorities()).extracting(GrantedAuthority::getAuthority)
			.contains("ROLE_OBSERVER")
			.doesNotContain("ROLE_OPERATOR");
	}

	@Test
	void withoutAPasswordNobodyLogsInAsObserver() throws Exception {
		start(new OperatorSettings("operator", "secret", "watcher", null));

		assertThat(login("{\"username\":\"watcher\",\"password\":\"\"}").getStatus()).isEqualTo(401);
	}

	@Test
	void anObserverWithTheOperatorsNameStopsTheStart() {
		assertThatThrownBy(() -> start(new OperatorSettings("boss", "secret", "boss", "quiet"))).rootCause()
			.hasMessage("sessionlink.observer.name is 'boss', as the operator's: give each a name of their own.");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "/operator", "/operator/", "/operator/console/console.js", "/operator/lib/uplot/uPlot.esm.js" })
	void theConsoleItselfIsNobodysSecret(String path) throws Exception {
		start(new OperatorSettings("operator", "secret", "observer", null));

		assertThat(send(new MockHttpServletRequest("GET", path)).getStatus()).isEqualTo(200);
	}

	@Test
	void accountsOfTheApplicationWinAndNoPasswordIsMade() throws Exception {
		try (RecordedLog log = RecordedLog.of(SecurityConfig.class)) {
			start(new OperatorSettings("operator", null, "observer", null), Accounts.class);

			assertThat(log.lines()).isEmpty();
			assertThat(login("{\"username\":\"guest\",\"password\":\"guest\"}").getStatus()).isEqualTo(200);
		}
	}

	@Test
	void whereNoPasswordIsSetOneIsMadeAndLoggedOnce() throws Exception {
		try (RecordedLog log = RecordedLog.of(SecurityConfig.class)) {
			start(new OperatorSettings("chief", null, "observer", null));

			assertThat(log.lines()).singleElement()
				.asString()
				.matches("WARN Operator 'chief' may log in with the password [\\w-]{20}, made for this start: "
						+ "set sessionlink.operator.password to choose one");
			String password = log.lines().get(0).replaceAll(".*password ([\\w-]{20}),.*", "$1");
			assertThat(login("{\"username\":\"chief\",\"password\":\"" + password + "\"}").getStatus()).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@CsvSource({ "/session, DELETE", "/session/extend, POST", "/csrf, GET", "/login, POST", "/logout, POST" })
	void pagesOfAllowedOriginsMayLogInAndUseTheirSession(String path, String method) throws Exception {
		start(new OperatorSettings("operator", "secret", "observer", null));

		MockHttpServletResponse preflight = preflight(path, method, FRIEND);
		MockHttpServletResponse foreign = preflight(path, method, "https://evil.test");

		assertThat(preflight.getStatus()).isEqualTo(200);
		assertThat(preflight.getHeader("Access-Control-Allow-Origin")).isEqualTo(FRIEND);
		assertThat(preflight.getHeader("Access-Control-Allow-Credentials")).isEqualTo("true");
		assertThat(preflight.getHeader("Access-Control-Allow-Headers")).isEqualTo("X-CSRF-TOKEN");
		assertThat(foreign.getStatus()).isEqualTo(403);
		assertThat(foreign.getHeader("Access-Control-Allow-Origin")).isNull();
		assertThat(foreign.getContentAsString()).startsWith("{\"error\":\"origin-not-allowed\",");
		assertThat(this.links.refusals()).containsEntry(Refused.ORIGIN, 1L);
	}

	@Test
	void aPageOfAnAllowedOriginCanReadWhyItsRequestIsRefused() throws Exception {
		start(new OperatorSettings("operator", "secret", "observer", null));
		MockHttpServletRequest request = new MockHttpServletRequest("POST", "/login");
		request.addHeader("Origin", FRIEND);

		MockHttpServletResponse response = send(request);

		assertThat(response.getStatus()).isEqualTo(403);
		assertThat(response.getContentAsString()).contains("csrf-token-invalid");
		assertThat(response.getHeader("Access-Control-Allow-Origin")).isEqualTo(FRIEND);
		assertThat(response.getHeader("Access-Control-Expose-Headers")).isEqualTo("Retry-After");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/operator/links", "/", "/greeting" })
	void nothingElseIsForPagesOfOtherOrigins(String path) throws Exception {
		start(new OperatorSettings("operator", "secret", "observer", null));
		MockHttpServletRequest request = new MockHttpServletRequest("GET", path);
		request.addHeader("Origin", FRIEND);

		assertThat(send(request).getHeader("Access-Control-Allow-Origin")).isNull();
	}

	private MockHttpServletResponse preflight(String path, String method, String origin) throws Exception {
		MockHttpServletRequest request = new MockHttpServletRequest("OPTIONS", path);
		request.addHeader("Origin", origin);
		request.addHeader("Access-Control-Request-Method", method);
		request.addHeader("Access-Control-Request-Headers", "X-CSRF-TOKEN");
		return send(request);
	}

	private void start(OperatorSettings operator, Class<?>... others) {
		this.context = new AnnotationConfigWebApplicationContext();
		this.context.setServletContext(this.servletContext);
		this.context.addBeanFactoryPostProcessor((beans) -> {
			beans.registerSingleton("operatorSettings", operator);
			beans.registerSingleton("loginTries", new LoginTries(this.clock, this.refused::incrementAndGet));
			beans.registerSingleton("links", this.links);
			beans.registerSingleton("sessionLinks",
					new SessionLinks(this.links, new StoreSettings(null, List.of()), this.servletContext));
			beans.registerSingleton("elsewhere", Elsewhere.NOTHING);
			beans.registerSingleton("drain", new FakeDrain(this.links));
			beans.registerSingleton("sessionApiSettings", new SessionApiSettings(false, List.of(FRIEND)));
			beans.registerSingleton("auditSettings", AuditSettings.ALL);
			beans.registerSingleton("closeLogSettings", new CloseLogSettings(CloseLogSettings.Format.OFF, false));
		});
		this.context.register(SecurityConfig.class, SessionApi.class, WatchConfig.class);
		if (others.length > 0) {
			this.context.register(others);
		}
		this.context.refresh();
	}

	private MockHttpServletResponse operatorsArea() throws Exception {
		MockHttpServletRequest request = new MockHttpServletRequest("GET", "/operator/links");
		if (this.session != null) {
			request.setSession(this.session);
		}
		return send(request);
	}

	private MockHttpServletResponse login(String body) throws Exception {
		MockHttpServletRequest request = withToken("/login");
		request.setContentType("application/json");
		request.setContent((body != null) ? body.getBytes() : new byte[0]);
		return send(request);
	}

	private MockHttpServletRequest withToken(String path) throws Exception {
		JsonNode token = token();
		MockHttpServletRequest request = new MockHttpServletRequest(this.servletContext, "POST", path);
		request.setSession(this.session);
		request.setRequestedSessionIdValid(true);
		request.addHeader(token.path("headerName").stringValue(), token.path("token").stringValue());
		return request;
	}

	private JsonNode token() throws Exception {
		MockHttpServletRequest request = new MockHttpServletRequest("GET", "/csrf");
		if (this.session != null) {
			request.setSession(this.session);
		}
		send(request);
		LoginController.CsrfView view = new LoginController()
			.token((CsrfToken) request.getAttribute(CsrfToken.class.getName()));
		this.session = request.getSession(false);
		return new JsonMapper().valueToTree(view);
	}

	private MockHttpServletResponse send(MockHttpServletRequest request) throws Exception {
		MockHttpServletResponse response = new MockHttpServletResponse();
		Filter security = this.context.getBean("springSecurityFilterChain", Filter.class);
		security.doFilter(request, response, new MockFilterChain());
		return response;
	}

	@Configuration
	static class BrokenAccounts {

		@Bean
		UserDetailsService accounts() {
			return (name) -> {
				throw new IllegalStateException("no database");
			};
		}

	}

	@Configuration
	static class Accounts {

		@Bean
		UserDetailsService accounts() {
			return new InMemoryUserDetailsManager(
					User.withUsername("guest").password("{noop}guest").roles("GUEST").build(),
					User.withUsername("chief").password("{noop}chief").roles("OPERATOR").build());
		}

	}

}
