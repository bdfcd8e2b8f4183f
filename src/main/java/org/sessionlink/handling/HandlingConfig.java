package org.sessionlink.handling;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import org.sessionlink.inbound.FrameLimits;
import org.sessionlink.inbound.FrameQueue;
import org.sessionlink.inbound.InboundSettings;
import org.sessionlink.link.LinkClock;
import org.sessionlink.link.Links;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.messaging.simp.broker.AbstractBrokerMessageHandler;
import org.springframework.util.function.SingletonSupplier;

/**
 * Handles each frame on the thread that hands it over, which is the one that reads it
 * unless its method is {@link Blocking}: so the frames of one socket are handled in the
 * order sent, and a SEND right behind its SUBSCRIBE never misses (B33).
 */
@Configuration(proxyBeanMethods = false)
@Lazy(false)
public class HandlingConfig {

	@Bean("org.sessionlink.handling.handlerThreads")
	static HandlerThreads handlerThreads(ApplicationContext context, InboundSettings settings) {
		return new HandlerThreads(context, settings.queue(), Duration.ofSeconds(2));
	}

	@Bean("org.sessionlink.handling.signOfLife")
	static SignOfLife signOfLife(ObjectProvider<AbstractBrokerMessageHandler> brokers) {
		Supplier<List<AbstractBrokerMessageHandler>> made = SingletonSupplier.of(() -> brokers.stream().toList());
		return new SignOfLife(made);
	}

	@Bean("org.sessionlink.handling.longFrames")
	static LongFrames longFrames(Links links, LinkClock clock, SignOfLife sign, HandlerThreads threads) {
		return new LongFrames(links, clock, sign, threads);
	}

	@Bean("org.sessionlink.handling.frameQueues")
	static FrameQueue.Factory frameQueues(HandlerThreads threads, FrameLimits limits, SignOfLife sign) {
		return (handler) -> new SocketQueue(handler, threads, new HeldFrames(limits.messageSize()), sign);
	}

}
