package org.sessionlink.journey;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * B37 where people are at different nodes, with a broker in memory and with one of all.
 */
@OnNodes
@Execution(ExecutionMode.CONCURRENT)
class NodesPresenceIT {

	private static final Map<String, String> OLGA = Map.of("Customer", "olga", "Role", "OPERATOR");

	private static final List<String> SHOPS = List.of(Nodes.SHOP, Nodes.RELAYED);

	private final Nodes nodes;

	NodesPresenceIT(Nodes nodes) {
		this.nodes = nodes;
	}

	private Roamer somebody(String shop, String name) {
		Roamer roamer = this.nodes.roamer(shop);
		roamer.first().get("/be?name=" + name);
		return roamer;
	}

	@Test
	void peopleAtDifferentNodesSeeEachOtherAndOneWhoComesLateSeesBoth() {
		for (String shop : SHOPS) {
			Attended ada = Attended.at("/topic/room.two", somebody(shop, "ada").first());

			Attended bob = Attended.at("/topic/room.two", somebody(shop, "bob").last());

			ada.hearsOfJoin("bob");
			bob.sees("ada", "bob");
			Attended.at("/topic/room.two", somebody(shop, "eve").last());
			ada.hearsOfJoin("eve");
			bob.hearsOfJoin("eve");
		}
	}

	@Test
	void whoReloadsAndComesToAnotherNodeHasNeverLeftAndWhoDoesNotComeBackHas() {
		Roamer ada = somebody(Nodes.SHOP, "ada");
		Attended watching = Attended.at("/topic/room.reload", somebody(Nodes.SHOP, "bob").last());
		Attended adas = Attended.at("/topic/room.reload", ada.first());
		watching.hearsOfJoin("ada");
		Attended eves = Attended.at("/topic/room.reload", somebody(Nodes.SHOP, "eve").first());
		watching.hearsOfJoin("eve");

		adas.socket.drop();
		Attended.at("/topic/room.reload", ada.last());
		eves.socket.drop();

		// Whose time ends after hers.
		watching.hearsOfLeave("eve");
		Attended.at("/topic/room.reload", somebody(Nodes.SHOP, "dan").first());
		watching.hearsOfJoin("dan");
	}

	@Test
	void aLogoutAtOneNodeMakesAVisitorOfWhoIsAtAnotherAndTheEndIsALeave() {
		Roamer ada = somebody(Nodes.SHOP, "ada");
		Attended watching = Attended.at("/topic/room.logout", somebody(Nodes.SHOP, "bob").last());
		Attended.at("/topic/room.logout", ada.first());
		watching.hearsOfJoin("ada");

		ada.last().get("/forget");

		String news = watching.news();
		String both = news.contains("\"user\":null") && news.contains("\"ada\"") ? news : news + watching.news();
		assertThat(both).contains("\"left\":[{\"user\":\"ada\"", "\"joined\":[{\"user\":null");
		ada.last().get("/end");
		assertThat(watching.news()).contains("\"left\":[{\"user\":null");
	}

	@Test
	void operatorsSeeThoseOfAllNodesWithTheNodeAtAnyOfThem() {
		Roamer ada = somebody(Nodes.SHOP, "ada-of-all");
		ada.everywhere().forEach((visitor) -> Attended.at("/topic/room.operator", visitor));

		for (Visitor visitor : new Roamer(this.nodes, Nodes.SHOP).everywhere()) {
			await().untilAsserted(() -> {
				String seen = visitor.request("GET", "/operator/presence?destination=/topic/room.operator", OLGA)
					.body();
				assertThat(seen).doesNotContain("silentNodes")
					.containsOnlyOnce("\"user\":\"ada-of-all\"")
					.containsPattern("\"sockets\":\\[(\"[^\"]+\",?){" + this.nodes.size() + "}]")
					.containsPattern("\"nodes\":\\[(\"[^\"]+:/shop~[0-9a-f]{4}\",?){" + this.nodes.size() + "}]");
				assertThat(visitor.request("GET", "/operator/presence?user=ada-of-all", OLGA).body()).isEqualTo(seen);
			});
		}
	}

}
