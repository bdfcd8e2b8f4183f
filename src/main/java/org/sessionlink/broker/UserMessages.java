package org.sessionlink.broker;

import java.util.Set;

import org.springframework.messaging.Message;

/** The way from a user to those of their sockets that are at this server. */
public interface UserMessages {

	/** Returns the ids of those that have subscribed to a destination of users. */
	Set<String> subscribers(String user, String destination);

	/** Hands a message over to all sockets of the user in its destination. */
	void handOver(Message<?> message);

}
