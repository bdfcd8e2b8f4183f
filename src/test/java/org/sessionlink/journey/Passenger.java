package org.sessionlink.journey;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One who reads a topic whose messages are their own numbers, over connections that
 * break: at any moment, in any way, and under another session now and then. Fails at the
 * first message that is not the one behind the last, and at the first that is not
 * recovered.
 */
final class Passenger {

	/** As many are open and forgotten at once: what no longer is, is not unnoticed. */
	private static final int UNNOTICED = 3;

	/** So many messages at most are read of what is new. */
	private static final int STAY = 50;

	private static final Pattern SOCKET = Pattern.compile("\"socket\":\"([^\"]+)\"");

	private final Deque<String> story = new ArrayDeque<>();

	private final List<BareSocket> unnoticed = new ArrayList<>();

	private final Supplier<Visitor> visitors;

	private final Consumer<String> operator;

	private final String topic;

	private final Random random;

	private Visitor visitor;

	private String epoch;

	private long cursor;

	private long missed;

	/** Its subscriptions on one connection have each an id of its own. */
	private int subscription;

	private long recovered;

	/** When a connection breaks: in the order in which it gets there. */
	private enum Moment {

		HANDSHAKE, UPGRADED, CONNECT, HALF_OF_SUBSCRIBE, SUBSCRIBE, RECEIPT, MESSAGES

	}

	/** How it breaks. */
	private enum Way {

		/** By a reset. */
		RESET,

		/** By its end, without a close frame. */
		END,

		/** By a close frame, as if nothing were amiss. */
		CLOSE,

		/** Without a word: the server finds out long after its client is back. */
		UNNOTICED,

		/** By a way there that takes nothing for a while, and then is gone. */
		STALL,

		/** By a call of an operator's. */
		KICKED

	}

	/** What else happens until its client is back. */
	private enum Meanwhile {

		NOTHING, NEW_ID, OTHER_SESSION

	}

	/**
	 * Makes one who has read nothing yet.
	 * @param visitors makes browsers
	 * @param operator ends a socket, by its id
	 */
	Passenger(Supplier<Visitor> visitors, Consumer<String> operator, String topic, Random random) {
		this.visitors = visitors;
		this.operator = operator;
		this.topic = topic;
		this.random = random;
		changeSession();
	}

	/** Reads over so many connections that break. */
	Passenger travel(int cuts) throws IOException {
		for (int i = 0; i < cuts; i++) {
			Way way = any(Way.values());
			// An operator ends what is there, with messages on their way.
			Moment moment = (way == Way.KICKED) ? Moment.RECEIPT
					: this.random.nextBoolean() ? Moment.MESSAGES : any(Moment.values());
			Meanwhile meanwhile = (this.random.nextInt(10) == 0) ? any(Meanwhile.values()) : Meanwhile.NOTHING;
			tell(moment + " " + way + " " + meanwhile + " at " + this.cursor);
			BareSocket socket = connect();
			go(socket, moment, way == Way.KICKED);
			cut(socket, way);
			pass(meanwhile);
		}
		return this;
	}

	/** Reads up to this number, and nothing behind it. */
	Passenger arrive(long last) throws IOException {
		tell("to the end");
		BareSocket socket = connect();
		go(socket, Moment.RECEIPT, false);
		read(socket, last - this.cursor);
		socket.close();
		for (BareSocket forgotten : this.unnoticed) {
			forgotten.reset();
		}
		return this;
	}

	private <T> T any(T[] values) {
		return values[this.random.nextInt(values.length)];
	}

	private BareSocket connect() throws IOException {
		return new BareSocket(this.visitor.url("/greeting"), this.visitor.sessionId());
	}

