package org.sessionlink.watch;

import java.util.List;
import java.util.Map;

/**
 * The links of one application as JMX sees them, under
 * {@code org.sessionlink:type=Links,context="<context path>"}; what is done over it is
 * audited as done by {@code jmx}.
 *
 * <p>
 * An operation whose target is not there fails with an {@link IllegalArgumentException}
 * that says so.
 */
public interface LinksMXBean {

	/** Returns how many links are open. */
	int getLinks();

	/** Returns how many sockets are open. */
	int getSockets();

	/** Returns how many remote addresses have links. */
	int getAddresses();

	/** Returns how often each reason, by its code, has led to a refusal. */
	Map<String, Long> getRefusals();

	/** Returns whether this server lets its clients go, and takes no new sockets. */
	boolean isDraining();

	/** Lets the clients of this server go; returns how many sockets are open. */
	int drain(String reason);

	/** Takes new sockets again; returns how many are open. */
	int undrain(String reason);

	/** Ends one socket, and returns its id. */
	String endSocket(String socket, String reason);

	/** Ends a link, and returns the ids of its sockets. */
	List<String> endLink(String link, String reason);

	/** Ends all links of a user, and returns their fingerprints. */
	List<String> endUser(String user, String reason);

	/** Ends all links, and returns how many there were; the reason has to be said. */
	int endAll(String reason);

	/** Revokes one subscription of a socket, and returns its destination. */
	String revoke(String socket, String subscription, String reason);

}
