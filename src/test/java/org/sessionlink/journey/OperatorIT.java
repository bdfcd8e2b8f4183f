package org.sessionlink.journey;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.journey.shop.Shop;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * B13, B14, B29, and what operators see of B23, in somebody else's WAR that has asked for
 * the operators' API.
 */
@OnEveryContainer
class OperatorIT {

	private static final Set<String> BY_ITSELF = Set.of("LINK_ENDED", "REFUSED");

	private static final Map<String, String> OLGA = Map.of("Customer", "olga", "Role", "OPERATOR");

	private final Container container;

	private final Visitor operator;

	OperatorIT(Container container) {
		this.container = container;
		this.operator = new Visitor(container, "operated");
	}

	@BeforeAll
	static void deploy() {
		SharedContainers.deploy(OperatorIT.class, War.embedding(Shop.class.getPackage(), ""), "operated");
	}

	@Test
	void anOperatorEndsOneTabAndTheOthersStay() {
		Tab one = new Tab("ada").listening("one");
		Tab two = one.another().listening("two");

		HttpResponse<String> answer = delete(
				"/operator/sockets/" + socketWith("one", one.link()) + "?reason=left+open");

		assertThat(answer.statusCode()).isEqualTo(200);
		assertKicked(one);
		assertThat(two.isAlive()).isTrue();
		assertThat(two.link()).isEqualTo(one.link());
		assertAudited("END_SOCKET", one.link(), "left open");
	}

	@Test
	void anOperatorEndsALinkWithAllItsTabsAndItsSession() {
		Tab one = new Tab("ada").listening("one");
		Tab two = one.another().listening("two");
		Tab other = new Tab("ada").listening("other");
		String link = one.link();

		HttpResponse<String> answer = delete("/operator/links/" + link + "?reason=stolen");

		assertThat(answer.statusCode()).isEqualTo(200);
		assertKicked(one);
		assertKicked(two);
		assertThat(other.isAlive()).isTrue();
		assertThat(one.link()).isNotEqualTo(link);
		assertThat(get("/operator/links/" + link).statusCode()).isEqualTo(404);
		assertThat(delete("/operator/links/" + link).body()).startsWith("{\"error\":\"unknown-link\"");
		assertAudited("END_LINK", link, "stolen");
		await().untilAsserted(() -> assertAudited("LINK_ENDED", link, "session-kicked"));
	}

	@Test
	void anOperatorEndsAllLinksOfAUserButOne() {
		Tab kept = new Tab("eve & co").listening("kept");
		Tab gone = new Tab("eve & co").listening("gone");
		Tab other = new Tab("bob").listening("other");
		String link = gone.link();

		HttpResponse<String> answer = delete("/operator/user-links?user=eve+%26+co&keep=" + kept.link());

		assertThat(answer.body()).startsWith("{\"links\":[\"" + link + "\"]");
		assertKicked(gone);
		assertThat(kept.isAlive()).isTrue();
		assertThat(other.isAlive()).isTrue();
	}

	@Test
	void anOperatorEndsAllSessionsAtOnce() {
		Tab one = new Tab("ada").listening("one");
		Tab other = new Tab("bob").listening("other");

		HttpResponse<String> answer = delete("/operator/links?reason=keys+have+leaked");

		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(json(answer).get("links").asInt()).isGreaterThanOrEqualTo(2);
		assertKicked(one);
		assertKicked(other);
		assertThat(json(get("/operator/audit")).findValuesAsString("action")).containsOnlyOnce("END_ALL");
	}

	@Test
	void aCustomerSignsOutEverywhereElseByOneCallInJava() {
		Tab here = new Tab("carol").listening("here");
		Tab there = new Tab("carol").listening("there");
		String link = there.link();

		assertThat(here.get("/only-here").body()).isEqualTo(link);

		assertKicked(there);
		assertThat(here.isAlive()).isTrue();
	}

