package org.sessionlink.outbound;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Home;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.SocketLink;
import org.sessionlink.wire.Writers;

import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;

/** Sockets whose peers read everything at once. */
public final class OpenSockets {

	private final FakeClock clock = new FakeClock();

	private final Links links = new Links(this.clock, LinkPolicy.DEFAULT);

	private final Sockets sockets = new Sockets(
			new OutboundSettings(false, Duration.ZERO, 0, Duration.ZERO, Duration.ZERO, List.of()),
			new Writers(this.clock), this.clock);

	/** Returns what a broker writes to. */
	public Sockets sockets() {
		return this.sockets;
	}

	/** Lets time pass. */
	public void pass(Duration time) {
		this.clock.pass(time);
	}

	/** Opens a socket whose client speaks this version of STOMP. */
	public Peer open(String version) {
		Peer peer = new Peer();
		SocketLink socketLink = new SocketLink(this.links.open(peer.getId(), peer.getId(), Home.GONE));
		socketLink.putInto(peer.getAttributes());
		socketLink.connected(version);
		this.sockets.add(new GatedSocket(peer, socketLink, this.sockets, () -> null));
		return peer;
	}

	/** The other end of a socket. */
	public static final class Peer extends WebSocketSessionDecorator {

		private final List<Object> received = Collections.synchronizedList(new ArrayList<>());

		Peer() {
			super(new StandardWebSocketSession(null, null, null, null));
		}

		/** Subscribes as the firewall notes it. */
		public void subscribe(String id, String destination) {
			SocketLink.in(getAttributes()).subscriptions().add(id, destination, 0);
		}

		/** Returns what has come. */
		public List<Object> received() {
			return this.received;
		}

		/** Returns what ties it to its link. */
		public Map<String, Object> attributes() {
			return getAttributes();
		}

		@Override
		public void sendMessage(WebSocketMessage<?> message) {
			this.received.add(message.getPayload());
		}

	}

}
