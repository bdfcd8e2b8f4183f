package org.sessionlink.inbound;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import org.sessionlink.link.Links;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.messaging.simp.annotation.support.SimpAnnotationMethodMessageHandler;
import org.springframework.messaging.simp.broker.AbstractBrokerMessageHandler;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketTransportRegistration;

/**
 * Takes the frames of {@link Blocking} methods off the threads that read them, before
 * anything else looks at them: what is registered last stands in front.
 *
 * <p>
 * Imported by {@link InboundConfig} and not found by itself, so that Spring knows it
 * behind the gate of {@code outbound}, which holds a socket while it handles a frame.
 */
@Order(Ordered.LOWEST_PRECEDENCE)
class BlockingConfig implements WebSocketMessageBrokerConfigurer {

	private final HandlerThreads threads;

	private final int messageSize;

	private final Supplier<BlockingDestinations> destinations;

	private final SignOfLife sign;

	BlockingConfig(HandlerThreads threads, InboundSettings settings,
			ObjectProvider<SimpAnnotationMethodMessageHandler> methods,
			ObjectProvider<AbstractBrokerMessageHandler> brokers) {
		this.threads = threads;
		this.messageSize = new FrameLimits(settings).messageSize();
		// Made later than the endpoints, which are asked for nothing before they are all
		// there.
		this.destinations = SingletonSupplier.of(() -> BlockingDestinations.of(methods.stream()));
		Supplier<List<AbstractBrokerMessageHandler>> made = SingletonSupplier.of(() -> brokers.stream().toList());
		this.sign = new SignOfLife(made);
	}

	@Bean
	static HandlerThreads handlerThreads(ApplicationContext context, Links links, InboundSettings settings) {
		return new HandlerThreads(context, links, settings.queue(), Duration.ofSeconds(2));
	}

	@Override
	public void configureWebSocketTransport(WebSocketTransportRegistration registration) {
		registration.addDecoratorFactory((handler) -> new BlockingHandler(handler, this.destinations, this.threads,
				this.sign, this.messageSize));
	}

}
