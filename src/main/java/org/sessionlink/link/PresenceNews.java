package org.sessionlink.link;

import java.util.List;
import java.util.Map;

/**
 * Tells clients who is at a destination, under the subscriptions that have asked for it
 * (B37): each call for one destination comes after the one before has returned.
 */
public interface PresenceNews {

	/**
	 * Tells who is there.
	 * @param to subscriptions with the ids of their sockets
	 * @param present in the order in which they came
	 * @param more how many others are there
	 */
	void here(String destination, Map<Subscription, String> to, List<Attendee> present, int more);

	/**
	 * Tells who has come and who has gone since the last news.
	 * @param to subscriptions with the ids of their sockets
	 * @param more how many are there that nobody is told of
	 */
	void changed(String destination, Map<Subscription, String> to, List<Attendee> joined, List<Attendee> left,
			int more);

}
