package org.sessionlink.journey;

import java.net.http.HttpResponse;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.sessionlink.journey.shop.Shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B37: who is here, without flicker when a page reloads. */
@OnEveryContainer
class PresenceIT {

	private static final Map<String, String> OLGA = Map.of("Customer", "olga", "Role", "OPERATOR");

	private static final String PRESENCE = "sessionlink.destinations.presence=/topic/room/*\n"
			+ "sessionlink.destinations.subscribe=/topic/room/staff=STAFF, /topic/**, /queue/**, /user/queue/**\n";

	private final Container container;

	PresenceIT(Container container) {
		this.container = container;
	}

	// Where nobody leaves by time alone, who leaves has another reason.
	@BeforeAll
	static void deploy() {
		SharedContainers.deploy(PresenceIT.class, Map.of("present-long",
				War.embedding(Shop.class.getPackage(), PRESENCE + "sessionlink.presence-grace=1h"), "present-briefly",
				War.embedding(Shop.class.getPackage(), PRESENCE + "sessionlink.presence-grace=1s")));
	}

	@Test
	void twoPeopleSeeEachOtherAndOneWhoComesLateSeesBoth() {
		Guest ada = new Guest("present-long", "ada").watching("/topic/room/two");
		assertThat(ada.news().body()).matches("\\{\"present\":\\[" + seen("ada") + "],\"more\":0}");
		Guest bob = new Guest("present-long", "bob").watching("/topic/room/two");
		assertThat(ada.news().body()).matches("\\{\"joined\":\\[" + seen("bob") + "],\"left\":\\[],\"more\":0}");
		assertThat(bob.news().body()).matches("\\{\"present\":\\[" + seen("ada") + "," + seen("bob") + "],\"more\":0}");

		Guest late = new Guest("present-long", null).watching("/topic/room/two");

		assertThat(late.news().body()).contains("\"ada\"", "\"bob\"", "\"user\":null");
		ada.get("/publish?destination=/topic/room/two&text=hello");
		assertThat(late.socket.awaitMessage("room").body()).isEqualTo("hello");
	}

	@Test
	void whoReloadsOrIsCutOffAndComesBackHasNeverLeft() {
		Guest ada = new Guest("present-long", "ada").watching("/topic/room/reload");
		ada.news();
		Guest bob = new Guest("present-long", "bob").watching("/topic/room/reload");
		ada.news();

		bob.socket.close();
		Guest reloaded = bob.again().watching("/topic/room/reload");
		reloaded.news();
		reloaded.socket.drop();
		bob.again().watching("/topic/room/reload").news();
		new Guest("present-long", "eve").watching("/topic/room/reload");

		assertThat(ada.news().body()).matches("\\{\"joined\":\\[" + seen("eve") + "],\"left\":\\[],\"more\":0}");
	}

	@Test
	void whoDoesNotComeBackHasLeft() {
		Guest ada = new Guest("present-briefly", "ada").watching("/topic/room/cut");
		ada.news();
		Guest bob = new Guest("present-briefly", "bob").watching("/topic/room/cut");
		ada.news();

		bob.socket.drop();

		assertThat(ada.news().body()).matches("\\{\"joined\":\\[],\"left\":\\[" + seen("bob") + "],\"more\":0}");
	}

	@Test
	void whoseSessionEndsHasLeftAtOnce() {
		Guest ada = new Guest("present-long", "ada").watching("/topic/room/end");
		ada.news();
		Guest bob = new Guest("present-long", "bob").watching("/topic/room/end");
		ada.news();

		bob.get("/end");

		assertThat(ada.news().body()).contains("\"joined\":[]").contains("\"left\":[{\"user\":\"bob\"");
	}

