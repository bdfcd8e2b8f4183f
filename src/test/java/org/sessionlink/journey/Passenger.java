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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import org.sessionlink.Deadlines;

/**
 * One who reads a topic over connections that break: at any moment, in any way, and comes
 * back at any node, under another session now and then. Fails at the first message that
 * is not the one behind the last, and at the first that is not recovered.
 */
final class Passenger {

	/** As many are open and forgotten at once: what no longer is, is not unnoticed. */
	private static final int UNNOTICED = 3;

	/** So many messages at most are read of what is new. */
	private static final int STAY = 50;

	private static final Pattern SOCKET = Pattern.compile("\"socket\":\"([^\"]+)\"");

	private final Deque<String> story = new ArrayDeque<>();

	private final List<BareSocket> unnoticed = new ArrayList<>();

	private final Network network;

	private final String topic;

	private final Random random;

	/** Its browser, at each node. */
	private List<Visitor> browser;

	private String epoch;

	private long cursor;

	/** Of the last message. */
	private String body;

	private long missed;

	/** Its subscriptions on one connection have each an id of its own. */
	private int subscription;

	private long recovered;

	/** What it travels in. */
	interface Network {

		/** Returns a new browser at each node. */
		List<Visitor> browser();

		/** Has an operator end a socket, by its id. */
		void end(String socket);

		/** Returns whether a message is the one that has this number. */
		boolean isRight(long number, String body);

		/**
		 * Returns whether a node is gone: nobody comes to it, and whoever was there is
		 * cut.
		 */
		default boolean isGone(int node) {
			return false;
		}

	}

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

	/** Makes one who has read nothing yet. */
	Passenger(Network network, String topic, Random random) {
		this.network = network;
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
			int node = anyNode();
			tell(moment + " " + way + " " + meanwhile + " at " + this.cursor + ", node " + node);
			try {
				BareSocket socket = connect(node);
				go(socket, moment, way == Way.KICKED);
				cut(socket, way);
			}
			catch (IOException ex) {
				if (!this.network.isGone(node)) {
					throw new IOException("Node " + node + this, ex);
				}
			}
			pass(meanwhile);
		}
		return this;
	}

	/** Reads up to the first message with this body, and nothing behind it. */
	Passenger arrive(String last) throws IOException {
		int node = anyNode();
		tell("to the end, node " + node);
		BareSocket socket = connect(node);
		go(socket, Moment.RECEIPT, false);
		while (!last.equals(this.body)) {
			read(socket, 1);
		}
		socket.close();
		for (BareSocket forgotten : this.unnoticed) {
			forgotten.reset();
		}
		return this;
	}

	private int anyNode() {
		List<Integer> there = IntStream.range(0, this.browser.size())
			.filter((node) -> !this.network.isGone(node))
			.boxed()
			.toList();
		return there.get(this.random.nextInt(there.size()));
	}

	private <T> T any(T[] values) {
		return values[this.random.nextInt(values.length)];
	}

	private BareSocket connect(int node) throws IOException {
		Visitor visitor = this.browser.get(node);
		return new BareSocket(visitor.url("/greeting"), visitor.sessionId());
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
			this.network.end(id);
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
		long next = this.cursor + 1;
		if (!Long.toString(next).equals(message.header("offset")) || !this.network.isRight(next, message.body())) {
			throw new AssertionError("Not " + next + ", but " + message + this);
		}
		this.cursor = next;
		this.body = message.body();
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
		long deadline = System.nanoTime() + Deadlines.ANY.toNanos();
		try {
			while (System.nanoTime() - deadline < 0) {
				read(socket, 1);
			}
			throw new AssertionError("Still there" + this);
		}
		catch (EOFException ex) {
			socket.close();
		}
	}

	private void pass(Meanwhile meanwhile) {
		switch (meanwhile) {
			case NEW_ID -> changeId();
			case OTHER_SESSION -> changeSession();
			case NOTHING -> {
				// Then it comes back at once.
			}
		}
	}

	private void changeId() {
		int node = anyNode();
		Visitor visitor = this.browser.get(node);
		String before = visitor.sessionId();
		try {
			visitor.change("POST", "/session/rotate");
		}
		catch (IllegalStateException ex) {
			unlessGone(node, ex);
			// It may have the new one, and not know it.
			changeSession();
			return;
		}
		if (before.equals(visitor.sessionId())) {
			throw new AssertionError("The id is the same" + this);
		}
	}

	private void changeSession() {
		this.browser = this.network.browser();
		int node = anyNode();
		try {
			this.browser.get(node).get("/csrf");
		}
		catch (IllegalStateException ex) {
			unlessGone(node, ex);
			changeSession();
		}
	}

	private void unlessGone(int node, IllegalStateException ex) {
		if (!this.network.isGone(node)) {
			throw ex;
		}
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
