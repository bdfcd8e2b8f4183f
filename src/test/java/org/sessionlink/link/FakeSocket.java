package org.sessionlink.link;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A socket that remembers what its link told it. */
final class FakeSocket implements LinkedSocket {

	final List<EndCause> ends = new CopyOnWriteArrayList<>();

	int pings;

	volatile String sessionId = "";

	@Override
	public String id() {
		return "socket";
	}

	@Override
	public void sessionIdChanged(String newId) {
		this.sessionId = newId;
	}

	@Override
	public void ping() {
		this.pings++;
	}

	@Override
	public void end(EndCause cause) {
		this.ends.add(cause);
	}

}
