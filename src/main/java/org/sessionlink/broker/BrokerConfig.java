package org.sessionlink.broker;

import java.util.List;

import org.sessionlink.link.Notices;
import org.sessionlink.link.Presence;
import org.sessionlink.link.PresenceNews;
import org.sessionlink.outbound.Sockets;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Lazy;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.stomp.StompBrokerRelayMessageHandler;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/** Lets clients have the receipts that they ask for, notices, and who else is there. */
@Configuration(proxyBeanMethods = false)
@Fallback
@Lazy(false)
public class BrokerConfig implements WebSocketMessageBrokerConfigurer {

	private final Sockets sockets;

	private final Presence presence;

	private final ObjectProvider<StompBrokerRelayMessageHandler> relays;

	private final ObjectProvider<LinkedBroker> brokers;

	BrokerConfig(Sockets sockets, Presence presence, ObjectProvider<StompBrokerRelayMessageHandler> relays,
			ObjectProvider<LinkedBroker> brokers) {
		this.brokers = brokers;
		this.sockets = sockets;
		this.presence = presence;
		this.relays = relays;
	}

	@Bean("org.sessionlink.broker.ownNotices")
	static OwnNotices ownNotices(Sockets sockets) {
		return new OwnNotices(sockets);
	}

	@Bean("org.sessionlink.broker.relayHealth")
	RelayHealth relayHealth() {
		return new RelayHealth(this.relays::stream);
	}

	@Bean("org.sessionlink.broker.presenceFrames")
	static PresenceNews presenceFrames(Sockets sockets) {
		return new PresenceFrames(sockets);
	}

	@Override
	public void configureClientInboundChannel(ChannelRegistration registration) {
		registration
			.interceptors(new Receipts(this.sockets, SingletonSupplier.of(this::elsewhere), this::saysPosition));
		if (this.presence.isOn()) {
			// What comes behind the one for receipts is heard before it.
			registration.interceptors(new PresenceRequests());
		}
	}

	private boolean saysPosition(MessageHeaders headers) {
		LinkedBroker broker = this.brokers.getIfAvailable();
		return broker != null && broker.givesReceipt(headers);
	}

	private List<Relayed> elsewhere() {
		return this.relays.stream()
			.map((relay) -> Relayed.of(relay.getDestinationPrefixes(), this.sockets.ofUsers("")))
			.toList();
	}

}
