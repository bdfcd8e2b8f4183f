package org.sessionlink.journey;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Somebody whom nothing stops: publishes one numbered message after another, each with a
 * receipt, and connects again whenever the socket closes.
 */
final class Walker implements AutoCloseable {

	private static final long PAUSE = 50;

	private final Map<String, Long> sent = new ConcurrentHashMap<>();

	private final Map<String, Long> confirmed = new ConcurrentHashMap<>();

	private final List<String> ends = new CopyOnWriteArrayList<>();

	private final List<String> hints = new CopyOnWriteArrayList<>();

	private final Visitor visitor;

	private final String name;

	private final String destination;

	private final Thread thread = new Thread(this::walk, "walker");

	private volatile boolean over;

	private int number;

	/** Begins; close it. */
	Walker(Visitor visitor, String name, String destination) {
		this.visitor = visitor;
		this.name = name;
		this.destination = destination;
		this.thread.start();
	}

	/**
	 * Returns the messages that were confirmed, sent after the one moment and confirmed
	 * before the other.
	 */
	List<String> confirmed(long from, long to) {
		return this.confirmed.entrySet()
			.stream()
			.filter((each) -> this.sent.get(each.getKey()) - from >= 0 && each.getValue() - to <= 0)
			.map(Map.Entry::getKey)
			.toList();
	}

	/** Returns how many messages it has sent. */
	int sent() {
		return this.sent.size();
	}

	/** Returns how many of them were confirmed. */
	int confirmed() {
		return this.confirmed.size();
	}

	/** Returns how its sockets have ended. */
	List<String> ends() {
		return this.ends;
	}

	/** Returns when it was told to come back, each time that it was. */
	List<String> hints() {
		return this.hints;
	}

	Visitor visitor() {
		return this.visitor;
	}

	@Override
	public void close() {
		this.over = true;
		try {
			this.thread.join(TimeUnit.SECONDS.toMillis(60));
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void walk() {
		while (!this.over) {
			try {
				walk(this.visitor.connect());
			}
			catch (CompletionException | AssertionError | IllegalStateException ex) {
				// Nobody there, or no longer: again.
				pause();
			}
		}
	}

	private void walk(Socket socket) {
		while (!this.over && socket.isOpen()) {
			String message = this.name + "-" + this.number++;
			this.sent.put(message, System.nanoTime());
			socket.trySend("SEND\ndestination:" + this.destination + "\nreceipt:" + message + "\n\n" + message + "\0");
			pause();
			note(socket);
		}
		if (!this.over) {
			this.ends.add(socket.awaitEnd());
		}
		note(socket);
		socket.drop();
	}

	private void note(Socket socket) {
		for (Frame frame : socket.rest()) {
			if (frame.command().equals("RECEIPT")) {
				this.confirmed.put(frame.header("receipt-id"), System.nanoTime());
			}
			else if (frame.header("retry-after") != null) {
				this.hints.add(frame.header("retry-after"));
			}
		}
	}

	// How often it sends.
	private static void pause() {
		try {
			TimeUnit.MILLISECONDS.sleep(PAUSE);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
