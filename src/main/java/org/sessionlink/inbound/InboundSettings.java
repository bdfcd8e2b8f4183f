package org.sessionlink.inbound;

import java.util.List;

/**
 * What a deployer decides about the frames of clients (B7, B25 to B27); 0 switches a
 * limit off.
 *
 * @param activity what counts as activity
 * @param send where clients may send to: the first rule that fits decides
 * @param subscribe what clients may subscribe to: the first rule that fits decides
 * @param closeOnRefusal whether a refused SEND or SUBSCRIBE closes the socket
 * @param csrfOnConnect whether CONNECT must carry the CSRF token of the HTTP session
 * @param subscriptionsPerSocket the most subscriptions of one socket
 * @param messageSize the most bytes of a STOMP frame
 * @param headers the most headers of a frame
 * @param headerLength the most characters of a header's name and value together
 * @param queue how many sockets may wait for a thread that handles a frame of theirs
 */
public record InboundSettings(Activity activity, List<DestinationRule> send, List<DestinationRule> subscribe,
		boolean closeOnRefusal, boolean csrfOnConnect, int subscriptionsPerSocket, int messageSize, int headers,
		int headerLength, int queue) {

	public InboundSettings {
		send = List.copyOf(send);
		subscribe = List.copyOf(subscribe);
	}

}