	private void go(BareSocket socket, Moment moment, boolean listening) throws IOException {
		if (moment == Moment.HANDSHAKE) {
			return;
		}
		socket.upgraded();
		if (moment == Moment.UPGRADED) {
			return;
		}
		socket.send("CONNECT\naccept-version:1.2\nheart-beat:0,0\n\n\0");
		if (moment == Moment.CONNECT) {
			return;
		}
		socket.await("CONNECTED");
		if (listening) {
			socket.send("SUBSCRIBE\nid:own\ndestination:/user/queue/session\n\n\0");
		}
		if (moment == Moment.HALF_OF_SUBSCRIBE) {
			socket.sendHalf(subscribe());
			return;
		}
		socket.send(subscribe());
		if (moment == Moment.SUBSCRIBE) {
			pause(2);
			return;
		}
		begin(socket, listening);
		if (moment == Moment.MESSAGES && this.random.nextInt(4) == 0) {
			// Leaves what it reads, and comes back to it on the same connection.
			socket.send("UNSUBSCRIBE\nid:" + this.subscription + "\n\n\0").send(subscribe());
			begin(socket, false);
		}
		if (moment == Moment.MESSAGES) {
			read(socket, this.random.nextInt((int) this.missed + STAY));
		}
	}

	private String subscribe() {
		String position = (this.epoch != null) ? this.epoch + "\\c" + this.cursor : "*";
		this.subscription++;
		return "SUBSCRIBE\nid:" + this.subscription + "\ndestination:" + this.topic + "\nreceipt:r\nresume:" + position
				+ "\n\n\0";
	}

	private void begin(BareSocket socket, boolean listening) throws IOException {
		String id = null;
		Frame frame = socket.next();
		while (!frame.command().equals("RECEIPT")) {
			Matcher found = SOCKET.matcher(frame.body());
			id = found.find() ? found.group(1) : id;
			frame = socket.next();
		}
		if (listening) {
			this.operator.accept(id);
		}
		String[] position = frame.header("resume").split("\\\\c");
		long begins = Long.parseLong(position[1]);
		if (this.epoch == null) {
			this.epoch = position[0];
			this.cursor = begins;
		}
		else if (!frame.header("recovered").equals("true") || !position[0].equals(this.epoch) || begins < this.cursor) {
			throw new AssertionError("Not recovered behind " + this.cursor + ", but " + frame + this);
		}
		else {
			this.recovered++;
		}
		this.missed = begins - this.cursor;
	}

	private void read(BareSocket socket, long count) throws IOException {
		for (long left = count; left > 0;) {
			Frame frame = socket.next();
			if (Integer.toString(this.subscription).equals(frame.header("subscription"))) {
				take(frame);
				left--;
			}
		}
	}

	private void take(Frame message) {
		String next = Long.toString(this.cursor + 1);
		if (!next.equals(message.header("offset")) || !next.equals(message.body())) {
			throw new AssertionError("Not " + next + ", but " + message + this);
		}
		this.cursor++;
	}

	private void cut(BareSocket socket, Way way) throws IOException {
		switch (way) {
			case RESET -> socket.reset();
			case END -> socket.close();
			case CLOSE -> socket.leave();
			case UNNOTICED -> forget(socket);
			case STALL -> {
				pause(100);
				socket.reset();
			}
			case KICKED -> readToEnd(socket);
		}
	}

	private void forget(BareSocket socket) throws IOException {
		this.unnoticed.add(socket);
		if (this.unnoticed.size() > UNNOTICED) {
			this.unnoticed.remove(this.random.nextInt(this.unnoticed.size())).reset();
		}
	}

	private void readToEnd(BareSocket socket) throws IOException {
		try {
			read(socket, Long.MAX_VALUE);
		}
		catch (EOFException ex) {
			socket.close();
		}
	}

	private void pass(Meanwhile meanwhile) {
		switch (meanwhile) {
			case NEW_ID -> {
				String before = this.visitor.sessionId();
				this.visitor.change("POST", "/session/rotate");
				if (before.equals(this.visitor.sessionId())) {
					throw new AssertionError("The id is the same" + this);
				}
			}
			case OTHER_SESSION -> changeSession();
			case NOTHING -> {
				// Then it comes back at once.
			}
		}
	}

	private void changeSession() {
		this.visitor = this.visitors.get();
		this.visitor.get("/csrf");
	}

	private void pause(int mostMillis) {
		LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1) * this.random.nextInt(mostMillis * 1000) / 1000);
	}

	private void tell(String what) {
		this.story.add(what);
		if (this.story.size() > 2 * UNNOTICED) {
			this.story.remove();
		}
	}

	/** Returns the number of the last message that it has got. */
	long cursor() {
		return this.cursor;
	}

	/** Returns how often it was told that it has missed nothing. */
	long recovered() {
		return this.recovered;
	}

	@Override
	public String toString() {
		return " after " + this.story;
	}

}
