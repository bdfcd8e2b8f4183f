package org.sessionlink.broker;

import org.springframework.messaging.tcp.TcpConnectionHandler;

/** What connects to a broker that may be at several hosts. */
interface RelayHosts {

	/** Returns how many there are. */
	int count();

	/** Says that the next connection had better be to the next host. */
	void next();

	/**
	 * Opens the connection that is the server's own, whose frames may be larger: it has a
	 * thread for itself.
	 */
	void connectServer(TcpConnectionHandler<byte[]> handler);

}
