package org.sessionlink.journey;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One who sends numbers to a topic, from 1 on, so many a second: what it stands still for
 * it makes up.
 */
final class Publisher {

	/** No more are on their way at once: what is behind is not in the connection. */
	private static final int TOGETHER = 100;

	private final Visitor visitor;

	private final String topic;

	private final String name;

	private final int perSecond;

	private volatile boolean stopped;

	/** Makes one whose bodies are this name, and the number. */
	Publisher(Visitor visitor, String topic, String name, int perSecond) {
		this.visitor = visitor;
		this.topic = topic;
		this.name = name;
		this.perSecond = perSecond;
	}

	/**
	 * Sends until it is stopped, and returns the last number, once that was handled;
	 * fails where any was refused.
	 * @throws IOException where its connection breaks
	 */
	long publish() throws IOException {
		BareSocket socket = new BareSocket(this.visitor.url("/greeting"), this.visitor.sessionId()).upgraded();
		socket.send("CONNECT\naccept-version:1.2\nheart-beat:0,0\n\n\0").await("CONNECTED");
		socket.send("SUBSCRIBE\nid:errors\ndestination:/user/queue/errors\n\n\0");
		long start = System.nanoTime();
		long sent = 0;
		while (!this.stopped && !Thread.currentThread().isInterrupted()) {
			for (int i = 1; i < TOGETHER; i++) {
				long due = start + sent * TimeUnit.SECONDS.toNanos(1) / this.perSecond;
				LockSupport.parkNanos(due - System.nanoTime());
				sent++;
				socket.send("SEND\ndestination:" + this.topic + "\n\n" + this.name + sent + "\0");
			}
			sent++;
			socket.send("SEND\ndestination:" + this.topic + "\nreceipt:r\n\n" + this.name + sent + "\0");
			Frame answer = socket.next();
			if (!answer.command().equals("RECEIPT")) {
				throw new AssertionError(answer);
			}
		}
		socket.close();
		return sent;
	}

	/** Has it send no more than are on their way. */
	void stop() {
		this.stopped = true;
	}

}
