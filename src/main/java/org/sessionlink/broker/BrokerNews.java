package org.sessionlink.broker;

import java.util.function.Consumer;

/**
 * What one client hears of a broker elsewhere, in the order in which it happens: each
 * time that it goes away, and that it is back once what the client has subscribed to is
 * in force again.
 *
 * <p>
 * Changed under the lock of the client's line; told outside of it.
 */
final class BrokerNews {

	private static final String DOWN = "BROKER_DOWN";

	private static final String UP = "BROKER_UP";

	private final InOrder out = new InOrder();

	private final Consumer<String> client;

	private boolean away;

	/**
	 * Makes it where there are no news yet.
	 * @param client tells the client, and throws nothing
	 */
	BrokerNews(Consumer<String> client) {
		this.client = client;
	}

	/** Hears that the broker goes away. */
	void down() {
		this.away = true;
		add(DOWN);
	}

	/**
	 * Hears that the client subscribes.
	 * @param up whether the broker is there
	 * @param toNews whether that is to what is told here
	 */
	void subscribed(boolean up, boolean toNews) {
		this.away |= !up;
		if (this.away && toNews) {
			add(DOWN);
		}
	}

	/** Hears that the broker is there for the client. */
	void up() {
		if (this.away) {
			this.away = false;
			add(UP);
		}
	}

	private void add(String event) {
		this.out.add(() -> this.client.accept(event));
	}

	/** Tells what there is to tell, outside of any lock. */
	void tell() {
		this.out.run();
	}

}
