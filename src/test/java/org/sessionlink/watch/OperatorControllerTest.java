package org.sessionlink.watch;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Seen;
import org.sessionlink.link.Link;

import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.util.UriUtils;

import static org.assertj.core.api.Assertions.assertThat;

class OperatorControllerTest {

	private static final String FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";

	private final Town town = new Town();

	private final MockMvcTester http = MockMvcTester.create(MockMvcBuilders
		.standaloneSetup(new OperatorController(this.town.operators, new LinkPages(this.town.links, this.town.servers),
				this.town.servers, this.town.operations, this.town.audit, this.town.presence))
		.build());

	@ParameterizedTest
	@CsvSource({ "GET, /operator/links", "GET, /operator/links?page=x", "GET, /operator/links/00000000",
			"GET, /operator/audit", "GET, /operator/presence?destination=/topic/a", "GET, /operator/presence?user=ada",
			"DELETE, /operator/links?reason=x", "DELETE, /operator/links/00000000", "DELETE, /operator/sockets/desk-1",
			"DELETE, /operator/user-links?user=ada", "DELETE, /operator/user-links",
			"DELETE, /operator/subscriptions?socket=desk-1&id=1" })
	void whoIsNoOperatorIsRefused(String method, String path) {
		MvcTestResult anonymous = this.http.method(HttpMethod.valueOf(method)).uri(path).exchange();
		MvcTestResult customer = this.http.method(HttpMethod.valueOf(method))
			.uri(path)
			.principal(() -> "ada")
			.with((request) -> {
				request.addUserRole("CUSTOMER");
				return request;
			})
			.exchange();

		assertThat(anonymous).hasStatus(403).hasContentType(MediaType.APPLICATION_JSON);
		assertThat(customer).hasStatus(403);
		assertThat(customer).bodyText().startsWith("{\"error\":\"operators-only\",\"message\":\"");
		assertThat(this.town.deskOne.ends).isEmpty();
		assertThat(this.town.links.open()).hasSize(4);
	}

	@Test
	void aLinkIsShownWithWhatIsKnownOfItAndNoSecret() {
		this.town.socket("desk-3", this.town.desk, "192.0.2.1");
		this.town.deskOne.socketLink().subscriptions().add("1", "/topic/news", 0);
		this.town.deskOne.traffic().received(2, 30);
		this.town.deskTwo.traffic().sent(4, 500);
		this.town.desk.requestBegins("request");
		this.town.desk.requestEnds("request");
		this.town.desk.ownership().seen(new Seen("192.0.2.1", FIREFOX, null));

		MvcTestResult page = get("/operator/links?q=" + this.town.desk.fingerprint());

		assertThat(page).hasStatusOk();
		assertThat(page).bodyText()
			.matches("\\{\"links\":\\[\\{\"link\":\"" + this.town.desk.fingerprint() + "\",\"principal\":\"ada\","
					+ "\"roles\":\\[\"ADMIN\",\"STAFF\"],\"createdAt\":\"19[^\"]*Z\",\"lastActivity\":\"19[^\"]*Z\","
					+ "\"lastRequest\":\"19[^\"]*Z\",\"lastFrame\":\"19[^\"]*Z\",\"remainingSeconds\":1800,"
					+ "\"sockets\":3,\"subscriptions\":1,\"remoteAddress\":\"192.0.2.1\","
					+ "\"browser\":\"Firefox 133 on Linux\",\"framesIn\":2,\"bytesIn\":30,\"framesOut\":4,"
					+ "\"bytesOut\":500}],\"page\":0,\"pageSize\":50,\"total\":1}");
		assertThat(page).bodyText().doesNotContain("id of desk", "\"desk\"");
	}

	@Test
	void whoIsAtADestinationAndWhereAUserIsIsShownWithLinksAndSockets() {
		this.town.enter(this.town.deskOne, "/topic/a");
		this.town.enter(this.town.bobOne, "/topic/a");
		this.town.enter(this.town.phoneOne, "/topic/b");

		MvcTestResult there = get("/operator/presence?destination=/topic/a");
		MvcTestResult ada = get("/operator/presence?user=ada");

		assertThat(there).hasStatusOk();
		assertThat(there).bodyText()
			.matches(
					"\\{\"present\":\\[\\{\"destination\":\"/topic/a\",\"user\":\"ada\",\"id\":\"[0-9a-f]{16}\",\"link\":\""
							+ this.town.desk.fingerprint() + "\",\"sockets\":\\[\"desk-1\"]},\\{.*\"user\":\"bob\".*]}")
			.doesNotContain("id of desk");
		assertThat(ada).bodyText().contains("/topic/a", "/topic/b").doesNotContain("bob");
		assertThat(get("/operator/presence?destination=/topic/none")).bodyText().isEqualTo("{\"present\":[]}");
		assertThat(get("/operator/presence")).hasStatus(400);
	}

