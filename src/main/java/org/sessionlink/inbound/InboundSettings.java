package org.sessionlink.inbound;

/**
 * What a deployer decides about the frames of clients (B7, B25 to B27); 0 switches a
 * limit off.
 *
 * @param activity what counts as activity
 * @param destinations where clients may send and subscribe
 * @param closeOnRefusal whether a refused SEND or SUBSCRIBE closes the socket
 * @param csrfOnConnect whether CONNECT must carry the CSRF token of the HTTP session
 * @param subscriptionsPerSocket the most subscriptions of one socket
 * @param messageSize the most bytes of a STOMP frame
 * @param headers the most headers of a frame
 * @param headerLength the most characters of a header's name and value together
 * @param queue how many sockets may wait for a thread that handles a frame of theirs
 * @param transactionSize how many bytes the open transactions of a socket may hold
 * @param connectLogin what login and passcode of a CONNECT are for
 * @param passedHeaders which headers of a sender's own other clients get
 */
public record InboundSettings(Activity activity, DestinationSettings destinations, boolean closeOnRefusal,
		boolean csrfOnConnect, int subscriptionsPerSocket, int messageSize, int headers, int headerLength, int queue,
		int transactionSize, ConnectLogin connectLogin, PassedHeaders passedHeaders) {

}
