package org.sessionlink.journey;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B25 and B27: what is no valid upgrade, or has closed, takes no room from others. */
@OnQuietContainers
class UpgradeIT {

	private static final String CONTEXT = "upgrades";

	private static final int LINKS = 3;

	private final Container container;

	UpgradeIT(Container container) {
		this.container = container;
	}

	@BeforeParameterizedClassInvocation
	static void deploy(Container container) {
		container.deploy(War.withSettings("sessionlink.limits.links-per-address=" + LINKS), CONTEXT);
	}

	@AfterParameterizedClassInvocation
	static void undeploy(Container container) {
		container.undeploy(CONTEXT);
	}

	@Test
	void aThousandRequestsThatAreNoUpgradeGetNoSessionAndLockNobodyOut() {
		for (int i = 0; i < 250; i++) {
			for (String method : List.of("GET", "HEAD", "OPTIONS", "POST")) {
				HttpResponse<String> answer = new Visitor(this.container, CONTEXT).request(method, "/greeting",
						Map.of("Sec-Fetch-Mode", "no-cors"));

				assertThat(answer.statusCode()).as(method).isBetween(400, 405);
				assertThat(answer.headers().allValues("Set-Cookie")).as(method).isEmpty();
			}
		}

		Socket socket = new Visitor(this.container, CONTEXT).connect();
		assertThat(socket.send("DISCONNECT\n\n\0").awaitClose().status()).isEqualTo(1000);
	}

	@ParameterizedTest
	@CsvSource({ "Sec-WebSocket-Extensions: ;, 400", "Sec-WebSocket-Extensions: permessage-deflate;=, 400",
			"Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==, 400", "Sec-Fetch-Mode: no-cors, 400",
			"Sec-Fetch-Mode: cors, 400" })
	void anUpgradeThatIsNotValidIsToldWhatIsWrongAndGetsNoSession(String header, int status) {
		Handshake handshake = Handshake.at(endpoint(), header);

		assertThat(handshake.status()).isEqualTo(status);
		assertThat(handshake.body()).isNotBlank().doesNotContain("xception", "<");
		assertThat(handshake.header("Set-Cookie")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "Sec-WebSocket-Protocol: ,,", "Sec-WebSocket-Protocol: v12.stomp;=",
			"Sec-WebSocket-Protocol: ", "Sec-WebSocket-Protocol: a b, \"v12.stomp\"", "Sec-WebSocket-Protocol: (",
			"Origin: http://127.0.0.1:99999999", "Cookie: JSESSIONID=%zz; =; ;;", "Cookie: $Version=1; JSESSIONID=\"",
			"Accept-Language: x;q=zz", "Content-Type: nonsense", "Authorization: Basic %%", "X-Forwarded-For: [",
			"X-Forwarded-Port: x", "Forwarded: for=\"[", "Sec-WebSocket-Version: 13", "Sec-Fetch-Site: nonsense",
			"Range: bytes=x" })
	void noHeaderOfAHandshakeMakesItFail(String header) {
		int start = this.container.log().length();

		Handshake handshake = Handshake.at(this.container.url("sessionlink", "/greeting"), header);

		assertThat(handshake.status()).isLessThan(500).isNotEqualTo(429);
		assertThat(handshake.body()).doesNotContain("xception");
		assertThat(this.container.log().substring(start)).doesNotContain("xception", "\tat ");
		if (handshake.status() != 101) {
			assertThat(handshake.header("Set-Cookie")).isEmpty();
		}
	}

	@Test
	void asManySessionsMayHaveSocketsFromAnAddressAndWhoseHaveClosedTakesNoRoom() {
		for (int round = 0; round < 3; round++) {
			List<Socket> open = new ArrayList<>();
			for (int i = 0; i < LINKS; i++) {
				open.add(new Visitor(this.container, CONTEXT).connect());
			}
			Handshake turnedAway = Handshake.at(endpoint());
			assertThat(turnedAway.status()).isEqualTo(429);
			assertThat(turnedAway.body()).startsWith("As many sessions as may be are connected from this address");
			assertThat(turnedAway.header("Set-Cookie")).isEmpty();

			open.forEach((socket) -> socket.send("DISCONNECT\n\n\0"));
			open.forEach((socket) -> assertThat(socket.awaitClose().status()).isEqualTo(1000));

			await().until(() -> Handshake.at(endpoint()).status() == 101);
			await().untilAsserted(() -> {
				List<Integer> statuses = new ArrayList<>();
				for (int i = 0; i < LINKS; i++) {
					statuses.add(Handshake.at(endpoint()).status());
				}
				assertThat(statuses).containsOnly(101);
			});
		}
	}

	@Test
	void whatIsRefusedForTheTokenThatIsMissingGetsNoSession() {
		Visitor stranger = new Visitor(this.container, CONTEXT);

		HttpResponse<String> answer = stranger.request("POST", "/session");

		assertThat(answer.statusCode()).isEqualTo(403);
		assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
	}

	private URI endpoint() {
		return this.container.url(CONTEXT, "/greeting");
	}

}
