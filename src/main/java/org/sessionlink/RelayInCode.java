package org.sessionlink;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.sessionlink.broker.RelaySettings;
import org.sessionlink.link.OpenSockets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.SubscribableChannel;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.simp.config.SimpleBrokerRegistration;
import org.springframework.messaging.simp.config.StompBrokerRelayRegistration;
import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.util.DigestUtils;
import org.springframework.util.PathMatcher;

/**
 * What an application sets in code for its broker (B39): where the settings name one
 * elsewhere, that has the destinations of the one here, and servers tell each other
 * through it whose their users are.
 */
final class RelayInCode extends MessageBrokerRegistry {

	private static final Logger logger = LoggerFactory.getLogger(RelayInCode.class);

	private static final List<String> USUAL = List.of("/topic/", "/queue/");

	private static final SubscribableChannel NOWHERE = new ExecutorSubscribableChannel();

	private final MessageBrokerRegistry spring;

	private final RelaySettings settings;

	private final String contextPath;

	private @Nullable String internal;

	private boolean relays;

	RelayInCode(MessageBrokerRegistry spring, RelaySettings settings, String contextPath) {
		super(NOWHERE, (MessageChannel) NOWHERE);
		this.spring = spring;
		this.settings = settings;
		this.contextPath = contextPath;
	}

	@Override
	public SimpleBrokerRegistration enableSimpleBroker(String... destinationPrefixes) {
		if (!this.settings.isSet()) {
			return this.spring.enableSimpleBroker(destinationPrefixes);
		}
		relay((destinationPrefixes.length > 0) ? List.of(destinationPrefixes) : USUAL);
		// What the application says of it is of no use elsewhere.
		return super.enableSimpleBroker(destinationPrefixes);
	}

	@Override
	public StompBrokerRelayRegistration enableStompBrokerRelay(String... destinationPrefixes) {
		this.relays = true;
		return this.settings.isSet() ? relay(List.of(destinationPrefixes))
				: this.spring.enableStompBrokerRelay(destinationPrefixes);
	}

	/** Has a broker elsewhere also where the application names none. */
	void complete() {
		if (this.settings.isSet() && !this.relays) {
			relay(USUAL);
		}
	}

	private StompBrokerRelayRegistration relay(List<String> prefixes) {
		this.relays = true;
		this.internal = internal(prefixes);
		logger.info("{} are those of the broker at {}", prefixes, this.settings.hosts());
		return this.spring.enableStompBrokerRelay(prefixes.toArray(String[]::new))
			.setUserDestinationBroadcast(this.internal + "users")
			.setUserRegistryBroadcast(this.internal + "registry");
	}

	// Topics: nothing waits in them for servers and clients that are gone.
	private String internal(List<String> prefixes) {
		String topics = prefixes.stream()
			.filter((prefix) -> prefix.replace("/", "").startsWith("topic"))
			.findFirst()
			.orElse(prefixes.isEmpty() ? USUAL.get(0) : prefixes.get(0));
		String end = (topics.endsWith("/") || topics.endsWith(".")) ? "" : "/";
		String readable = this.contextPath.replaceAll("[^A-Za-z0-9]", "");
		String unique = DigestUtils.md5DigestAsHex(this.contextPath.getBytes(StandardCharsets.UTF_8)).substring(0, 8);
		return topics + end + OpenSockets.INTERNAL + readable + unique + '.';
	}

	/**
	 * Returns what the destinations begin with that only servers use; null where the
	 * settings name no broker.
	 */
	@Nullable String internal() {
		return this.internal;
	}

	@Override
	public ChannelRegistration configureBrokerChannel() {
		return this.spring.configureBrokerChannel();
	}

	@Override
	public MessageBrokerRegistry setApplicationDestinationPrefixes(String... prefixes) {
		this.spring.setApplicationDestinationPrefixes(prefixes);
		return this;
	}

	@Override
	public MessageBrokerRegistry setUserDestinationPrefix(String destinationPrefix) {
		this.spring.setUserDestinationPrefix(destinationPrefix);
		return this;
	}

	@Override
	public void setUserRegistryOrder(int order) {
		this.spring.setUserRegistryOrder(order);
	}

	@Override
	public MessageBrokerRegistry setPathMatcher(PathMatcher pathMatcher) {
		this.spring.setPathMatcher(pathMatcher);
		return this;
	}

	@Override
	public MessageBrokerRegistry setCacheLimit(int cacheLimit) {
		this.spring.setCacheLimit(cacheLimit);
		return this;
	}

	@Override
	public MessageBrokerRegistry setPreservePublishOrder(boolean preservePublishOrder) {
		this.spring.setPreservePublishOrder(preservePublishOrder);
		return this;
	}

}