	@Test
	void linksAreFoundByFingerprintAndByUser() {
		assertFound("q=" + this.town.bob.fingerprint().substring(0, 6), this.town.bob);
		assertFound("q=ADA", this.town.phone, this.town.desk);
		assertFound("q=bob", this.town.bob);
		assertFound("q=nobody");
	}

	@Test
	void linksAreSorted() {
		this.town.desk.active();

		assertFound("", this.town.desk, this.town.stranger, this.town.bob, this.town.phone);
		assertFound("sort=lastActivity", this.town.desk, this.town.stranger, this.town.bob, this.town.phone);
		assertFound("sort=createdAt", this.town.stranger, this.town.bob, this.town.phone, this.town.desk);
		assertFound("sort=sockets&q=ada", this.town.desk, this.town.phone);
		assertThat(get("/operator/links?sort=principal")).bodyText()
			.containsSubsequence("\"ada\"", "\"ada\"", "\"bob\"", "\"principal\":null");
	}

	@Test
	void linksAreSortedInEitherDirectionAndThoseOfNobodyComeLast() {
		this.town.socket("desk-3", this.town.desk, "192.0.2.1");

		assertFound("sort=createdAt&dir=asc", this.town.desk, this.town.phone, this.town.bob, this.town.stranger);
		assertFound("sort=sockets&dir=desc&q=ada", this.town.desk, this.town.phone);
		assertFound("sort=sockets&dir=asc&q=ada", this.town.phone, this.town.desk);
		assertThat(get("/operator/links?sort=principal&dir=desc")).bodyText()
			.containsSubsequence("\"bob\"", "\"ada\"", "\"ada\"", "\"principal\":null");
		assertFound("sort=remoteAddress&q=ada", this.town.desk, this.town.phone);
		assertFound("sort=remoteAddress&dir=desc&q=ada", this.town.desk, this.town.phone);
		assertThat(get("/operator/links?dir=up")).hasStatus(400).bodyText().contains("\"invalid-dir\"");
	}

	@Test
	void anObserverSeesAllAndEndsNothing() {
		assertThat(observed("GET", "/operator/links")).hasStatusOk();
		assertThat(observed("GET", "/operator/audit")).hasStatusOk();

		for (String path : List.of("/operator/links?reason=x", "/operator/links/" + this.town.bob.fingerprint(),
				"/operator/sockets/desk-1", "/operator/user-links?user=ada",
				"/operator/subscriptions?socket=desk-1&id=1")) {
			assertThat(observed("DELETE", path)).as(path)
				.hasStatus(403)
				.bodyText()
				.startsWith("{\"error\":\"operators-only\"");
		}

		assertThat(this.town.links.open()).hasSize(4);
		assertThat(this.town.deskOne.ends).isEmpty();
	}

	@Test
	void whatHasBecomeOfSomebodyIsFoundByPartOfTheNameOrTheStartOfTheFingerprint() {
		String bob = this.town.bob.fingerprint();
		this.town.operations.endLink(bob, "olga", "shared");
		this.town.operations.endLink(this.town.phone.fingerprint(), "olga", "lost");

		assertThat(get("/operator/audit?q=BO&action=end-link,link-ended")).bodyText()
			.contains("\"shared\"", "\"session-kicked\"")
			.doesNotContain("\"lost\"");
		assertThat(get("/operator/audit?q=" + bob.substring(0, 6) + "&action=end-link")).bodyText()
			.contains("\"shared\"")
			.doesNotContain("\"lost\"", "LINK_ENDED");
		assertThat(get("/operator/audit?action=end-link&limit=1")).bodyText()
			.contains("\"lost\"")
			.doesNotContain("\"shared\"");
		assertThat(get("/operator/audit?action=nonsense")).hasStatus(400);
	}

