package org.sessionlink.journey;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

import org.sessionlink.Deadlines;

/** A broker that speaks STOMP, with the login {@code guest}. */
abstract class Broker extends Engine {

	private static final String CONNECT = "CONNECT\naccept-version:1.2\nhost:/\nlogin:guest\npasscode:guest\n\n\0";

	Broker(String name) {
		super(name);
	}

	/** Returns the settings of an application that relays to it. */
	final String settings() {
		return "sessionlink.relay.hosts=127.0.0.1:" + port() + "\nsessionlink.relay.login=guest\n"
				+ "sessionlink.relay.passcode=guest\n";
	}

	@Override
	final boolean answers() throws IOException {
		try (java.net.Socket socket = new java.net.Socket(InetAddress.getLoopbackAddress(), port())) {
			socket.setSoTimeout((int) Deadlines.ANY.toMillis());
			socket.getOutputStream().write(CONNECT.getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readNBytes(9), StandardCharsets.US_ASCII).equals("CONNECTED");
		}
	}

}
