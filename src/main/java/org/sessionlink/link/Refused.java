package org.sessionlink.link;

/**
 * Why something that a client asked for was refused: the code goes to the client and into
 * the log, and is the tag {@code reason} of the metric {@code sessionlink.refused} (B27).
 */
public enum Refused {

	/** A request to an endpoint that is no valid WebSocket upgrade (B25). */
	NOT_AN_UPGRADE("not-an-upgrade"),

	/** A handshake with a server that lets its clients go (B54). */
	DRAINING("server-draining"),

	/** A handshake, or a request to the session API, of a page from elsewhere (B25). */
	ORIGIN("origin-not-allowed"),

	/** A handshake without an HTTP session, where one is required (B1). */
	NO_SESSION("no-session"),

	/** A frame under a link that has ended (B2). */
	SESSION_OVER("session-over"),

	/**
	 * Not refused for good: the session has got rights under a new id that the socket has
	 * not shown (B12).
	 */
	SESSION_RENEWED("session-renewed"),

	/** More sockets under one link than allowed. */
	TOO_MANY_SOCKETS("too-many-sockets"),

	/** More links from one address than allowed. */
	TOO_MANY_LINKS("too-many-sessions"),

	/** More subscriptions on one socket than allowed. */
	TOO_MANY_SUBSCRIPTIONS("too-many-subscriptions"),

	/** More frames under one link than allowed for the time. */
	TOO_MANY_FRAMES("too-many-frames"),

	/**
	 * A request over SockJS that shows another HTTP session than its socket has (B12).
	 */
	FOREIGN_SESSION("foreign-session"),

	/**
	 * A message that is no text, for a client over SockJS, which carries nothing else.
	 */
	NOT_TEXT("body-not-text"),

	/** A frame larger than allowed. */
	FRAME_TOO_LARGE("frame-too-large"),

	/** A frame with more headers than allowed. */
	TOO_MANY_HEADERS("too-many-headers"),

	/** A header longer than allowed. */
	HEADER_TOO_LONG("header-too-long"),

	/** A destination that the client may not send or subscribe to (B26). */
	DESTINATION("destination-not-allowed"),

	/** A header that is none of a client's business (B26). */
	HEADER("header-not-allowed"),

	/** A position in a destination that no server can have given (B31). */
	RESUME("resume-not-valid"),

	/** Something that is not a STOMP frame. */
	MALFORMED("malformed-frame"),

	/** A frame at a moment when it makes no sense. */
	UNEXPECTED("unexpected-frame"),

	/** A CONNECT that asks for versions of STOMP that are not spoken here. */
	VERSION("version-not-supported"),

	/** A CONNECT with a login and passcode that do not fit (B35). */
	LOGIN("login-refused"),

	/** A login of a user who has as many sessions as allowed (B49). */
	TOO_MANY_USER_SESSIONS("too-many-user-sessions"),
	/** A login too soon after several that failed. */
	TOO_MANY_LOGINS("too-many-logins"),

	/**
	 * A frame of a transaction that is not open, or, at a broker elsewhere, was lost with
	 * its connection (B35).
	 */
	NO_TRANSACTION("no-transaction"),

	/** A BEGIN with the id of a transaction that is open. */
	TRANSACTION_OPEN("transaction-open"),

	/** More in open transactions than allowed. */
	TRANSACTION_TOO_LARGE("transaction-too-large"),

	/** An ACK or NACK of what is not open (B35). */
	UNKNOWN_ACK("ack-unknown"),

	/** A message that was delivered as often as may be, and never acknowledged. */
	NOT_ACKNOWLEDGED("not-acknowledged"),

	/** A message that a client misses which acknowledges too little. */
	UNACKNOWLEDGED("too-many-unacknowledged"),

	/** A message for a work queue in which as much waits as may. */
	WORK_QUEUE_FULL("work-queue-full"),

	/** A CONNECT without the CSRF token that is asked for (B25). */
	CSRF("csrf-token-invalid"),

	/** A frame that rules or methods of the application deny (B39). */
	ACCESS_DENIED("access-denied"),

	/** A socket that did not CONNECT in time. */
	CONNECT_TIMEOUT("connect-timeout"),

	/** A client that reads more slowly than it is written to. */
	SLOW_CONSUMER("slow-consumer"),

	/** A message that a slow client misses, so that it need not be closed. */
	MISSED("message-missed"),

	/** A peer that nothing was heard of for too long (B36). */
	HEARTBEAT("heartbeat-timeout"),

	/** More frames of one socket behind one whose method waits than may wait (B45). */
	TOO_MANY_WAITING("too-many-waiting"),

	/**
	 * Whatever needs a session while the store of the sessions is away: of a socket only
	 * once that has lasted (B21).
	 */
	STORE_AWAY("session-store-away"),

	/** A message for a destination that is kept, while it cannot be (B31). */
	NOT_KEPT("message-not-kept"),

	/** A SEND that has come again, of which the first was not handled after all (B52). */
	NOT_HANDLED("message-not-handled"),

	/** What makes a session larger than one in a shared store may be (B20). */
	SESSION_TOO_LARGE("session-too-large"),

	/** A task for an executor whose queue is full. */
	QUEUE_FULL("queue-full"),

	/** A frame for a broker elsewhere that is away. */
	BROKER_AWAY("broker-away"),

	/** A frame for a broker elsewhere that leaves more unread than may wait for it. */
	BROKER_SLOW("broker-slow"),

	/** A frame that a broker elsewhere refuses. */
	BROKER("refused-by-broker");

	private final String code;

	Refused(String code) {
		this.code = code;
	}

	/** Returns the reason as it goes over the wire. */
	public String code() {
		return this.code;
	}

}
