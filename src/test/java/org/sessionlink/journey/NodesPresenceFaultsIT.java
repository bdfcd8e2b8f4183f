package org.sessionlink.journey;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B37 while a node or the Redis is killed or stands still: nobody leaves wrongly. */
@OnFaultyNodes
@InPhase(Phase.TIME)
class NodesPresenceFaultsIT {

	/** Until a node counts as gone. */
	private static final Duration SILENCE = Duration.ofSeconds(15);

	private static final Duration GRACE = Duration.ofSeconds(5);

	private final Nodes nodes;

	NodesPresenceFaultsIT(Nodes nodes) {
		this.nodes = nodes;
	}

	/** Waits until all is well again, for whoever is next. */
	@AfterEach
	void awaitReadiness() {
		this.nodes.awaitReadiness();
	}

	private void awaitConcern() {
		await().untilAsserted(() -> assertThat(IntStream.range(0, this.nodes.size()).boxed())
			.extracting((node) -> this.nodes.health(Nodes.RELAYED, node))
			.allSatisfy((health) -> assertThat(health).contains("store")));
	}

	private Roamer somebody(String name) {
		Roamer roamer = this.nodes.roamer(Nodes.RELAYED);
		roamer.last().get("/be?name=" + name);
		return roamer;
	}

	@Test
	void whoWasAtANodeThatIsKilledHasLeftOnceThatCountsAsGoneUnlessBackAtAnother() throws IOException {
		Roamer ada = somebody("ada");
		Attended watching = Attended.at("/topic/room.kill", somebody("bob").last());
		Attended.at("/topic/room.kill", ada.first());
		watching.hearsOfJoin("ada");
		Attended.at("/topic/room.kill", somebody("eve").first());
		watching.hearsOfJoin("eve");

		long start = System.nanoTime();
		this.nodes.container(0).kill();
		try {
			Attended.at("/topic/room.kill", ada.last());
			watching.hearsOfLeave("eve");

			assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(SILENCE.plus(GRACE).minusSeconds(2));
		}
		finally {
			this.nodes.container(0).start();
		}
		this.nodes.awaitReadiness();
		Attended.at("/topic/room.kill", somebody("dan").first());
		watching.hearsOfJoin("dan");
	}

	@Test
	void whileTheRedisIsAwayOrStandsStillNobodyLeavesAndAfterItNewsGoOn() {
		Attended watching = Attended.at("/topic/room.away", somebody("bob").last());
		Attended adas = Attended.at("/topic/room.away", somebody("ada").first());
		watching.hearsOfJoin("ada");

		this.nodes.redis().freeze();
		try {
			awaitConcern();
			// So long that each node finds all others silent afterwards.
			await().during(SILENCE).atMost(SILENCE.multipliedBy(3)).until(() -> adas.socket.isOpen());
		}
		finally {
			this.nodes.redis().thaw();
		}
		this.nodes.awaitReadiness();
		Attended.at("/topic/room.away", somebody("dan").first());
		watching.hearsOfJoin("dan");

		this.nodes.redis().kill();
		try {
			awaitConcern();
		}
		finally {
			this.nodes.redis().start();
		}
		this.nodes.awaitReadiness();
		Attended.at("/topic/room.away", somebody("eve").first());
		watching.hearsOfJoin("eve");
	}

	@Test
	void whoIsThereByANodeThatStandsStillIsShownToOperatorsWithTheNameOfThatNode() {
		Attended watching = Attended.at("/topic/room.still", somebody("ada").first());
		Attended.at("/topic/room.still", somebody("bob").last());
		watching.hearsOfJoin("bob");
		Visitor operator = this.nodes.roamer(Nodes.RELAYED).first();
		String before = presence(operator);
		assertThat(before).contains("\"user\":\"bob\"").doesNotContain("silentNodes");

		this.nodes.container(this.nodes.last()).jvm().freeze();
		String meanwhile;
		try {
			meanwhile = presence(operator);
		}
		finally {
			this.nodes.container(this.nodes.last()).jvm().thaw();
		}

		String bobs = before.replaceAll(".*\"user\":\"bob\".*\"nodes\":\\[(\"[^\"]+\")].*", "$1");
		assertThat(meanwhile).contains("\"user\":\"bob\"").endsWith("\"silentNodes\":[" + bobs + "]}");
		await().untilAsserted(() -> assertThat(presence(operator)).doesNotContain("silentNodes"));
		Attended.at("/topic/room.still", somebody("dan").last());
		watching.hearsOfJoin("dan");
	}

	private static String presence(Visitor operator) {
		return operator
			.request("GET", "/operator/presence?destination=/topic/room.still",
					Map.of("Customer", "olga", "Role", "OPERATOR"))
			.body();
	}

}
