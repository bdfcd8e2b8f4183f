package org.sessionlink.broker;

import org.springframework.messaging.Message;
import org.springframework.util.MultiValueMap;

/** Where messages go out to who has subscribed at this server. */
interface Outlet {

	/** Returns the subscriptions to a destination, by their sockets. */
	MultiValueMap<String, String> subscriptions(String destination);

	/** Returns whether messages go out behind the step that sends them. */
	boolean isWatched();

	/** Sends a message that has a number, and returns what to keep of it. */
	Parcel send(String destination, Message<?> message, Numbers.Number number);

	/** Returns what to keep of a message. */
	Parcel parcel(String destination, Message<?> message, Numbers.Number number);

}
