package org.sessionlink.inbound;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/** What a socket needs so that some of its messages can be handled on other threads. */
record HeldSocket(Lookout lookout, HeldMessages messages) {

	private static final String ATTRIBUTE = HeldSocket.class.getName();

	static @Nullable HeldSocket in(Map<String, Object> attributes) {
		return (HeldSocket) attributes.get(ATTRIBUTE);
	}

	void putInto(Map<String, Object> attributes) {
		attributes.put(ATTRIBUTE, this);
	}

}
