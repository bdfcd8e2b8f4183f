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

	private final String id;

	private final SocketLink socketLink;

	private final String remoteAddress;

	private final Traffic traffic = new Traffic(new Midnight());

	public FakeSocket() {
		this((String) null);
	}

	public FakeSocket(String remoteAddress) {
		this.id = "socket";
		this.socketLink = null;
		this.remoteAddress = remoteAddress;
	}

	FakeSocket(String id, SocketLink socketLink) {
		this.id = id;
		this.socketLink = socketLink;
		this.remoteAddress = null;
	}

	@Override
	public String id() {
		return this.id;
	}

	@Override
	public SocketLink socketLink() {
		if (this.socketLink == null) {
			throw new UnsupportedOperationException();
		}
		return this.socketLink;
	}

	@Override
	public Traffic traffic() {
		return (this.socketLink != null) ? this.socketLink.traffic() : this.traffic;
	}

	@Override
	public String remoteAddress() {
		return (this.socketLink != null) ? LinkedSocket.super.remoteAddress() : this.remoteAddress;
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
