package org.sessionlink.outbound;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Home;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.LinkThreads;
import org.sessionlink.link.Links;
import org.sessionlink.link.SocketLink;
import org.sessionlink.wire.Writers;

import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.sockjs.transport.SockJsSession;

import static org.assertj.core.api.Assertions.assertThat;

/** B18 and B45: many peers over SockJS that do not read, all of one session. */
class StalledSockJsTest {

	/** More than one link has threads to write with. */
	private static final int PEERS = 40;

	private final LinkThreads clock = new LinkThreads();

	private final Writers writers = new Writers(this.clock);

	private final Link link = new Links(this.clock, LinkPolicy.DEFAULT).open("key", "id", Home.GONE);

	private final CountDownLatch closed = new CountDownLatch(PEERS);

	@AfterEach
	void stop() {
		this.writers.close();
		this.clock.close();
	}

	@Test
	void allAreClosedAsTheirSessionEndsThoughTheyHaveTakenAllItsThreads() throws Exception {
		List<GatedSocket> peers = stalled(Duration.ZERO);

		this.link.end(EndCause.ENDED);

		assertThat(this.closed.await(20, TimeUnit.SECONDS)).as("%s are open", this.closed.getCount()).isTrue();
		assertThat(peers).allMatch(GatedSocket::isClosing);
	}

	@Test
	void allAreClosedAsTheyReadTooSlowlyThoughTheyHaveTakenAllItsThreads() throws Exception {
		stalled(Duration.ofMillis(200));

		assertThat(this.closed.await(20, TimeUnit.SECONDS)).as("%s are open", this.closed.getCount()).isTrue();
	}

	private List<GatedSocket> stalled(Duration sendTime) {
		Sockets sockets = new Sockets(new OutboundSettings(false, Duration.ZERO, 0, sendTime, Duration.ZERO, List.of()),
				this.writers, this.clock);
		List<GatedSocket> peers = IntStream.range(0, PEERS)
			.mapToObj((i) -> new GatedSocket(peer(), new SocketLink(this.link), sockets, () -> null))
			.toList();
		peers.forEach((peer) -> {
			this.link.add(peer);
			peer.sendMessage(new TextMessage("never read"));
		});
		return peers;
	}

	/** Holds a lock while it writes, which who closes it needs as well. */
	private SockJsSession peer() {
		Object response = new Object();
		String id = UUID.randomUUID().toString();
		Map<String, Object> attributes = new HashMap<>();
		return (SockJsSession) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { SockJsSession.class }, (proxy, method, arguments) -> switch (method.getName()) {
					case "getId" -> id;
					case "getAttributes" -> attributes;
					case "sendMessage" -> writeToNobody(response);
					case "close" -> close(response);
					default -> throw new UnsupportedOperationException(method.getName());
				});
	}

	private static Object writeToNobody(Object response) throws IOException {
		synchronized (response) {
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				throw new IOException(ex);
			}
		}
		return null;
	}

	private Object close(Object response) {
		synchronized (response) {
			this.closed.countDown();
		}
		return null;
	}

}
