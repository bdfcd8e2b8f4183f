package org.sessionlink.journey;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Many connected clients of an application, all subscribed to the same. */
class Crowd implements BenchClient.Listener {

	// Below what a server lets wait to be accepted.
	private static final int OPENED_AT_ONCE = 16;

	private final List<BenchClient> clients = new ArrayList<>();

	private final BenchFrame subscription;

	private final Site site;

	private int connected;

	private int closed;

	private boolean mayClose;

	/** Connects so many clients, each with a cookie that it is given. */
	Crowd(Site site, int size, String destination, Supplier<String> cookies) {
		this.site = site;
		this.subscription = site.subscription(destination);
		for (int i = 0; i < size; i++) {
			this.clients.add(site.open(cookies.get(), this));
			site.generator().await("a handshake", () -> this.clients.size() - this.connected < OPENED_AT_ONCE);
		}
		site.generator().await("the last handshake", () -> this.connected == size);
	}

	@Override
	public final void onConnected(BenchClient client) {
		this.connected++;
		client.send(this.subscription.again());
	}

	@Override
	public final void onClosed(BenchClient client, String reason) {
		if (!this.mayClose) {
			throw new IllegalStateException("A socket was closed: " + reason);
		}
		this.closed++;
	}

	/** Takes the closing of sockets for what is to come. */
	final void expectClosing() {
		this.mayClose = true;
	}

	final int closed() {
		return this.closed;
	}

	final List<BenchClient> clients() {
		return this.clients;
	}

	final int size() {
		return this.clients.size();
	}

	final BenchClient first() {
		return this.clients.get(0);
	}

	final Site site() {
		return this.site;
	}

	/** Closes all that are not, and waits for the server to have done so too. */
	final void leave() {
		expectClosing();
		this.clients.stream().filter(BenchClient::isOpen).forEach(BenchClient::startClosing);
		this.site.generator().await("the answer to a closing", () -> this.closed == size());
	}

}
