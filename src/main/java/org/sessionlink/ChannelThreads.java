package org.sessionlink;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.support.AbstractSubscribableChannel;

/**
 * Who calls the handlers of a channel: SessionLink, and with it perhaps an executor of
 * the application's, which it has set in code or put in the place of Spring's bean (B39).
 */
final class ChannelThreads {

	private final Executor ours;

	// Until it turns out to be ours, which is not asked for where a bean is in its place.
	private boolean ofTheApplication = true;

	ChannelThreads(Executor ours) {
		this.ours = ours;
	}

	/** Lets the application set up the channel, and adds what it leaves open. */
	void configure(ChannelRegistration registration, Consumer<ChannelRegistration> application) {
		ExecutorInCode inCode = new ExecutorInCode(registration);
		application.accept(inCode);
		inCode.orElse(this.ours);
	}

	/** Takes note of the executor that Spring has found, which is the channel's bean. */
	Executor found(Executor executor) {
		this.ofTheApplication = executor != this.ours;
		return executor;
	}

	boolean areOfTheApplication() {
		return this.ofTheApplication;
	}

	/** Returns a channel as Spring has made it, whose gates stand first. */
	AbstractSubscribableChannel guarded(AbstractSubscribableChannel model) {
		return new GuardedChannel(this.ours, model.getInterceptors());
	}

}