	@Test
	void whoLooksIsNotActive() {
		get("/operator/links");
		observed("DELETE", "/operator/sockets/desk-1");

		assertThat(this.town.looks).containsExactly("/operator/links");
	}

	private MvcTestResult observed(String method, String path) {
		return this.http.method(HttpMethod.valueOf(method))
			.uri(URI.create(path))
			.principal(() -> "otto")
			.with((request) -> {
				request.addUserRole("OBSERVER");
				return request;
			})
			.exchange();
	}

	@Test
	void aPageHasFifty() {
		IntStream.range(0, 56).forEach((i) -> this.town.link("more " + i, Identity.ANONYMOUS));

		assertThat(get("/operator/links?sort=createdAt")).bodyText()
			.endsWith("\"page\":0,\"pageSize\":50,\"total\":60}")
			.satisfies((body) -> assertThat(body.split("\"link\":")).hasSize(51));
		assertThat(get("/operator/links?sort=createdAt&page=1")).bodyText()
			.satisfies((body) -> assertThat(body.split("\"link\":")).hasSize(11));
		assertThat(get("/operator/links?page=2147483647")).bodyText().startsWith("{\"links\":[],");
	}

	@Test
	void aLinkThatHasEndedIsNotShown() {
		this.town.bob.end(EndCause.ENDED);

		assertFound("q=bob");
		assertThat(get("/operator/links/" + this.town.bob.fingerprint())).hasStatus(404);
	}

	@Test
	void aLinkIsShownWithItsSocketsAndTheirSubscriptions() {
		this.town.deskOne.socketLink().subscriptions().add("2", "/topic/reply", 0);
		this.town.deskOne.socketLink().subscriptions().add("1", "/topic/news", 0);
		this.town.deskTwo.socketLink().connected("1.2");

		this.town.deskTwo.traffic().received(1, 7);
		this.town.deskTwo.waiting = 12;

		MvcTestResult link = get("/operator/links/" + this.town.desk.fingerprint());

		assertThat(link).hasStatusOk();
		assertThat(link).bodyText()
			.startsWith("{\"summary\":{\"link\":\"" + this.town.desk.fingerprint() + "\",")
			.contains("\"sockets\":[{\"socket\":\"desk-1\",\"principal\":\"ada\",\"connected\":false,\"openedAt\":\"19")
			.contains("\"framesIn\":0,\"bytesIn\":0,\"framesOut\":0,\"bytesOut\":0,\"waitingBytes\":0,"
					+ "\"remoteAddress\":null,\"browser\":\"Unknown browser\",\"userAgent\":null,"
					+ "\"subscriptions\":[{\"id\":\"1\",\"destination\":\"/topic/news\"},"
					+ "{\"id\":\"2\",\"destination\":\"/topic/reply\"}]},"
					+ "{\"socket\":\"desk-2\",\"principal\":\"ada\",\"connected\":true,\"openedAt\":\"19")
			.endsWith("\"framesIn\":1,\"bytesIn\":7,\"framesOut\":0,\"bytesOut\":0,\"waitingBytes\":12,"
					+ "\"remoteAddress\":null,\"browser\":\"Unknown browser\",\"userAgent\":null,\"subscriptions\":[]}]}");
	}

	@Test
	void anOperatorEndsWhatIsNamedAndTheTrailSaysWho() {
		this.town.bobOne.socketLink().subscriptions().add("1", "/topic/news", 0);
		String phone = this.town.phone.fingerprint();
		String bob = this.town.bob.fingerprint();

		assertThat(delete("/operator/subscriptions?socket=bob-1&id=1&reason=a")).hasStatusOk()
			.bodyText()
			.isEqualTo("{\"socket\":\"bob-1\",\"subscription\":\"1\",\"destination\":\"/topic/news\"}");
		assertThat(delete("/operator/sockets/bob-1?reason=b")).hasStatusOk()
			.bodyText()
			.isEqualTo("{\"links\":[],\"sockets\":[\"bob-1\"]}");
		assertThat(delete("/operator/links/" + bob)).hasStatusOk()
			.bodyText()
			.isEqualTo("{\"links\":[\"" + bob + "\"],\"sockets\":[\"bob-1\"]}");
		assertThat(delete("/operator/user-links?user=ada&reason=d&keep=" + this.town.desk.fingerprint())).hasStatusOk()
			.bodyText()
			.isEqualTo("{\"links\":[\"" + phone + "\"],\"sockets\":[\"phone-1\"]}");
		assertThat(delete("/operator/user-links?user=ada")).hasStatusOk();

		assertThat(this.town.links.open()).containsExactly(this.town.stranger);
		assertThat(get("/operator/audit")).hasStatusOk()
			.bodyText()
			.containsSubsequence("\"who\":\"olga\",\"action\":\"END_USER\"", "\"reason\":null",
					"\"who\":\"olga\",\"action\":\"END_USER\"", "\"user\":\"ada\"", "\"reason\":\"d\"",
					"\"action\":\"END_LINK\"", "\"action\":\"END_SOCKET\"",
					"\"action\":\"REVOKE\",\"target\":{\"link\":\"" + bob
							+ "\",\"user\":\"bob\",\"socket\":\"bob-1\",\"subscription\":\"1\"},\"reason\":\"a\"");
	}

