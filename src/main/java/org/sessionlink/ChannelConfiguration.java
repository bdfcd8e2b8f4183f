package org.sessionlink;

import java.util.concurrent.Executor;

import org.sessionlink.handling.FrameExecutor;
import org.sessionlink.inbound.ForgottenPasscode;
import org.sessionlink.outbound.GuardedChannel;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.core.task.SyncTaskExecutor;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.support.AbstractSubscribableChannel;
import org.springframework.web.socket.config.annotation.DelegatingWebSocketMessageBrokerConfiguration;

/**
 * Spring's channels between clients, broker and message methods, and on which threads
 * they hand over. Spring's executors stay beans, for whoever else uses them.
 *
 * <p>
 * What the application sets is noted by the one thread that starts it.
 */
abstract class ChannelConfiguration extends DelegatingWebSocketMessageBrokerConfiguration {

	private final FrameExecutor frameExecutor;

	private final BeansInCode beansInCode;

	private boolean setsInboundExecutor;

	private boolean setsOutboundExecutor;

	ChannelConfiguration(FrameExecutor frameExecutor, BeansInCode beansInCode) {
		this.frameExecutor = frameExecutor;
		this.beansInCode = beansInCode;
	}

	@Override
	protected void configureClientInboundChannel(ChannelRegistration registration) {
		ExecutorInCode inCode = new ExecutorInCode(registration);
		super.configureClientInboundChannel(inCode);
		this.setsInboundExecutor = inCode.isSet();
		// Behind the application's own, which may log people in with it.
		registration.interceptors(new ForgottenPasscode());
	}

	/**
	 * Handles each frame by the thread that reads it, but for methods that have others.
	 */
	@Bean
	@Override
	public AbstractSubscribableChannel clientInboundChannel(
			@Qualifier("clientInboundChannelExecutor") Executor executor) {
		if (this.setsInboundExecutor || this.beansInCode.isOfTheApplication("clientInboundChannelExecutor")) {
			this.frameExecutor.callMethodsOn(executor);
		}
		return guarded(super.clientInboundChannel(this.frameExecutor), this.frameExecutor);
	}

	@Override
	protected void configureClientOutboundChannel(ChannelRegistration registration) {
		ExecutorInCode inCode = new ExecutorInCode(registration);
		super.configureClientOutboundChannel(inCode);
		this.setsOutboundExecutor = inCode.isSet();
	}

	/**
	 * Hands messages over on the thread that sends them: none waits for a peer, and with
	 * others in between what is sent to a socket would overtake itself.
	 */
	@Bean
	@Override
	public AbstractSubscribableChannel clientOutboundChannel(
			@Qualifier("clientOutboundChannelExecutor") Executor executor) {
		if (this.setsOutboundExecutor || this.beansInCode.isOfTheApplication("clientOutboundChannelExecutor")) {
			ExecutorInCode.sayUnused(executor);
		}
		Executor noThreads = new SyncTaskExecutor();
		return guarded(super.clientOutboundChannel(noThreads), noThreads);
	}

	private static AbstractSubscribableChannel guarded(AbstractSubscribableChannel spring, Executor executor) {
		return new GuardedChannel(executor, spring.getInterceptors(), ForgottenPasscode.class);
	}

}
