package org.sessionlink.broker;

import org.sessionlink.outbound.GuardedChannel;

import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.support.AbstractSubscribableChannel;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.web.socket.messaging.SubProtocolWebSocketHandler;

/** Whether an application has code of its own on a channel to clients. */
final class WatchedChannel {

	private WatchedChannel() {
	}

	/** Asked at any time: the application may add some once it has started. */
	static boolean is(AbstractSubscribableChannel outbound) {
		for (ChannelInterceptor interceptor : outbound.getInterceptors()) {
			if (isForeign(interceptor)) {
				return true;
			}
		}
		for (MessageHandler handler : outbound.getSubscribers()) {
			if (!(handler instanceof SubProtocolWebSocketHandler)) {
				return true;
			}
		}
		return outbound.getClass() != GuardedChannel.class;
	}

	private static boolean isForeign(ChannelInterceptor interceptor) {
		String name = interceptor.getClass().getName();
		return !name.startsWith("org.sessionlink.outbound.") && !name.startsWith("org.springframework.messaging.");
	}

}
