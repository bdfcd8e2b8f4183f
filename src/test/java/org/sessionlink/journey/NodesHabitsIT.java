package org.sessionlink.journey;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B25 and B42 where several nodes share the sessions, and B22 where a session ends. */
@OnNodes
@Execution(ExecutionMode.CONCURRENT)
class NodesHabitsIT {

	private final Nodes nodes;

	NodesHabitsIT(Nodes nodes) {
		this.nodes = nodes;
	}

	@ParameterizedTest
	@ValueSource(strings = { "migrate", "clear", "scribble" })
	void whateverAnApplicationDoesToItsAttributesTheSessionWorksAtEachNode(String habit) {
		Roamer visitor = this.nodes.roamer(Nodes.SHOP);
		visitor.first().get("/colour?value=green");

		int status = visitor.first().get("/habits/" + habit).statusCode();

		assertThat(status).isEqualTo(200);
		String link = visitor.last().get("/link").body();
		assertThat(visitor.everywhere()).extracting((each) -> each.get("/link").body()).containsOnly(link);
		Socket socket = visitor.last().connect();
		visitor.first().get("/end");
		assertThat(socket.awaitEnd()).isEqualTo("1008 session-ended");
	}

	@Test
	void whatARequestChangesAfterItsThreadHasGoneIsKept() {
		Roamer visitor = this.nodes.roamer(Nodes.SHOP);
		visitor.first().get("/colour?value=green");
		CompletableFuture<Integer> late = CompletableFuture
			.supplyAsync(() -> visitor.first().get("/habits/late").statusCode());

		visitor.first().get("/habits/tell?value=apples");

		assertThat(late.join()).isEqualTo(200);
		await().untilAsserted(() -> assertThat(visitor.last().get("/cart").body()).isEqualTo("apples"));
	}

	@Test
	void theSessionCookieIsAsTheDeployerWantsIt() {
		Roamer visitor = this.nodes.roamer(Nodes.COOKIE);

		HttpResponse<String> answer = visitor.first().get("/colour?value=green");
		HttpResponse<String> next = visitor.last().get("/colour?value=blue");

		List<String> cookies = answer.headers().allValues("Set-Cookie");
		assertThat(cookies).singleElement()
			.asString()
			.startsWith("SID=")
			.containsPattern("(?i); ?path=/(;|$)")
			.containsPattern("(?i); ?max-age=3600")
			.containsPattern("(?i); ?samesite=strict");
		assertThat(next.headers().allValues("Set-Cookie")).isEmpty();
	}

}
