package org.sessionlink.watch;

import java.security.Principal;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Link;
import org.sessionlink.link.Seen;
import org.sessionlink.link.SocketLink;
import org.sessionlink.store.SessionLinks;
import org.sessionlink.store.StoreSettings;
import org.sessionlink.watch.AuditEntry.Action;
import org.sessionlink.watch.AuditEntry.Target;

import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.mock.web.MockServletContext;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.config.annotation.DelegatingWebMvcConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

class MySessionsControllerTest {

	private static final Principal ADA = () -> "ada";

	private final Town town = new Town();

	private final MockServletContext servletContext = new MockServletContext();

	private final SessionLinks sessionLinks = new SessionLinks(this.town.links, new StoreSettings(null, List.of()),
			this.servletContext);

	private final AnnotationConfigWebApplicationContext context = context();

	private final MockMvcTester http = MockMvcTester.from(this.context);

	private final MockHttpSession session = new MockHttpSession();

	private final Link current = this.sessionLinks.linkOf(this.session);

	private AnnotationConfigWebApplicationContext context() {
		AnnotationConfigWebApplicationContext made = new AnnotationConfigWebApplicationContext();
		made.setServletContext(this.servletContext);
		made.addBeanFactoryPostProcessor((beans) -> {
			beans.registerSingleton("links", this.town.links);
			beans.registerSingleton("operations", this.town.operations);
			beans.registerSingleton("sessionLinks", this.sessionLinks);
			beans.registerSingleton("settings", new SessionApiSettings(false, List.of()));
			beans.registerSingleton("servers", this.town.servers);
		});
		made.register(DelegatingWebMvcConfiguration.class, SessionApi.class);
		made.refresh();
		return made;
	}

	MySessionsControllerTest() {
		this.current.identify(Town.person("ada"));
	}

	@AfterEach
	void stop() {
		this.context.close();
	}

	@ParameterizedTest
	@CsvSource({ "GET, /session/mine", "DELETE, /session/mine/7152ff1c00000000", "DELETE, /session/mine?keep=this",
			"DELETE, /session/mine" })
	void whoIsNotLoggedInHasNone(String method, String path) {
		Principal nobody = new AnonymousAuthenticationToken("key", "anonymousUser",
				AuthorityUtils.createAuthorityList("ROLE_ANONYMOUS"));

		for (Principal caller : new Principal[] { null, nobody }) {
			assertThat(send(method, path, caller)).hasStatus(401)
				.hasContentType(MediaType.APPLICATION_JSON)
				.hasHeader("Cache-Control", "no-store")

				.bodyText()
				.isEqualTo("{\"error\":\"login-required\",\"message\":\"Log in first: "
						+ "only who is logged in has sessions of their own.\"}");
		}
	}

	@Test
	void aPersonSeesTheirOwnThisOneFirstAndThenTheLatest() {
		this.town.phone.ownership()
			.seen(new Seen("192.0.2.7",
					"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile/15E148 Safari/604.1",
					null));
		this.town.clock.pass(Duration.ofSeconds(1));
		this.town.desk.active();

		MvcTestResult mine = send("GET", "/session/mine", ADA);

		assertThat(mine).hasStatusOk();
		assertThat(mine).bodyText()
			.matches("\\[\\{\"link\":\"" + this.current.fingerprint() + "\",\"current\":true,\"createdAt\":\"[^\"]*Z\","
					+ "\"lastActivity\":\"[^\"]*Z\",\"address\":null,\"browser\":\"Unknown browser\",\"sockets\":0},"
					+ "\\{\"link\":\"" + this.town.desk.fingerprint() + "\",\"current\":false,.*\"sockets\":2},"
					+ "\\{\"link\":\"" + this.town.phone.fingerprint() + "\",\"current\":false,.*"
					+ "\"address\":\"192.0.2.7\",\"browser\":\"Safari 18 on iPhone\",\"sockets\":1}]");
		assertThat(mine).bodyText().doesNotContain("id of", this.current.key());
	}