	@Test
	void whoLogsOutInTheSameSessionIsAVisitorFromThenOn() {
		Guest ada = new Guest("present-long", "ada").watching("/topic/room/logout");
		ada.news();
		Visitor visitor = new Visitor(this.container, "present-long");
		visitor.get("/be?name=bob");
		Guest bob = new Guest(Map.of(), visitor).watching("/topic/room/logout");
		assertThat(ada.news().body()).contains("\"bob\"");

		visitor.get("/forget");

		String news = ada.news().body();
		String both = news.contains("\"user\":null") ? news : news + ada.news().body();
		assertThat(both).contains("\"left\":[{\"user\":\"bob\"", "\"joined\":[{\"user\":null");
		bob.socket.assertOpen();
	}

	@Test
	void whoseSubscriptionIsRevokedHasLeftAndHearsNothingMore() {
		Guest ada = new Guest("present-long", "ada").watching("/topic/room/revoked");
		ada.news();
		Guest bob = new Guest("present-long", "bob").watching("/topic/room/revoked");
		ada.news();
		bob.news();
		Visitor operator = new Visitor(this.container, "present-long");
		String present = operator.request("GET", "/operator/presence?destination=/topic/room/revoked", OLGA).body();
		String bobs = present.replaceAll(".*\"user\":\"bob\",[^}]*\"sockets\":\\[\"([^\"]+)\"].*", "$1");

		HttpResponse<String> answer = operator.request("DELETE", "/operator/subscriptions?socket=" + bobs + "&id=room",
				OLGA);

		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		assertThat(ada.news().body()).contains("\"left\":[{\"user\":\"bob\"");
		new Guest("present-long", "eve").watching("/topic/room/revoked").news();
		assertThat(ada.news().body()).contains("\"joined\":[{\"user\":\"eve\"");
		bob.socket.subscribe("end", "/user/queue/session");
		bob.socket.awaitMessage("end");
		assertThat(bob.socket.rest()).isEmpty();
	}

	@Test
	void onlyWhoMaySubscribeSeesWhoIsThere() {
		Guest bob = new Guest("present-long", "bob").watching("/topic/room/staff").watching("/topic/room/open");

		assertThat(bob.news().headers()).containsEntry("destination", "/topic/room/open");
		assertThat(new Visitor(this.container, "present-long")
			.request("GET", "/operator/presence?destination=/topic/room/open", Map.of("Customer", "bob"))
			.statusCode()).isEqualTo(403);
	}

	@Test
	void onceAllHaveGoneNothingIsKept() {
		Guest ada = new Guest("present-briefly", "ada").watching("/topic/room/last");
		ada.news();
		Visitor operator = new Visitor(this.container, "present-briefly");
		String query = "/operator/presence?destination=/topic/room/last";
		assertThat(operator.request("GET", query, OLGA).body()).contains("\"ada\"");

		ada.socket.drop();

		await().until(() -> operator.request("GET", query, OLGA).body().equals("{\"present\":[]}"));
	}

	private static String seen(String user) {
		return "\\{\"user\":\"" + user + "\",\"id\":\"[0-9a-f]{16}\"}";
	}

	private final class Guest {

		private final Map<String, String> customer;

		private final Visitor visitor;

		private final Socket socket;

		Guest(String context, String name) {
			this((name != null) ? Map.of("Customer", name) : Map.of(), new Visitor(PresenceIT.this.container, context));
		}

		private Guest(Map<String, String> customer, Visitor visitor) {
			this.customer = customer;
			this.visitor = visitor;
			this.socket = visitor.open(customer, "v12.stomp").connect();
		}

		/** Comes back in another tab of the same session. */
		Guest again() {
			return new Guest(this.customer, this.visitor);
		}

		Guest watching(String destination) {
			String id = destination.endsWith("staff") ? "staff" : "room";
			this.socket.send("SUBSCRIBE\nid:" + id + "\ndestination:" + destination + "\npresence:on\n\n\0");
			return this;
		}

		/** Returns the next news of who is there. */
		Frame news() {
			Frame frame = this.socket.awaitMessage("room");
			assertThat(frame.header("presence")).isIn("here", "changed");
			return frame;
		}

		HttpResponse<String> get(String path) {
			return this.visitor.request("GET", path, this.customer);
		}

	}

}