	@Test
	void whoWasThrownOutIsFoundByTheirNameWithWhoDidItAndWhy() {
		this.town.link("other", Town.person("bob"));
		delete("/operator/links/" + this.town.phone.fingerprint() + "?reason=stolen");
		this.town.bob.end(EndCause.ENDED);
		this.town.clock.pass(Duration.ZERO);

		MvcTestResult ada = get("/operator/audit?user=ada");
		MvcTestResult ended = get("/operator/audit?link=" + this.town.bob.fingerprint() + "&action=link-ended");

		assertThat(ada).bodyText()
			.containsSubsequence("\"who\":\"olga\",\"action\":\"END_LINK\"", "\"user\":\"ada\"",
					"\"reason\":\"stolen\"", "\"who\":null,\"action\":\"LINK_ENDED\"", "\"reason\":\"session-kicked\"",
					"\"action\":\"LINK_OPENED\"")
			.doesNotContain("bob", this.town.bob.fingerprint(), this.town.stranger.fingerprint());
		assertThat(ended).bodyText()
			.matches("\\[\\{\"time\":\"[^\"]*\",\"who\":null,\"action\":\"LINK_ENDED\",\"target\":\\{\"link\":\""
					+ this.town.bob.fingerprint()
					+ "\",\"user\":\"bob\".*\"reason\":\"session-ended\",\"ended\":null}]");
		assertThat(get("/operator/audit?user=nobody")).bodyText().isEqualTo("[]");
		assertThat(get("/operator/audit?action=nonsense")).hasStatus(400)
			.bodyText()
			.startsWith("{\"error\":\"invalid-action\"")
			.contains("link-ended", "socket-closed");
	}

	@Test
	void aUserWhoseNameIsLongerThanEntriesKeepIsFoundAsWell() {
		String name = "x".repeat(199) + "\uD83D\uDE00";
		Link link = this.town.link("long", Town.person(name));
		link.end(EndCause.KICKED);
		this.town.clock.pass(Duration.ZERO);

		assertThat(get("/operator/audit?user=" + name + "&action=link-ended")).hasStatusOk()
			.bodyText()
			.contains("\"link\":\"" + link.fingerprint() + "\"");
	}

	@Test
	void whatSomebodyDidToAllIsFoundWithEachOfThem() {
		delete("/operator/links?reason=keys");
		this.town.clock.pass(Duration.ZERO);

		assertThat(get("/operator/audit?user=bob")).bodyText().contains("END_ALL", "\"reason\":\"keys\"");
		assertThat(get("/operator/audit?link=" + this.town.desk.fingerprint())).bodyText().contains("END_ALL");
	}

	@Test
	void anOperatorEndsAllAtOnceAndSaysWhy() {
		assertThat(delete("/operator/links")).hasStatus(400).bodyText().startsWith("{\"error\":\"missing-reason\"");
		assertThat(delete("/operator/links?reason=")).hasStatus(400)
			.bodyText()
			.startsWith("{\"error\":\"missing-reason\"");
		assertThat(this.town.links.open()).hasSize(4);

		assertThat(delete("/operator/links?reason=keys")).hasStatusOk().bodyText().isEqualTo("{\"links\":4}");

		assertThat(this.town.links.open()).isEmpty();
		assertThat(get("/operator/audit")).bodyText()
			.contains("\"action\":\"END_ALL\"", "\"reason\":\"keys\",\"ended\":4");
	}

