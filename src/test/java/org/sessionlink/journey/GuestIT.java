package org.sessionlink.journey;

import java.util.List;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.sessionlink.journey.square.Square;

import static org.assertj.core.api.Assertions.assertThat;

/** B40: somebody else's WAR with what it has chosen to have, and no more. */
@OnEveryContainer
class GuestIT {

	private final Container container;

	GuestIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		SharedContainers.deploy(GuestIT.class,
				War.embeddingWithout(
						List.of("spring-security-", "jackson-", "logback-", "stomp__stompjs-", "bootstrap-"),
						Square.class.getPackage(),
						"sessionlink.trusted-proxies=127.0.0.1\nsessionlink.secure-cookie=never"),
				"bare");
	}

	@Test
	void anApplicationNeedsNeitherSpringSecurityNorJacksonNorLogback() {
		Visitor visitor = new Visitor(this.container, "bare");
		Socket socket = visitor.connect().subscribe("said", "/topic/said");
		assertThat(socket.send("/app/say/said", "hello").awaitMessage("said").body()).isEqualTo("hello");

		visitor.request("POST", "/logout");

		assertThat(socket.awaitClose()).extracting(Socket.Close::status, Socket.Close::reason)
			.containsExactly(1008, "session-ended");
	}

}
