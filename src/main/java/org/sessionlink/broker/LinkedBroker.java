package org.sessionlink.broker;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Refused;
import org.sessionlink.outbound.Begun;
import org.sessionlink.outbound.GuardedChannel;
import org.sessionlink.outbound.Sockets;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.broker.DefaultSubscriptionRegistry;
import org.springframework.messaging.simp.broker.SimpleBrokerMessageHandler;
import org.springframework.messaging.simp.broker.SubscriptionRegistry;
import org.springframework.messaging.support.AbstractSubscribableChannel;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.util.MultiValueMap;
import org.springframework.web.socket.messaging.SubProtocolWebSocketHandler;

/**
 * Spring's simple broker, which gives its messages to the sockets directly: encoded once
 * for all, on the thread that publishes, and written together where many wait (B33).
 *
 * <p>
 * Where an application has an interceptor or a handler of its own on the outbound
 * channel, a channel around it, or headers for what goes out, messages go through it, one
 * for each subscriber, as Spring does it.
 */
public final class LinkedBroker extends SimpleBrokerMessageHandler {

	private final String idPrefix = UUID.randomUUID().toString().substring(0, 8) + '-';

	private final AtomicLong lastId = new AtomicLong();

	private final Sockets sockets;

	private final AbstractSubscribableChannel outbound;

	private final Acknowledgements acknowledgements;

	/**
	 * Makes a broker that is set up as another one is, and takes its place before it has
	 * started.
	 * @param settings what is acknowledged, and shared
	 * @param refusals counts what nobody gets
	 */
	public LinkedBroker(SimpleBrokerMessageHandler model, AbstractSubscribableChannel inbound,
			AbstractSubscribableChannel outbound, AbstractSubscribableChannel brokerChannel, Sockets sockets,
			AcknowledgementSettings settings, Consumer<Refused> refusals) {
		super(inbound, outbound, brokerChannel, model.getDestinationPrefixes());
		this.sockets = sockets;
		this.outbound = outbound;
		this.acknowledgements = new Acknowledgements(settings, sockets, new OwnNotices(sockets), refusals);
		takeRegistry(model);
		setTaskScheduler(model.getTaskScheduler());
		setHeartbeatValue(model.getHeartbeatValue());
		setHeaderInitializer(model.getHeaderInitializer());
		setPreservePublishOrder(model.isPreservePublishOrder());
		setPhase(model.getPhase());
	}

	// Spring's setter for the registry writes over the name that it has for selectors.
	private void takeRegistry(SimpleBrokerMessageHandler model) {
		SubscriptionRegistry registry = model.getSubscriptionRegistry();
		if (registry instanceof DefaultSubscriptionRegistry spring) {
			setSubscriptionRegistry(new LinkedSubscriptions(spring, this.sockets));
			setSelectorHeaderName(spring.getSelectorHeaderName());
		}
		else {
			setSubscriptionRegistry(registry);
		}
	}

	// At any time: the application may add one once it has started.
	private boolean isWatched() {
		for (ChannelInterceptor interceptor : this.outbound.getInterceptors()) {
			if (isForeign(interceptor)) {
				return true;
			}
		}
		for (MessageHandler handler : this.outbound.getSubscribers()) {
			if (!(handler instanceof SubProtocolWebSocketHandler)) {
				return true;
			}
		}
		return this.outbound.getClass() != GuardedChannel.class || getHeaderInitializer() != null;
	}

	private static boolean isForeign(ChannelInterceptor interceptor) {
		String name = interceptor.getClass().getName();
		return !name.startsWith("org.sessionlink.outbound.") && !name.startsWith("org.springframework.messaging.");
	}

	@Override
	protected void handleMessageInternal(Message<?> message) {
		MessageHeaders headers = message.getHeaders();
		if (SimpMessageHeaderAccessor.getMessageType(headers) == SimpMessageType.MESSAGE
				|| !checkDestinationPrefix(SimpMessageHeaderAccessor.getDestination(headers))) {
			super.handleMessageInternal(message);
		}
		else {
			this.acknowledgements.around(message, () -> super.handleMessageInternal(message));
		}
	}

	@Override
	protected void sendMessageToSubscribers(@Nullable String destination, Message<?> message) {
		long begun = this.sockets.now();
		if (isWatched() || destination == null || !(message.getPayload() instanceof byte[] body)) {
			super.sendMessageToSubscribers(destination, new Begun(begun).with(rest(message, begun)));
			return;
		}
		MultiValueMap<String, String> subscriptions = getSubscriptionRegistry().findSubscriptions(message);
		boolean concerns = this.acknowledgements.concern(message);
		if (!subscriptions.isEmpty() || concerns) {
			EncodedMessage encoded = new EncodedMessage(message, body, destination,
					this.idPrefix + this.lastId.incrementAndGet(), begun);
			this.sockets.publish(concerns
					? this.acknowledgements.take(message, subscriptions, new SocketParcel(encoded.kept(), this.sockets))
					: subscriptions, encoded);
		}
	}

	// What those who acknowledge have got Spring does not send again; a registry of the
	// application's own cannot tell it.
	private Message<?> rest(Message<?> message, long begun) {
		if (!(getSubscriptionRegistry() instanceof LinkedSubscriptions) || !this.acknowledgements.concern(message)) {
			return message;
		}
		Parcel parcel = new WatchedParcel(message, this::getClientOutboundChannelForSession, getHeaderInitializer(),
				begun);
		return Rest.with(
				this.acknowledgements.take(message, getSubscriptionRegistry().findSubscriptions(message), parcel),
				message);
	}

}
