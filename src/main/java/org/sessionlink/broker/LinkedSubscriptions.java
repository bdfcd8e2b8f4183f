package org.sessionlink.broker;

import org.sessionlink.link.OpenSockets;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.broker.DefaultSubscriptionRegistry;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/**
 * Spring's registry of subscriptions, but for this: what is for a single socket finds no
 * subscription of another, whatever pattern or destination that has (B26).
 */
final class LinkedSubscriptions extends DefaultSubscriptionRegistry {

	private final OpenSockets sockets;

	/** Makes a registry that is set up as another one is. */
	LinkedSubscriptions(DefaultSubscriptionRegistry model, OpenSockets sockets) {
		this.sockets = sockets;
		setPathMatcher(model.getPathMatcher());
		setCacheLimit(model.getCacheLimit());
		setSelectorHeaderName(model.getSelectorHeaderName());
	}

	@Override
	protected MultiValueMap<String, String> findSubscriptionsInternal(String destination, Message<?> message) {
		MultiValueMap<String, String> rest = Rest.in(message.getHeaders());
		if (rest != null) {
			return rest;
		}
		MultiValueMap<String, String> found = super.findSubscriptionsInternal(destination, message);
		if (found.isEmpty() || !destination.contains(OpenSockets.MARK) || !isOfOne(destination, message)) {
			return found;
		}
		MultiValueMap<String, String> own = new LinkedMultiValueMap<>(1);
		found.forEach((socket, subscriptions) -> {
			if (destination.endsWith(OpenSockets.MARK + socket)) {
				own.put(socket, subscriptions);
			}
		});
		return own;
	}

	// The header is there also where the socket is open no more.
	private boolean isOfOne(String destination, Message<?> message) {
		return NativeMessageHeaderAccessor.getFirstNativeHeader(SimpMessageHeaderAccessor.ORIGINAL_DESTINATION,
				message.getHeaders()) != null || this.sockets.isOfOne(destination);
	}

}