	@ParameterizedTest
	@CsvSource({ "/operator/links/00000000, unknown-link", "/operator/sockets/none, unknown-socket",
			"/operator/user-links?user=none, unknown-user", "/operator/user-links?user=ada&keep=, unknown-keep",
			"/operator/subscriptions?socket=desk-1&id=none, unknown-subscription" })
	void whatIsNotThereIsNotFound(String path, String code) {
		MvcTestResult result = delete(path);

		assertThat(result).hasStatus(404);
		assertThat(result).bodyText().startsWith("{\"error\":\"" + code + "\",\"message\":\"");
		assertThat(this.town.links.open()).hasSize(4);
	}

	@Test
	void ofTwoLinksWithOneFingerprintNeitherIsMeant() {
		for (String key : Town.TWINS) {
			this.town.link(key, Identity.ANONYMOUS);
		}

		assertThat(delete("/operator/links/" + Town.SHARED)).hasStatus(409)
			.bodyText()
			.startsWith("{\"error\":\"ambiguous-link\"");
		assertThat(this.town.links.open()).hasSize(6);
	}

	@ParameterizedTest
	@ValueSource(strings = { "page=-1", "page=first", "page=99999999999", "sort=age" })
	void nonsenseIsABadRequest(String query) {
		assertThat(get("/operator/links?" + query)).hasStatus(400)
			.bodyText()
			.startsWith("{\"error\":\"invalid-" + query.replaceAll("=.*", "") + "\",\"message\":\"")
			.doesNotContain("xception", "java", query.replaceAll(".*=", "\""));
	}

	@ParameterizedTest
	@CsvSource({ "user-links, missing-user", "subscriptions?id=1, missing-socket",
			"subscriptions?socket=desk-1, missing-id" })
	void whoDoesNotSayWhichOneIsAskedTo(String path, String code) {
		assertThat(delete("/operator/" + path)).hasStatus(400)
			.bodyText()
			.startsWith("{\"error\":\"" + code + "\",\"message\":\"Say which one: add ")
			.doesNotContain("xception");
		assertThat(this.town.links.open()).hasSize(4);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a/b", "..", "a;b", "%2F", "a b", "ä&=" })
	void whatOthersChooseMayBeAnything(String name) {
		this.town.link("key of " + name, Town.person(name));
		this.town.deskOne.socketLink().subscriptions().add(name, "/topic/news", 0);
		String query = UriUtils.encode(name, StandardCharsets.UTF_8);

		assertThat(delete("/operator/subscriptions?socket=desk-1&id=" + query)).hasStatusOk();
		assertThat(delete("/operator/user-links?user=" + query)).hasStatusOk();

		assertThat(this.town.deskOne.socketLink().subscriptions().all()).isEmpty();
		assertThat(this.town.links.ofUser(name)).isEmpty();
	}

	@Test
	void aReasonThatIsTooLongIsABadRequest() {
		MvcTestResult result = delete("/operator/sockets/desk-1?reason=" + "x".repeat(201));

		assertThat(result).hasStatus(400).bodyText().startsWith("{\"error\":\"invalid-reason\"");
		assertThat(this.town.deskOne.ends).isEmpty();
	}

	private void assertFound(String query, Link... links) {
		String[] fingerprints = new String[links.length];
		for (int i = 0; i < links.length; i++) {
			fingerprints[i] = "\"link\":\"" + links[i].fingerprint();
		}
		MvcTestResult page = get("/operator/links?" + query);
		assertThat(page).bodyText().endsWith("\"total\":" + links.length + "}");
		if (links.length > 0) {
			assertThat(page).bodyText().containsSubsequence(fingerprints);
		}
	}

	private MvcTestResult get(String path) {
		return call(HttpMethod.GET, path);
	}

	private MvcTestResult delete(String path) {
		MvcTestResult result = call(HttpMethod.DELETE, path);
		this.town.clock.pass(Duration.ZERO);
		return result;
	}

	private MvcTestResult call(HttpMethod method, String path) {
		return this.http.method(method).uri(URI.create(path)).principal(() -> "olga").with((request) -> {
			request.addUserRole("OPERATOR");
			return request;
		}).exchange();
	}

}
