package org.sessionlink.link;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a socket's attributes hold of its link: put there by the handshake, read with
 * every frame.
 */
public record SocketLink(Link link) {

	/** The attribute under which applications find the id of the HTTP session (G3). */
	public static final String SESSION_ID = "sessionId";

	private static final String ATTRIBUTE = SocketLink.class.getName();

	/**
	 * Returns the link of the socket with these attributes, or null where there is none.
	 */
	public static @Nullable Link in(@Nullable Map<String, Object> attributes) {
		SocketLink socket = (attributes != null) ? (SocketLink) attributes.get(ATTRIBUTE) : null;
		return (socket != null) ? socket.link() : null;
	}

	/**
	 * Returns the open link of the socket with these attributes.
	 * @throws NoLiveSessionException if the socket has no link, or one that has ended
	 */
	public static Link live(@Nullable Map<String, Object> attributes) {
		Link link = in(attributes);
		if (link == null) {
			throw new NoLiveSessionException("no-session");
		}
		if (link.endCause() != null) {
			throw notAlive(link);
		}
		return link;
	}

	/** Returns the exception that says why a link is not alive. */
	public static NoLiveSessionException notAlive(Link link) {
		EndCause cause = link.endCause();
		return new NoLiveSessionException((cause != null) ? cause.reason() : EndCause.ENDED.reason());
	}

	/** Writes the link, and the id of its HTTP session, into a socket's attributes. */
	public void putInto(Map<String, Object> attributes) {
		attributes.put(ATTRIBUTE, this);
		attributes.put(SESSION_ID, this.link.sessionId());
	}

}
