package org.sessionlink.watch;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.sessionlink.link.EndCause;
import org.sessionlink.link.LinkedSocket;
import org.sessionlink.link.SocketLink;

/** A socket that remembers what was done to it. */
final class WatchedSocket implements LinkedSocket {

	final List<EndCause> ends = new CopyOnWriteArrayList<>();

	final List<String> revocations = new CopyOnWriteArrayList<>();

	long waiting;

	private final String id;

	private final SocketLink socketLink;

	WatchedSocket(String id, SocketLink socketLink) {
		this.id = id;
		this.socketLink = socketLink;
	}

	@Override
	public String id() {
		return this.id;
	}

	@Override
	public SocketLink socketLink() {
		return this.socketLink;
	}

	@Override
	public long waiting() {
		return this.waiting;
	}

	@Override
	public void sessionIdChanged(String newId) {
		// Nothing here depends on it.
	}

	@Override
	public void identityChanged() {
		// Nothing here depends on it.
	}

	@Override
	public boolean revoke(String subscription, String reason) {
		if (this.socketLink.subscriptions().remove(subscription) == null) {
			return false;
		}
		this.revocations.add(subscription + ": " + reason);
		return true;
	}

	@Override
	public void shut() {
		// The end follows.
	}

	@Override
	public void end(EndCause cause) {
		this.ends.add(cause);
	}

}
