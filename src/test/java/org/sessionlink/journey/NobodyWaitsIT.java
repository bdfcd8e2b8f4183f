package org.sessionlink.journey;

import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.sessionlink.journey.square.Square;

import static org.assertj.core.api.Assertions.assertThat;

/** B18 and B45: whatever strangers do, others are served and links end on time. */
@OnQuietContainers
class NobodyWaitsIT {

	private static final String SETTINGS = """
			sessionlink.limits.frames-per-second=0
			sessionlink.limits.links-per-address=0
			""";

	private final Container container;

	private final HttpClient client = HttpClient.newHttpClient();

	NobodyWaitsIT(Container container) {
		this.container = container;
	}

	@BeforeParameterizedClassInvocation
	static void deploy(Container container) {
		container.deploy(War.embedding(Square.class.getPackage(), SETTINGS), "square");
	}

	@Test
	void fortySockJsPeersThatDoNotReadHoldNoLogoutUp() {
		Visitor stranger = session();
		URI sockJs = this.container.url("square", "/sock");
		List<StalledSockJs> stalled = new ArrayList<>();
		Visitor other = session();
		Socket socket = other.connect().subscribe("1", "/topic/flood");
		Socket publisher = session().connect();
		try {
			IntStream.range(0, 40)
				.forEach((i) -> stalled
					.add(new StalledSockJs(this.client, sockJs, stranger.sessionId(), "/topic/flood")));
			// More than the machine's own buffers take.
			String much = "x".repeat(40_000);
			for (int i = 0; i < 120; i++) {
				publisher.send("/app/say/flood", much);
				socket.awaitMessage("1");
			}
			long start = System.nanoTime();

			other.request("POST", "/logout");

			Socket.Close close = socket.awaitClose();
			assertThat(close.reason()).isEqualTo("session-ended");
			System.out.printf("%s: closed %d ms after the logout, beside forty SockJS peers that do not read%n",
					this.container, close.after(start).toMillis());
		}
		finally {
			stalled.forEach(StalledSockJs::close);
		}
	}

	private Visitor session() {
		Visitor visitor = new Visitor(this.container, "square");
		visitor.request("POST", "/session");
		return visitor;
	}

}
