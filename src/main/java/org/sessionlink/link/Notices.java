package org.sessionlink.link;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Tells single clients what SessionLink itself has to say: in JSON, on destinations of
 * their own, whatever broker, converters and prefixes the application has.
 */
public interface Notices {

	/**
	 * Where a client hears of its session (B15), below the prefix of user destinations.
	 */
	String SESSION = "queue/session";

	/** Where it hears why a frame of its had no effect, below the same. */
	String ERRORS = "queue/errors";

	/** Where operators hear of all sessions (B23), below the same. */
	String OPERATORS = "queue/operators";

	/**
	 * Tells a client, under each subscription that it has there; never waits or fails.
	 * @param socketId the id of its socket
	 * @param queue the destination, without the prefix of user destinations
	 * @param notice text, numbers and null by their names, in the order of the map
	 */
	void tell(String socketId, String queue, Map<String, ? extends @Nullable Object> notice);

	/**
	 * Tells a client, under each subscription that it has there; never waits or fails.
	 * @param goesOut to be run as the notice goes out, any number of times, or at once
	 * where there is no such subscription
	 */
	default void tell(String socketId, String queue, Map<String, ? extends @Nullable Object> notice, Runnable goesOut) {
		tell(socketId, queue, notice);
		goesOut.run();
	}

	/**
	 * Tells a client why a frame of its had no effect, or does not reach it: by a code
	 * for programs, and a sentence for people; never waits or fails.
	 */
	default void refused(String socketId, Refused reason, String sentence) {
		Map<String, String> notice = new LinkedHashMap<>();
		notice.put("error", reason.code());
		notice.put("message", sentence);
		tell(socketId, ERRORS, notice);
	}

}
