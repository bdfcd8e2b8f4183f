package org.sessionlink.journey;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** Clients who behave: each says something in its turn, and all hear it. */
final class GoodClients implements AutoCloseable {

	private final List<Socket> sockets;

	private final String sender;

	/**
	 * Connects them.
	 * @param sender where they send to
	 * @param destination where they hear it
	 */
	GoodClients(HttpClient client, URI endpoint, List<String> sessionIds, int count, String sender,
			String destination) {
		URI url = URI.create(endpoint.toString().replaceFirst("http", "ws"));
		this.sender = sender;
		this.sockets = IntStream.range(0, count).mapToObj((i) -> {
			Socket socket = new Socket();
			return socket
				.opened(client.newWebSocketBuilder()
					.header("Cookie", "JSESSIONID=" + sessionIds.get(i % sessionIds.size()))
					.subprotocols("v12.stomp")
					.buildAsync(url, socket)
					.join())
				.connect()
				.subscribe("1", destination);
		}).toList();
	}

	/**
	 * Has each say something in its turn, once all have heard what was said before.
	 * @return from saying it until the last has heard, for 99 of 100
	 */
	Duration talk(int times) {
		List<Duration> durations = new ArrayList<>();
		for (int i = 0; i < times; i++) {
			String words = "#" + i + "#";
			long start = System.nanoTime();
			this.sockets.get(i % this.sockets.size()).send(this.sender, words);
			for (Socket socket : this.sockets) {
				socket.awaitMessage("1", words);
			}
			durations.add(Duration.ofNanos(System.nanoTime() - start));
		}
		durations.sort(null);
		return durations.get(durations.size() * 99 / 100);
	}

	/** Has the first say many things at once, until it has heard them itself. */
	void shout(int times) {
		Socket first = this.sockets.get(0);
		for (int i = 0; i < times; i++) {
			first.send(this.sender, "x".repeat(500));
		}
		for (int i = 0; i < times; i++) {
			first.awaitMessage("1");
		}
		// What the others have heard by now they need not keep.
		this.sockets.forEach(Socket::rest);
	}

	/** Fails if one of them was closed. */
	void areAllOpen() {
		assertThat(this.sockets).allMatch(Socket::isOpen);
	}

	@Override
	public void close() {
		this.sockets.forEach(Socket::close);
	}

}
