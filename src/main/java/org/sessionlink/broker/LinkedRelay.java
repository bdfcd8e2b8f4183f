package org.sessionlink.broker;

import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.ClientHeartbeats;
import org.sessionlink.link.Crew;
import org.sessionlink.link.LinkClock;
import org.sessionlink.link.Notices;
import org.sessionlink.link.Telling;
import org.sessionlink.outbound.Sockets;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.NamedThreadLocal;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.stomp.StompBrokerRelayMessageHandler;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.tcp.TcpOperations;

/**
 * Spring's relay to a broker elsewhere, whose clients stay when the broker goes: their
 * sockets are the server's, and beneath their {@linkplain ClientLine lines} connections
 * come and go.
 *
 * <p>
 * Safe for use by any thread. Whether the broker is there is one volatile field, written
 * by the server's own line.
 */
public final class LinkedRelay extends StompBrokerRelayMessageHandler implements ClientHeartbeats {

	private final ThreadLocal<@Nullable Boolean> ofClient = new NamedThreadLocal<>("Frame of a client");

	private final RelaySettings settings;

	private final Duration heartbeat;

	private final Sockets sockets;

	private final LinkClock clock;

	private final Notices notices;

	private final @Nullable TcpOperations<byte[]> inCode;

	private volatile @Nullable RelayLines lines;

	private volatile long awaySince;

	private volatile boolean away = true;

	/**
	 * Makes a relay that is set up as another one is, and takes its place before it has
	 * started.
	 * @param heartbeat how often clients and server let each other hear of them
	 */
	public LinkedRelay(StompBrokerRelayMessageHandler model, RelaySettings settings, Duration heartbeat,
			Sockets sockets, LinkClock clock, Notices notices) {
		super(model.getClientInboundChannel(), model.getClientOutboundChannel(), model.getBrokerChannel(),
				model.getDestinationPrefixes());
		this.settings = settings;
		this.heartbeat = heartbeat;
		this.sockets = sockets;
		this.clock = clock;
		this.notices = notices;
		this.inCode = settings.isSet() ? null : model.getTcpClient();
		this.awaySince = clock.nanoTime();
		take(model);
		if (settings.isSet()) {
			takeSettings();
		}
	}

	private void take(StompBrokerRelayMessageHandler model) {
		setRelayHost(model.getRelayHost());
		setRelayPort(model.getRelayPort());
		setClientLogin(model.getClientLogin());
		setClientPasscode(model.getClientPasscode());
		setSystemLogin(model.getSystemLogin());
		setSystemPasscode(model.getSystemPasscode());
		setSystemHeartbeatSendInterval(model.getSystemHeartbeatSendInterval());
		setSystemHeartbeatReceiveInterval(model.getSystemHeartbeatReceiveInterval());
		setSystemSubscriptions(model.getSystemSubscriptions());
		setVirtualHost(model.getVirtualHost());
		setHeaderInitializer(model.getHeaderInitializer());
		setPreservePublishOrder(model.isPreservePublishOrder());
		setAutoStartup(model.isAutoStartup());
		setPhase(model.getPhase());
	}

	private void takeSettings() {
		if (this.settings.login() != null) {
			setClientLogin(this.settings.login());
			setSystemLogin(this.settings.login());
		}
		if (this.settings.passcode() != null) {
			setClientPasscode(this.settings.passcode());
			setSystemPasscode(this.settings.passcode());
		}
		if (this.settings.virtualHost() != null) {
			setVirtualHost(this.settings.virtualHost());
		}
	}

	@Override
	public long wantedMillis() {
		return this.heartbeat.toMillis();
	}

	/** Returns for how long the broker has been away; null where it is there. */
	@Nullable Duration awayFor() {
		return this.away ? Duration.ofNanos(this.clock.nanoTime() - this.awaySince) : null;
	}

	/** Returns how long it may be, and the server is ready all the same. */
	Duration grace() {
		return this.settings.grace();
	}

	/** Returns how often the broker has gone away since the relay was started. */
	long outages() {
		RelayLines open = this.lines;
		return (open != null) ? open.outages() : 0;
	}

	/** Returns how many bytes wait for the broker, or were read and are not whole. */
	long waiting() {
		RelayLines open = this.lines;
		return (open != null) ? open.setup().waiting().bytes() : 0;
	}

