package org.sessionlink.link;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A socket that remembers what its link told it. */
public class FakeSocket implements LinkedSocket {

	final List<EndCause> ends = new CopyOnWriteArrayList<>();

	final AtomicInteger identityChanges = new AtomicInteger();

	volatile String sessionId = "";

	volatile boolean shut;

	private final String remoteAddress;

	public FakeSocket() {
		this(null);
	}

	public FakeSocket(String remoteAddress) {
		this.remoteAddress = remoteAddress;
	}

	@Override
	public String id() {
		return "socket";
	}

	@Override
	public SocketLink socketLink() {
		throw new UnsupportedOperationException();
	}

	@Override
	public String remoteAddress() {
		return this.remoteAddress;
	}

	@Override
	public void identityChanged() {
		this.identityChanges.incrementAndGet();
	}

	@Override
	public boolean revoke(String subscription, String reason) {
		return false;
	}

	@Override
	public void sessionIdChanged(String newId) {
		this.sessionId = newId;
	}

	@Override
	public void shut() {
		this.shut = true;
	}

	@Override
	public void end(EndCause cause) {
		this.ends.add(cause);
	}

}
