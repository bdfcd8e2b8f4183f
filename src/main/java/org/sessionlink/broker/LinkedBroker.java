package org.sessionlink.broker;

import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.sessionlink.history.HistorySettings;
import org.sessionlink.history.MessageLog;
import org.sessionlink.link.Refused;
import org.sessionlink.outbound.Begun;
import org.sessionlink.outbound.Sockets;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.broker.DefaultSubscriptionRegistry;
import org.springframework.messaging.simp.broker.SimpleBrokerMessageHandler;
import org.springframework.messaging.simp.broker.SubscriptionRegistry;
import org.springframework.messaging.support.AbstractSubscribableChannel;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.util.MultiValueMap;

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

	private static final byte[] NOTHING = new byte[0];

	private final String idPrefix = UUID.randomUUID().toString().substring(0, 8) + '-';

	private final AtomicLong lastId = new AtomicLong();

	private final Sockets sockets;

	private final AbstractSubscribableChannel outbound;

	private final Acknowledgements acknowledgements;

	private final MissedMessages missed;

	private volatile @Nullable UserMessages users;

	/** Where the messages go out that all servers keep together. */
	private final class ToSockets implements Outlet {

		@Override
		public MultiValueMap<String, String> subscriptions(String destination) {
			return LinkedBroker.this.subscriptions(destination);
		}

		@Override
		public boolean isWatched() {
			return LinkedBroker.this.isWatched();
		}

		@Override
		public Parcel send(String destination, Message<?> message, Numbers.Number number) {
			return Objects.requireNonNull(LinkedBroker.this.send(destination, message, number));
		}

		@Override
		public Parcel parcel(String destination, Message<?> message, Numbers.Number number) {
			return LinkedBroker.this.parcel(destination, message, number);
		}

	}

	/**
	 * Makes a broker that is set up as another one is, and takes its place before it has
	 * started.
	 * @param settings what is acknowledged, and shared
	 * @param history what is kept for who comes back
	 * @param log what all servers keep of it together; null where this one keeps all
	 * @param refusals counts what nobody gets
	 */
	public LinkedBroker(SimpleBrokerMessageHandler model, AbstractSubscribableChannel inbound,
			AbstractSubscribableChannel outbound, AbstractSubscribableChannel brokerChannel, Sockets sockets,
			AcknowledgementSettings settings, HistorySettings history, @Nullable MessageLog log,
			Consumer<Refused> refusals) {
		super(inbound, outbound, brokerChannel, model.getDestinationPrefixes());
		this.sockets = sockets;
		this.outbound = outbound;
		this.acknowledgements = new Acknowledgements(settings, sockets, new OwnNotices(sockets), refusals);
		takeRegistry(model);
		this.missed = new MissedMessages(history(history), log, sockets, new ToSockets(), () -> this.users,
				this.acknowledgements, this::selector, this::isWatched);
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

	private @Nullable String selector() {
		return (getSubscriptionRegistry() instanceof DefaultSubscriptionRegistry spring)
				? spring.getSelectorHeaderName() : null;
	}

	// A registry of the application's own need not know of a subscription at once.
	private HistorySettings history(HistorySettings settings) {
		boolean ours = getSubscriptionRegistry() instanceof LinkedSubscriptions;
		if (!ours && !settings.keep().isEmpty()) {
			logger.warn("sessionlink.destinations.keep has no effect, as the application has a registry of "
					+ "subscriptions of its own");
		}
		return ours ? settings : HistorySettings.NONE;
	}

	private boolean isWatched() {
		return getHeaderInitializer() != null || WatchedChannel.is(this.outbound);
	}

	/** Returns whether the RECEIPT of a frame comes from here, as it says a position. */
	boolean givesReceipt(MessageHeaders headers) {
		return this.missed.givesReceipt(headers, this::checkDestinationPrefix);
	}

	/**
	 * Numbers and keeps a message to a user, in one step with handing it over (B31).
	 * @param handOver is given the message with its number
	 */
	public void toUser(String user, String destination, Message<?> message, Consumer<Message<?>> handOver) {
		this.missed.publishTo(user, destination, message, (number) -> {
			handOver.accept(number.in(message));
			return parcel(destination, message, number);
		}, () -> handOver.accept(message));
	}

	/** Returns whether a message to a user has been numbered. */
	public static boolean isNumbered(Message<?> message) {
		return Numbers.Number.in(message.getHeaders()) != null;
	}

	/** Remembers the way to users, for what comes to them from other servers. */
	public void usersBy(UserMessages now) {
		this.users = now;
	}

	/** Returns the subscriptions to a destination, by their sockets. */
	public MultiValueMap<String, String> subscriptions(String destination) {
		return getSubscriptionRegistry().findSubscriptions(emptyTo(destination));
	}

	/** Returns a message by which those can be found who get what goes there. */
	public static Message<byte[]> emptyTo(String destination) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(SimpMessageType.MESSAGE);
		headers.setDestination(destination);
		return MessageBuilder.createMessage(NOTHING, headers.getMessageHeaders());
	}

	private Parcel parcel(String destination, Message<?> message, Numbers.Number number) {
		long begun = this.sockets.now();
		if (isWatched() || !(message.getPayload() instanceof byte[] body)) {
			return watched(message, begun, number);
		}
		return new SocketParcel(encoded(destination, message, body, begun), this.sockets, number);
	}

	@Override
	protected void handleMessageInternal(Message<?> message) {
		MessageHeaders headers = message.getHeaders();
		SimpMessageType type = SimpMessageHeaderAccessor.getMessageType(headers);
		if (type == null || type == SimpMessageType.MESSAGE
				|| !checkDestinationPrefix(SimpMessageHeaderAccessor.getDestination(headers))) {
			super.handleMessageInternal(message);
		}
		else {
			handleFrame(type, headers, () -> super.handleMessageInternal(message));
		}
	}

	private void handleFrame(SimpMessageType type, MessageHeaders headers, Runnable broker) {
		String socketId = SimpMessageHeaderAccessor.getSessionId(headers);
		if (socketId == null) {
			broker.run();
			return;
		}
		this.acknowledgements.around(type, socketId, headers,
				this.missed.isOff() ? broker : () -> this.missed.around(type, socketId, headers, broker));
	}

	@Override
	protected void sendMessageToSubscribers(@Nullable String destination, Message<?> message) {
		if (destination == null || this.missed.isOff() || this.acknowledgements.isWork(message)) {
			send(destination, message, this.missed.noNumber());
		}
		else {
			this.missed.publish(destination, message, (number) -> send(destination, message, number));
		}
	}

	/** Sends a message; returns what to keep of it, or null where it has no number. */
	private @Nullable Parcel send(@Nullable String destination, Message<?> message, Numbers.Number number) {
		long begun = this.sockets.now();
		if (isWatched() || destination == null || !(message.getPayload() instanceof byte[] body)) {
			return sendByChannel(destination, message, begun, number);
		}
		MultiValueMap<String, String> subscriptions = getSubscriptionRegistry().findSubscriptions(message);
		boolean concerns = this.acknowledgements.concern(message);
		if (subscriptions.isEmpty() && !concerns && number.isNone()) {
			return null;
		}
		EncodedMessage encoded = encoded(destination, message, body, begun);
		if (!concerns && number.isNone()) {
			this.sockets.publish(subscriptions, encoded);
			return null;
		}
		Parcel parcel = new SocketParcel(encoded.kept(), this.sockets, number);
		Numbers.Parted parted = number
			.part(concerns ? this.acknowledgements.take(message, subscriptions, parcel) : subscriptions);
		if (!parted.numbered().isEmpty()) {
			this.sockets.publish(parted.numbered(), encoded.with(number.header()));
		}
		this.sockets.publish(parted.others(), encoded);
		return parcel;
	}

	private EncodedMessage encoded(String destination, Message<?> message, byte[] body, long begun) {
		return new EncodedMessage(message, body, destination, this.idPrefix + this.lastId.incrementAndGet(), begun);
	}

	// What those who acknowledge, or know numbers, have got Spring does not send again; a
	// registry of the application's own cannot tell it.
	private @Nullable Parcel sendByChannel(@Nullable String destination, Message<?> message, long begun,
			Numbers.Number number) {
		boolean concerns = this.acknowledgements.concern(message) || !number.isNone();
		if (!(getSubscriptionRegistry() instanceof LinkedSubscriptions) || !concerns) {
			super.sendMessageToSubscribers(destination, new Begun(begun).with(message));
			return null;
		}
		Parcel parcel = watched(message, begun, number);
		Numbers.Parted parted = number
			.part(this.acknowledgements.take(message, getSubscriptionRegistry().findSubscriptions(message), parcel));
		this.missed.handOver(() -> {
			this.missed.send(parcel, parted.numbered(), number);
			super.sendMessageToSubscribers(destination, new Begun(begun).with(Rest.with(parted.others(), message)));
		}, number);
		return parcel;
	}

	private Parcel watched(Message<?> message, long begun, Numbers.Number number) {
		return new WatchedParcel(message, this::getClientOutboundChannelForSession, getHeaderInitializer(), begun,
				number);
	}

	@Override
	public void startInternal() {
		this.missed.open();
		super.startInternal();
	}

	@Override
	public void stopInternal() {
		super.stopInternal();
		this.missed.close();
	}

}