	/** Returns how many clients have a line. */
	int clients() {
		RelayLines open = this.lines;
		return (open != null) ? open.size() : 0;
	}

	@Override
	public boolean isPauseable() {
		return this.inCode == null;
	}

	@Override
	protected void startInternal() {
		Allowance waiting = new Allowance(0, this.settings.memory());
		RelaySetup setup = new RelaySetup(this.clock, this.notices, getClientOutboundChannel(),
				this.sockets.ofUsers(Notices.SESSION), this.heartbeat, this.settings.transactionSize(), waiting,
				getClientLogin(), getClientPasscode(), getVirtualHost());
		RelayLines begun = new RelayLines((this.inCode != null) ? this.inCode : tcp(waiting), setup);
		this.lines = begun;
		setTcpClient(begun);
		super.startInternal();
	}

	private RelayTcp tcp(Allowance waiting) {
		List<RelayHost> hosts = this.settings.isSet() ? this.settings.hosts()
				: List.of(new RelayHost(getRelayHost(), getRelayPort()));
		return new RelayTcp(hosts, this.settings.tls() ? trust() : null, this.settings.frameSize(), waiting,
				this.sockets::together, this.clock);
	}

	private static SSLContext trust() {
		try {
			return SSLContext.getDefault();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("This JVM cannot encrypt: leave sessionlink.relay.tls off", ex);
		}
	}

	@Override
	protected void stopInternal() {
		this.lines = null;
		super.stopInternal();
	}

	/** Has the application hear of the broker where it can hold up nothing else. */
	@Override
	public void setApplicationEventPublisher(@Nullable ApplicationEventPublisher publisher) {
		super.setApplicationEventPublisher((publisher == null) ? null : (event) -> this.clock.execute(Crew.TELLING,
				this, () -> Telling.tell("A listener to the broker", () -> publisher.publishEvent(event))));
	}

	@Override
	protected void publishBrokerAvailableEvent() {
		this.away = false;
		super.publishBrokerAvailableEvent();
		RelayLines told = this.lines;
		if (told != null) {
			told.up();
		}
	}

	@Override
	protected void publishBrokerUnavailableEvent() {
		boolean news = super.isBrokerAvailable();
		super.publishBrokerUnavailableEvent();
		RelayLines told = this.lines;
		if (news) {
			this.awaySince = this.clock.nanoTime();
			this.away = true;
			if (told != null) {
				told.down();
			}
		}
	}

	/**
	 * Returns whether the broker is there; while a client's frame is handled, whether its
	 * line is, which always is so.
	 */
	@Override
	public boolean isBrokerAvailable() {
		return this.ofClient.get() != null || super.isBrokerAvailable();
	}

	/**
	 * Takes a frame of a client's, or what the server itself publishes: that goes over
	 * the client's line where it is an answer to a frame and the broker has the line, and
	 * over the server's own else, so that whoever publishes hears of it where it fails.
	 */
	@Override
	protected void handleMessageInternal(Message<?> message) {
		String socketId = SimpMessageHeaderAccessor.getSessionId(message.getHeaders());
		if (socketId == null || SYSTEM_SESSION_ID.equals(socketId)) {
			handle(message, null);
			return;
		}
		RelayLines open = this.lines;
		ClientLine line = (open != null) ? open.get(socketId) : null;
		if (!isPublished(message.getHeaders())) {
			if (line != null) {
				line.heard();
			}
			handle(message, true);
		}
		else if (line != null && line.takesMore()) {
			handle(message, true);
		}
		else {
			handle(ofNobody(message), null);
		}
	}

	// Frames have a command from the start, and heart-beats are of no such type.
	private static boolean isPublished(MessageHeaders headers) {
		return SimpMessageHeaderAccessor.getMessageType(headers) == SimpMessageType.MESSAGE
				&& !(headers.get("stompCommand") instanceof StompCommand);
	}

	private static Message<?> ofNobody(Message<?> message) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.wrap(message);
		headers.setSessionId(null);
		headers.setLeaveMutable(true);
		return MessageBuilder.createMessage(message.getPayload(), headers.getMessageHeaders());
	}

	private void handle(Message<?> message, @Nullable Boolean client) {
		Boolean around = this.ofClient.get();
		this.ofClient.set(client);
		try {
			super.handleMessageInternal(message);
		}
		finally {
			this.ofClient.set(around);
			if (around == null) {
				this.ofClient.remove();
			}
		}
	}

}
