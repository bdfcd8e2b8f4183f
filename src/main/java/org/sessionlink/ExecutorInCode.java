package org.sessionlink;

import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.task.SyncTaskExecutor;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.TaskExecutorRegistration;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * Notices whether an application sets an executor for a channel (B39), and leaves
 * everything to Spring.
 */
final class ExecutorInCode extends ChannelRegistration {

	private static final Logger logger = LoggerFactory.getLogger(ExecutorInCode.class);

	private final ChannelRegistration spring;

	private boolean isSet;

	ExecutorInCode(ChannelRegistration spring) {
		this.spring = spring;
	}

	boolean isSet() {
		return this.isSet;
	}

	/** Says that an executor for the outbound channel is not used, if it is one. */
	static void sayUnused(Executor executor) {
		if (!(executor instanceof SyncTaskExecutor)) {
			logger.warn("The outbound channel does without the executor that the application has for it, {}: its "
					+ "messages wait for no client, and would overtake each other. Remove it, and let interceptors "
					+ "of that channel wait for nothing", executor.getClass().getName());
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