	@Test
	void aSessionIsNobodysForASocketThatHasLoggedInByItself() {
		SocketLink socketLink = new SocketLink(this.town.stranger);
		socketLink.loggedIn(Town.person("ada"));
		this.town.socket("of ada", socketLink);
		assertThat(this.town.stranger.belongsTo("ada")).isTrue();

		assertThat(send("GET", "/session/mine", ADA)).bodyText().doesNotContain(this.town.stranger.fingerprint());
		assertThat(send("DELETE", "/session/mine?keep=this", ADA)).hasStatusOk();

		assertThat(this.town.stranger.endCause()).isNull();
	}

	@Test
	void aPersonEndsOneOfTheirOwn() {
		String phone = this.town.phone.fingerprint();

		assertThat(send("DELETE", "/session/mine/" + phone, ADA)).hasStatusOk()
			.bodyText()
			.isEqualTo("{\"links\":[\"" + phone + "\"],\"sockets\":[\"phone-1\"]}");

		assertThat(this.town.phone.endCause()).isEqualTo(EndCause.KICKED);
		assertThat(this.town.phoneOne.ends).containsExactly(EndCause.KICKED);
		assertThat(this.town.desk.endCause()).isNull();
		assertAudited(Action.END_LINK, new Target(phone, "ada", null, null));
	}

	@Test
	void thatOfSomebodyElseIsLikeOneThatIsNotThere() {
		MvcTestResult bobs = send("DELETE", "/session/mine/" + this.town.bob.fingerprint(), ADA);
		MvcTestResult nobodys = send("DELETE", "/session/mine/0000000000000000", ADA);

		assertThat(bobs).hasStatus(404).bodyText().startsWith("{\"error\":\"unknown-link\"");
		assertThat(nobodys).hasStatus(404).bodyText().isEqualTo(new String(bobs.getResponse().getContentAsByteArray()));
		assertThat(this.town.bob.endCause()).isNull();
		assertThat(this.town.audit.entries()).extracting(AuditEntry::action).doesNotContain(Action.END_LINK);
	}

	@Test
	void aPersonEndsAllOthersOfTheirOwn() {
		assertThat(send("DELETE", "/session/mine?keep=this", ADA)).hasStatusOk()
			.bodyText()
			.contains(this.town.desk.fingerprint(), this.town.phone.fingerprint(), "desk-1", "desk-2", "phone-1");

		assertThat(this.town.links.open()).containsExactlyInAnyOrder(this.current, this.town.bob, this.town.stranger);
		assertAudited(Action.END_USER, new Target(null, "ada", null, null));
	}

	@Test
	void whereThereAreNoOthersNothingIsWrittenDown() {
		send("DELETE", "/session/mine?keep=this", ADA);

		assertThat(send("DELETE", "/session/mine?keep=this", ADA)).hasStatusOk()
			.bodyText()
			.isEqualTo("{\"links\":[],\"sockets\":[]}");

		assertThat(this.town.audit.entries()).filteredOn((entry) -> entry.action() == Action.END_USER).hasSize(1);
	}

	@Test
	void theOneThatAsksCanBeEndedToo() {
		assertThat(send("DELETE", "/session/mine/" + this.current.fingerprint(), ADA)).hasStatusOk();

		assertThat(this.current.endCause()).isEqualTo(EndCause.KICKED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "?keep=", "?keep=all", "?keep=THIS" })
	void whoDoesNotSayThatThisOneStaysEndsNone(String query) {
		assertThat(send("DELETE", "/session/mine" + query, ADA)).hasStatus(400)
			.bodyText()
			.isEqualTo("{\"error\":\"invalid-keep\","
					+ "\"message\":\"Say that this session stays: add keep=this to the query.\"}");

		assertThat(this.town.links.open()).hasSize(5);
	}

	private MvcTestResult send(String method, String path, Principal caller) {
		return this.http.method(HttpMethod.valueOf(method)).uri(path).session(this.session).with((request) -> {
			request.setUserPrincipal(caller);
			return request;
		}).exchange();
	}

	private void assertAudited(Action action, Target target) {
		assertThat(this.town.audit.entries()).filteredOn((entry) -> entry.action() == action)
			.singleElement()
			.satisfies((entry) -> {
				assertThat(entry.who()).isEqualTo("ada");
				assertThat(entry.target()).isEqualTo(target);
				assertThat(entry.reason()).isNull();
			});
	}

}
