package org.sessionlink;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.sessionlink.outbound.OutboundSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.socket.config.annotation.WebSocketTransportRegistration;
import org.springframework.web.socket.handler.WebSocketHandlerDecoratorFactory;

/**
 * The limits of sockets that an application sets in code (B39): each counts where no
 * setting says otherwise. Spring itself keeps none of them, as SessionLink does.
 */
final class TransportInCode extends WebSocketTransportRegistration {

	private static final Logger logger = LoggerFactory.getLogger(TransportInCode.class);

	private final WebSocketTransportRegistration spring;

	private final Settings settings;

	TransportInCode(WebSocketTransportRegistration spring, Settings settings) {
		this.spring = spring;
		this.settings = settings;
		spring.setMessageSizeLimit(Integer.MAX_VALUE);
		spring.setSendTimeLimit(Integer.MAX_VALUE);
		spring.setSendBufferSizeLimit(Integer.MAX_VALUE);
		spring.setTimeToFirstMessage(Integer.MAX_VALUE);
	}

	@Override
	public WebSocketTransportRegistration setDecoratorFactories(WebSocketHandlerDecoratorFactory... factories) {
		this.spring.setDecoratorFactories(factories);
		return this;
	}

	@Override
	public WebSocketTransportRegistration addDecoratorFactory(WebSocketHandlerDecoratorFactory factory) {
		this.spring.addDecoratorFactory(factory);
		return this;
	}

	/** Returns how large a frame may be. */
	int messageSize() {
		return (int) choose("limits.message-size", this.settings.inbound().messageSize(), getMessageSizeLimit(), "");
	}

	/** Returns the settings for what goes to clients, with what the code says. */
	OutboundSettings outbound() {
		OutboundSettings set = this.settings.outbound();
		return new OutboundSettings(set.closeOnUserChange(), set.heartbeat(),
				(int) choose("limits.send-buffer", set.sendBuffer(), getSendBufferSizeLimit(), ""),
				choose("limits.send-time", set.sendTime(), getSendTimeLimit()),
				choose("limits.connect-time", set.connectTime(), getTimeToFirstMessage()), set.dropOldest());
	}

	private Duration choose(String name, Duration set, @Nullable Integer millis) {
		return Duration.ofMillis(choose(name, set.toMillis(), millis, "ms"));
	}

	private long choose(String name, long set, @Nullable Integer inCode, String unit) {
		if (inCode == null) {
			return set;
		}
		String given = this.settings.given("sessionlink." + name);
		if (given != null) {
			logger.warn("sessionlink.{} = {} counts, and not the {}{} that the application says in code", name, given,
					inCode, unit);
			return set;
		}
		logger.info("sessionlink.{} = {}{}, as the application says in code", name, inCode, unit);
		return Math.max(inCode, 0);
	}

}
