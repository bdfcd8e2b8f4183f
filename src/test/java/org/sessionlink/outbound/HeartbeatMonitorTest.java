package org.sessionlink.outbound;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.sessionlink.link.Crew;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.FakeSession;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;
import org.sessionlink.wire.Writers;

import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;

import static org.assertj.core.api.Assertions.assertThat;

class HeartbeatMonitorTest {

	private static final Duration HEARTBEAT = Duration.ofSeconds(8);

	private final FakeClock clock = new FakeClock();

	private final Links links = new Links(this.clock, LinkPolicy.DEFAULT);

	private final Link link = this.links.open("key", "id", new FakeSession(Duration.ofMinutes(30)));

	private final Peer peer = new Peer();

	private final GatedHandler handler = new GatedHandler(new TextWebSocketHandler(),
			new Sockets(new OutboundSettings(false, HEARTBEAT, 0, Duration.ZERO, Duration.ZERO, List.of()),
					new Writers(this.clock), this.clock),
			() -> {
				throw new IllegalStateException("No subscriptions here");
			});

	HeartbeatMonitorTest() throws Exception {
		new SocketLink(this.link).putInto(this.peer.getAttributes());
		this.handler.afterConnectionEstablished(this.peer);
	}

	@Test
	void aPeerThatNothingIsHeardOfIsPingedThenClosedBeforeTwoHeartbeatsAreOver() throws Exception {
		new HeartbeatMonitor(this.links, this.clock, HEARTBEAT);
		this.clock.pass(Duration.ofSeconds(1));
		this.handler.handleMessage(this.peer, new PongMessage());

		for (int quarter = 1; quarter <= 7; quarter++) {
			this.clock.pass(HEARTBEAT.dividedBy(4));
		}
		assertThat(this.peer.pings).isEqualTo(5);
		assertThat(this.peer.closes).isEmpty();
		this.clock.pass(HEARTBEAT.dividedBy(4).minusSeconds(1));

		assertThat(this.peer.closes).containsExactly(new CloseStatus(1013, "heartbeat-timeout"));
		assertThat(this.links.refusals()).containsEntry(Refused.HEARTBEAT, 1L);
	}

	@Test
	void whileTheServerItselfStandsStillNobodyIsTakenForDead() {
		new HeartbeatMonitor(this.links, this.clock, HEARTBEAT);
		this.clock.pass(HEARTBEAT);

		this.clock.passUnnoticed(HEARTBEAT.multipliedBy(3));
		this.clock.pass(HEARTBEAT.dividedBy(2));

		assertThat(this.peer.closes).isEmpty();
		this.clock.pass(HEARTBEAT);
		assertThat(this.peer.closes).containsExactly(new CloseStatus(1013, "heartbeat-timeout"));
	}

	@Test
	void aPeerThatAnswersPingsStaysAndThatDoesNotCountAsActivity() throws Exception {
		new HeartbeatMonitor(this.links, this.clock, HEARTBEAT);

		while (this.link.endCause() == null) {
			int before = this.peer.pings;
			this.clock.pass(HEARTBEAT.dividedBy(4));
			if (this.peer.pings > before) {
				this.handler.handleMessage(this.peer, new PongMessage());
			}
		}

		assertThat(this.link.endCause()).isEqualTo(EndCause.EXPIRED);
		assertThat(this.peer.closes).containsExactly(new CloseStatus(1008, "session-expired"));
		assertThat(this.peer.pings).isGreaterThan(200);
	}

	@Test
	void withoutAHeartbeatASocketIsPingedAndNeverClosed() {
		new HeartbeatMonitor(this.links, this.clock, Duration.ZERO);

		for (int i = 0; i < 10; i++) {
			this.clock.pass(Duration.ofSeconds(25));
		}

		assertThat(this.peer.pings).isEqualTo(10);
		assertThat(this.peer.closes).isEmpty();
	}

	@Test
	void withALongHeartbeatASocketIsPingedBeforeWildFlyTakesItForDead() {
		new HeartbeatMonitor(this.links, this.clock, Duration.ofMinutes(5));

		for (int i = 0; i < 3; i++) {
			this.clock.pass(Duration.ofSeconds(25));
		}

		assertThat(this.peer.pings).isEqualTo(2);
	}

	@Test
	void theThreadsThatPingASessionAreNoMoreThanItsShare() throws Exception {
		List<Object> owners = new ArrayList<>();
		FakeClock threads = new FakeClock() {

			@Override
			public void execute(Crew crew, Runnable task) {
				if (crew == Crew.PINGING) {
					owners.add("nobody");
				}
				super.execute(crew, task);
			}

			@Override
			public void execute(Crew crew, Object owner, Runnable task) {
				if (crew == Crew.PINGING) {
					owners.add(owner);
				}
				super.execute(crew, task);
			}

		};
		Links many = new Links(threads, LinkPolicy.DEFAULT);
		Link one = open(many, threads, "one");
		Link other = open(many, threads, "other");
		new HeartbeatMonitor(many, threads, Duration.ZERO);

		threads.pass(Duration.ofSeconds(25));

		assertThat(owners).containsExactlyInAnyOrder(one, other);
	}

	private static Link open(Links links, FakeClock clock, String key) throws Exception {
		Link link = links.open(key, key, new FakeSession(Duration.ofMinutes(30)));
		Peer peer = new Peer();
		new SocketLink(link).putInto(peer.getAttributes());
		Sockets sockets = new Sockets(
				new OutboundSettings(false, Duration.ZERO, 0, Duration.ZERO, Duration.ZERO, List.of()),
				new Writers(clock), clock);
		new GatedHandler(new TextWebSocketHandler(), sockets, () -> {
			throw new IllegalStateException("No subscriptions here");
		}).afterConnectionEstablished(peer);
		return link;
	}

	/** Counts what goes to it. */
	private static final class Peer extends WebSocketSessionDecorator {

		private final List<CloseStatus> closes = new ArrayList<>();

		private int pings;

		Peer() {
			super(new StandardWebSocketSession(null, null, null, null));
		}

		@Override
		public void sendMessage(WebSocketMessage<?> message) throws IOException {
			this.pings += (message instanceof PingMessage) ? 1 : 0;
		}

		@Override
		public void close(CloseStatus status) {
			this.closes.add(status);
		}

	}

}
