package org.sessionlink.outbound;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.simp.SimpLogging;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.ExecutorSubscribableChannel;

/**
 * A channel between clients and the application whose gates stand first, whatever an
 * application does to its interceptors and when (B2, B26): it puts others behind them,
 * also at the front, and takes out and replaces its own alone.
 */
public final class GuardedChannel extends ExecutorSubscribableChannel {

	private static final List<String> ROOMS = List.of("org.sessionlink.inbound.", "org.sessionlink.outbound.",
			"org.sessionlink.broker.");

	private final List<ChannelInterceptor> first;

	private final List<ChannelInterceptor> last;

	/**
	 * Makes the channel.
	 * @param interceptors SessionLink's and the application's, as they were registered
	 * @param last which of them stays behind all others
	 */
	public GuardedChannel(Executor executor, List<ChannelInterceptor> interceptors,
			Class<? extends ChannelInterceptor> last) {
		super(executor);
		setLogger(SimpLogging.forLogName(ExecutorSubscribableChannel.class));
		this.last = interceptors.stream().filter(last::isInstance).toList();
		this.first = interceptors.stream().filter((each) -> isOurs(each) && !this.last.contains(each)).toList();
		setInterceptors(interceptors);
	}

	private static boolean isOurs(ChannelInterceptor interceptor) {
		return ROOMS.stream().anyMatch(interceptor.getClass().getName()::startsWith);
	}

	@Override
	public void setInterceptors(List<ChannelInterceptor> interceptors) {
		List<ChannelInterceptor> all = new ArrayList<>(this.first);
		Stream.concat(interceptors.stream(), this.last.stream())
			.filter((each) -> !all.contains(each))
			.forEach(all::add);
		super.setInterceptors(all);
	}

	@Override
	public void addInterceptor(int index, ChannelInterceptor interceptor) {
		super.addInterceptor(Math.max(index, this.first.size()), interceptor);
	}

	@Override
	public boolean removeInterceptor(ChannelInterceptor interceptor) {
		return !isKept(interceptor) && super.removeInterceptor(interceptor);
	}

	@Override
	public @Nullable ChannelInterceptor removeInterceptor(int index) {
		return isKept(getInterceptors().get(index)) ? null : super.removeInterceptor(index);
	}

	private boolean isKept(ChannelInterceptor interceptor) {
		return this.first.contains(interceptor) || this.last.contains(interceptor);
	}

	/** Returns what Spring's own says, as exceptions have it in their text. */
	@Override
	public String toString() {
		return ExecutorSubscribableChannel.class.getSimpleName() + "[" + getBeanName() + "]";
	}

}
