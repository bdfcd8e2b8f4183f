package org.sessionlink;

import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.TaskExecutorRegistration;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * Notices whether an application sets an executor for a channel (B39), and leaves
 * everything to Spring.
 */
final class ExecutorInCode extends ChannelRegistration {

	private final ChannelRegistration spring;

	private boolean isSet;

	ExecutorInCode(ChannelRegistration spring) {
		this.spring = spring;
	}

	/** Sets this one where the application has set none. */
	void orElse(Executor otherwise) {
		if (!this.isSet) {
			this.spring.executor(otherwise);
		}
	}

	@Override
	public TaskExecutorRegistration taskExecutor(@Nullable ThreadPoolTaskExecutor taskExecutor) {
		this.isSet = true;
		return this.spring.taskExecutor(taskExecutor);
	}

	@Override
	public ChannelRegistration executor(Executor executor) {
		this.isSet = true;
		this.spring.executor(executor);
		return this;
	}

	@Override
	public ChannelRegistration interceptors(ChannelInterceptor... interceptors) {
		this.spring.interceptors(interceptors);
		return this;
	}

}
