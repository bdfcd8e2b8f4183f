package org.sessionlink.link;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What decided that a socket closes (B53): the end of its link, something that was
 * refused, or one of the few others here. There is one object for each; it is the word in
 * the log, and the tag {@code cause} of the metric {@code sessionlink.closed}.
 */
public final class CloseCause {

	private static final List<CloseCause> all = new ArrayList<>();

	/** The server goes down, or lets its clients go (B54). */
	public static final CloseCause SERVER_RESTART = new CloseCause("server-restart");

	/** The client has said DISCONNECT. */
	public static final CloseCause CLIENT_DISCONNECTED = new CloseCause("client-disconnected");

	/** The client has closed its WebSocket, as a browser does that leaves the page. */
	public static final CloseCause CLIENT_CLOSED = new CloseCause("client-closed");

	/** The connection was lost: no word of the client, or none that reached it. */
	public static final CloseCause CONNECTION_LOST = new CloseCause("connection-lost");

	/** What came was no WebSocket frame, or larger than the container takes. */
	public static final CloseCause PROTOCOL_ERROR = new CloseCause("protocol-error");

	/** The server has failed: the log says how. */
	public static final CloseCause SERVER_ERROR = new CloseCause("server-error");

	/** Code of the application has closed it. */
	public static final CloseCause APPLICATION = new CloseCause("application-closed");

	private static final Map<EndCause, CloseCause> ends = new EnumMap<>(EndCause.class);

	private static final Map<Refused, CloseCause> refusals = new EnumMap<>(Refused.class);

	static {
		for (EndCause end : EndCause.values()) {
			ends.put(end, new CloseCause(end.reason()));
		}
		for (Refused refused : Refused.values()) {
			refusals.put(refused, new CloseCause(refused.code()));
		}
	}

	private final int index;

	private final String word;

	private CloseCause(String word) {
		this.word = word;
		this.index = all.size();
		all.add(this);
	}

	/** Returns that of the end of a link, or of a single socket for the same reason. */
	public static CloseCause of(EndCause end) {
		return ends.get(end);
	}

	/** Returns that of something that was refused. */
	public static CloseCause of(Refused refused) {
		return refusals.get(refused);
	}

	/** Returns all that there are. */
	public static List<CloseCause> all() {
		return List.copyOf(all);
	}

	/** Returns how many there are. */
	static int count() {
		return all.size();
	}

	/** Returns at which place of {@link #all} it is. */
	int index() {
		return this.index;
	}

	/** Returns it as it goes into the log and the metrics. */
	public String word() {
		return this.word;
	}

	@Override
	public String toString() {
		return this.word;
	}

}