	@Test
	void aRevokedSubscriptionIsOverItsClientIsToldAndTheOthersGoOn() {
		Tab one = new Tab("ada").subscribed("news", "/queue/news").subscribed("offers", "/queue/offers");
		one.listening("one");
		Tab two = one.another().subscribed("news", "/queue/news").listening("two");

		HttpResponse<String> answer = delete(
				"/operator/subscriptions?socket=" + socketWith("one", one.link()) + "&id=news&reason=not+paid");

		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(one.socket.awaitMessage("one").body()).isEqualTo("{\"event\":\"REVOKED\",\"subscription\":\"news\","
				+ "\"destination\":\"/queue/news\",\"reason\":\"not paid\"}");
		one.get("/publish?destination=/queue/news&text=headline");
		assertThat(two.socket.awaitMessage("news").body()).isEqualTo("headline");
		one.get("/publish?destination=/queue/offers&text=bargain");
		assertThat(one.socket.next().body()).isEqualTo("bargain");
		assertAudited("REVOKE", one.link(), "not paid");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a/b", "..", "a;b", "%2F", "\u00e4&=?#" })
	void aSubscriptionIsRevokedByWhateverIdItsClientChose(String id) {
		Tab tab = new Tab("ada").subscribed(id, "/queue/news").listening("one");

		HttpResponse<String> answer = delete(
				"/operator/subscriptions?socket=" + socketWith("one", tab.link()) + "&id=" + encoded(id));

		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		assertThat(tab.socket.awaitMessage("one").body()).contains("\"REVOKED\"", "\"destination\":\"/queue/news\"");
	}

	@ParameterizedTest
	@ValueSource(strings = { "CORP/ben", "CORP\\bob", "..", "a;b", "%2f" })
	void theLinksOfAUserOfAnyNameAreEnded(String user) {
		Tab tab = new Tab(user).listening("one");

		HttpResponse<String> answer = delete("/operator/user-links?user=" + encoded(user));

		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		assertKicked(tab);
	}

	@Test
	void whatStrangersDoPushesNoOperatorsEntryOut() {
		Tab tab = new Tab("ada").listening("one");
		String link = tab.link();
		delete("/operator/links/" + link + "?reason=kept");

		for (int i = 0; i < 1100; i++) {
			Visitor stranger = new Visitor(this.container, "operated");
			stranger.get("/link");
			stranger.get("/end");
		}

		await().untilAsserted(() -> assertThat(json(get("/operator/audit")).size()).isGreaterThan(1000));
		assertAudited("END_LINK", link, "kept");
	}

	@Test
	void whatHappensIsCountedAndTimedForOperatorsAndObserversAlone() {
		Metrics before = metrics();
		Tab tab = new Tab("ada").listening("one");
		assertThat(new Visitor(this.container, "operated")
			.request("GET", "/greeting", Map.of("Origin", "https://evil.example"))
			.statusCode()).isGreaterThanOrEqualTo(400);
		delete("/operator/links/" + tab.link());
		assertKicked(tab);

		await().untilAsserted(() -> {
			Metrics after = metrics();
			assertThat(List.of("sessionlink_handshake_seconds_count{outcome=\"opened\"}",
					"sessionlink_handshake_seconds_count{outcome=\"refused\"}",
					"sessionlink_frames_total{command=\"CONNECT\",direction=\"in\"}",
					"sessionlink_frames_total{command=\"SUBSCRIBE\",direction=\"in\"}",
					"sessionlink_frames_total{command=\"CONNECTED\",direction=\"out\"}",
					"sessionlink_frames_total{command=\"MESSAGE\",direction=\"out\"}",
					"sessionlink_refused_total{reason=\"not-an-upgrade\"}",
					"sessionlink_ended_total{cause=\"session-kicked\"}",
					"sessionlink_closed_total{cause=\"session-kicked\",code=\"1008\"}",
					"sessionlink_handle_seconds_count", "sessionlink_close_seconds_count"))
				.allSatisfy(
						(series) -> assertThat(after.number(series)).as(series).isGreaterThan(before.number(series)));
		});
		assertThat(
				this.operator.request("GET", "/metrics", Map.of("Customer", "olga", "Role", "OBSERVER")).statusCode())
			.isEqualTo(200);
		assertThat(this.operator.request("GET", "/metrics", Map.of("Customer", "ada")).statusCode()).isEqualTo(403);
		Visitor stranger = new Visitor(this.container, "operated");
		assertThat(stranger.get("/metrics").statusCode()).isEqualTo(401);
		assertThat(stranger.sessionId()).isNull();
	}

	private Metrics metrics() {
		return Metrics.of(get("/metrics").body());
	}

	private static String encoded(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

	@Test
	void theServersJmxShowsEachApplicationAndEndsALink() {
		Tab tab = new Tab("ada").listening("one");

		assertThat(this.operator.get("/jmx").body()).contains("context=\"/operated\"", "context=\"/sessionlink\"");
		assertThat(this.operator.get("/jmx/end?link=" + tab.link()).body()).matches("[1-9]\\d*");

		assertKicked(tab);
	}

	@Test
	void anApplicationThatIsGoneIsInJmxNoMore() {
		this.container.deploy(War.withSettings(""), "passing");
		assertThat(this.operator.get("/jmx").body()).contains("context=\"/passing\"");

		this.container.undeploy("passing");

		await().untilAsserted(() -> assertThat(this.operator.get("/jmx").body()).doesNotContain("/passing"));
	}

	@Test
	void anOperatorFindsLinksByUserAndSeesNoSecret() {
		Tab tab = new Tab("frieda").listening("one");

		JsonNode page = json(get("/operator/links?q=frieda&sort=createdAt"));

		assertThat(page.get("total").intValue()).isOne();
		JsonNode link = page.get("links").get(0);
		assertThat(link.get("link").stringValue()).isEqualTo(tab.link());
		assertThat(link.get("principal").stringValue()).isEqualTo("frieda");
		assertThat(link.get("sockets").intValue()).isOne();
		assertThat(link.get("subscriptions").intValue()).isOne();
		assertThat(page.toString()).doesNotContain(tab.visitor.sessionId().split("\\.")[0]);
	}

	@Test
	void theLogSaysOfEachSocketWhatDecidedThatItCloses() throws Exception {
		Tab loggedOut = new Tab("ada").listening("one");
		loggedOut.get("/end");
		Tab kicked = new Tab("ada").listening("one");
		delete("/operator/links/" + kicked.link());
		Tab saidSo = new Tab("ada").listening("one");
		saidSo.socket.send("DISCONNECT\n\n\0");
		Tab left = new Tab("ada").listening("one");
		left.socket.close();
		Tab liar = new Tab("ada").listening("one");
		liar.socket.close(1011);
		Tab refused = new Tab("ada").listening("one");
		refused.socket.send("NONSENSE\n\n\0");
		Tab closed = new Tab("ada").listening("one");
		closed.socket.send("/app/close", "");
		Tab vanished = new Tab("ada");
		new BareSocket(vanished.visitor.url("/greeting"), vanished.visitor.sessionId()).upgraded()
			.send("CONNECT\naccept-version:1.2\n\n\0")
			.reset();

		assertLogged(loggedOut, "code=1008 cause=session-ended");
		assertLogged(kicked, "code=1008 cause=session-kicked");
		assertThat(this.container.log()).containsPattern("link=" + kicked.link + " .*user=\"ada\" .*agent=\"Java");
		assertLogged(saidSo, "code=1000 cause=client-disconnected");
		assertLogged(left, "code=1000 cause=client-closed");
		assertLogged(liar, "code=1011 cause=client-closed");
		assertLogged(refused, "code=1008 cause=malformed-frame");
		assertLogged(closed, "code=4001 cause=application-closed");
		assertLogged(vanished, "code=1006 cause=connection-lost");
		JsonNode audited = json(get("/operator/audit?action=socket-closed&link=" + kicked.link)).get(0);
		assertThat(audited.get("reason").stringValue()).isEqualTo("session-kicked");
		assertThat(audited.get("code").intValue()).isEqualTo(1008);
		JsonNode subscribed = json(get("/operator/audit?action=subscribed&link=" + left.link)).get(0);
		assertThat(subscribed.get("target").get("destination").stringValue()).isEqualTo("/user/queue/session");
		assertThat(subscribed.get("target").get("user").stringValue()).isEqualTo("ada");
		assertAudited("REFUSED", refused.link, "malformed-frame");
	}

	private void assertLogged(Tab tab, String decided) {
		await().untilAsserted(() -> assertThat(this.container.log().lines().filter((line) -> line.contains(tab.link)))
			.anySatisfy((line) -> assertThat(line).containsPattern("INFO +org.sessionlink.close +event=close " + decided
					+ " link=" + tab.link
					+ " socket=\"[^\"]+\" (?:user=\"ada\" )?age=\\d+\\.\\d{3} silent=\\d+\\.\\d{3} "
					+ "frames_in=[1-9]\\d* frames_out=[1-9]\\d* bytes_in=[1-9]\\d* bytes_out=[1-9]\\d* waiting=\\d+ "
					+ "subscriptions=[01] address=\"127.0.0.1\"")));
	}

	@Test
	void whoIsNoOperatorIsRefused() {
		HttpResponse<String> customer = this.operator.request("DELETE", "/operator/user-links?user=ada",
				Map.of("Customer", "ada"));

		assertThat(this.operator.get("/operator/links").statusCode()).isEqualTo(403);
		assertThat(customer.statusCode()).isEqualTo(403);
		assertThat(customer.body()).startsWith("{\"error\":\"operators-only\"");
	}

	private void assertKicked(Tab tab) {
		assertThat(tab.socket.awaitClose()).extracting(Socket.Close::status, Socket.Close::reason)
			.containsExactly(1008, "session-kicked");
		assertThat(tab.socket.await("ERROR").header("message")).isEqualTo("session-kicked");
	}

	private void assertAudited(String action, String link, String reason) {
		assertThat(json(get("/operator/audit")).valueStream()).anySatisfy((entry) -> {
			assertThat(entry.get("action").stringValue()).isEqualTo(action);
			assertThat(entry.get("target").get("link").stringValue()).isEqualTo(link);
			assertThat(entry.get("reason").stringValue()).isEqualTo(reason);
			assertThat(entry.get("who").stringValue(null)).isEqualTo(BY_ITSELF.contains(action) ? null : "olga");
		});
	}

	private String socketWith(String subscription, String link) {
		JsonNode sockets = json(get("/operator/links/" + link)).get("sockets");
		return StreamSupport.stream(sockets.spliterator(), false)
			.filter((socket) -> socket.get("subscriptions").toString().contains("\"id\":\"" + subscription + "\""))
			.map((socket) -> socket.get("socket").stringValue())
			.findAny()
			.orElseThrow(() -> new AssertionError("No subscription " + subscription + " in " + sockets));
	}

	private static JsonNode json(HttpResponse<String> response) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return JsonMapper.shared().readTree(response.body());
	}

	private HttpResponse<String> get(String path) {
		return this.operator.request("GET", path, OLGA);
	}

	private HttpResponse<String> delete(String path) {
		return this.operator.request("DELETE", path, OLGA);
	}

	/** A browser tab of a customer, who is the same in each of its requests. */
	private final class Tab {

		private final Map<String, String> customer;

		private final Visitor visitor;

		private final Socket socket;

		private final String link;

		Tab(String name) {
			this(Map.of("Customer", name), new Visitor(OperatorIT.this.container, "operated"));
		}

		private Tab(Map<String, String> customer, Visitor visitor) {
			this.customer = customer;
			this.visitor = visitor;
			this.socket = visitor.open(customer, "v12.stomp").connect();
			this.link = link();
		}

		Tab another() {
			return new Tab(this.customer, this.visitor);
		}

		Tab subscribed(String id, String destination) {
			this.socket.subscribe(id, destination);
			return this;
		}

		/** Listens for notices of the session; whatever came before is in force. */
		Tab listening(String id) {
			this.socket.subscribe(id, "/user/queue/session");
			assertThat(this.socket.awaitMessage(id).body()).contains("\"OPEN\"");
			return this;
		}

		/** Returns whether the socket still answers. */
		boolean isAlive() {
			this.socket.subscribe("again", "/user/queue/session");
			return this.socket.awaitMessage("again").body().contains("\"OPEN\"");
		}

		String link() {
			return get("/link").body();
		}

		HttpResponse<String> get(String path) {
			return this.visitor.request("GET", path, this.customer);
		}

	}

}
