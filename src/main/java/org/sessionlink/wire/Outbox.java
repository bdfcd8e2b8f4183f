package org.sessionlink.wire;

import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.LinkClock;
import org.sessionlink.link.SocketLink;
import org.sessionlink.link.Telling;
import org.sessionlink.wire.OutboxRules.Next;
import org.sessionlink.wire.OutboxRules.Stroke;

import org.springframework.web.socket.WebSocketMessage;

/**
 * Where messages go out to one socket: nobody who sends waits for a peer that does not
 * read (B18), and not too much is kept for it (B27).
 *
 * <p>
 * A message that waits alone is written by whoever has sent it; several are written as
 * one, by the {@link Writers}. Right before each is written, the owner and the message's
 * own gate are asked whether it may still go out. Safe for use by any thread.
 */
public final class Outbox implements Pen.Hand {

	private final Pen pen = new Pen(this);

	private final Lingering lingering;

	private final OutboxRules rules;

	private final Wire wire;

	private final Owner owner;

	private final Sent sent;

	private final LinkClock clock;

	private final Consumer<Outbox> writers;

	/**
	 * Makes an empty one.
	 * @param writers takes it to be {@linkplain #writeTogether written} soon, by a thread
	 * for that
	 */
	Outbox(Wire wire, Owner owner, Sent sent, LinkClock clock, OutboxLimits limits, Consumer<Outbox> writers) {
		this.wire = wire;
		this.lingering = new Lingering(wire, clock);
		this.owner = owner;
		this.sent = sent;
		this.clock = clock;
		this.writers = writers;
		this.rules = new OutboxRules(this.pen, clock, limits, owner::mayPass, this::lookAtTime);
	}

	/** Whose outbox it is; told once something is so, and outside every lock. */
	public interface Owner {

		/** Returns whether anything may still go out. */
		boolean mayPass();

		/**
		 * Hears of messages that its client will miss.
		 * @param gates the gate of each
		 */
		void missed(List<BooleanSupplier> gates);

		/** Hears that its client reads too slowly; the outbox is closed. */
		void tooSlow();

		/** Hears that the socket is broken; the outbox is closed. */
		void broken(Throwable error);

	}

	/**
	 * Writes a message when its turn comes, now if it can; never waits.
	 * @param mayMiss whether the client can do without it (B27)
	 * @param gate asked before it is written: false if it may no longer go out
	 */
	public void send(Payload message, boolean mayMiss, BooleanSupplier gate) {
		tell(this.rules.add(outgoing(message, mayMiss, gate)));
		advance(false);
	}

	/**
	 * Has a message written by the writers, together with what else comes meanwhile.
	 * Where they are far behind it waits for them as long as its patience lasts, and then
	 * writes itself.
	 * @param mayMiss whether the client can do without it (B27)
	 * @param gate asked before it is written: false if it may no longer go out
	 */
	public void sendSoon(Payload message, boolean mayMiss, BooleanSupplier gate, Patience patience) {
		tell(this.rules.add(outgoing(message, mayMiss, gate)));
		Next next = this.rules.next(patience);
		if (next == Next.QUEUE) {
			queue();
		}
		else if (next == Next.WRITE) {
			advance(true);
		}
	}

	private Outgoing outgoing(Payload message, boolean mayMiss, BooleanSupplier gate) {
		return new Outgoing(message, message.bytes(), mayMiss, gate, this.clock.nanoTime());
	}

	private void lookAtTime() {
		tell(this.rules.lookAtTime());
	}

	private void tell(Verdict verdict) {
		if (!verdict.missed().isEmpty()) {
			Telling.tell("Who hears of what is missed",
					() -> this.owner.missed(verdict.missed().stream().map(Outgoing::gate).toList()));
		}
		if (verdict.tooSlow()) {
			Telling.tell("The owner of a slow socket", this.owner::tooSlow);
			this.rules.whatFollows().run();
		}
	}

	private void queue() {
		try {
			this.writers.accept(this);
		}
		catch (Throwable ex) {
			// Nobody would ever come for what waits.
			failed(ex);
		}
	}

	/**
	 * Writes what waits alone, and again if one more has come meanwhile; has the writers
	 * do it where several wait; does what was to follow the last.
	 */
	private void advance(boolean evenOfMany) {
		Stroke next = this.rules.takeOne(evenOfMany);
		while (next != null && draw(next, false)) {
			next = this.rules.takeOne(false);
		}
		if (next == null) {
			if (this.rules.mayQueue()) {
				queue();
			}
			this.rules.whatFollows().run();
		}
	}

	/**
	 * Writes what waits as one: for the writers alone.
	 * @param wait whether this thread may wait for the peer
	 */
	void writeTogether(MayWait wait) {
		int room = this.wire.room(wait != MayWait.NOT);
		Stroke next = this.rules.takeMany(room);
		if (next == null || draw(next, room > 0 && wait == MayWait.FOR_ANY && this.wire.isCheaperTogether())) {
			advance(false);
		}
	}

	private boolean draw(Stroke stroke, boolean together) {
		return this.pen.draw(stroke.number(), (written) -> write(stroke.messages(), together, written));
	}

	private void write(List<Outgoing> messages, boolean together, Consumer<@Nullable Throwable> written)
			throws IOException {
		Passing passing = new Passing(messages, this::mayPass, this.sent);
		if (this.wire.writesLater()) {
			this.wire.writeTogether(passing, (error) -> {
				this.sent.strokeIsOver();
				written.accept(error);
			});
			return;
		}
		try {
			if (together || messages.size() > 1) {
				this.wire.writeTogether(passing, written);
			}
			else {
				writeAlone(passing.iterator(), written);
			}
		}
		finally {
			this.sent.strokeIsOver();
		}
	}

	private void writeAlone(Iterator<WebSocketMessage<?>> message, Consumer<@Nullable Throwable> written)
			throws IOException {
		if (message.hasNext()) {
			this.wire.write(message.next(), written);
		}
		else {
			written.accept(null);
		}
	}

	private boolean mayPass(Outgoing message) {
		return this.owner.mayPass() && message.gate().getAsBoolean();
	}

	@Override
	public void laidDown() {
		advance(false);
	}

	@Override
	public void failed(Throwable error) {
		if (this.rules.shut()) {
			Telling.tell("The owner of a broken socket", () -> this.owner.broken(error));
		}
		this.rules.whatFollows().run();
	}

	/** Pings the peer, if nothing is under way and nothing waits; may wait for it. */
	public void ping() {
		Stroke stroke = this.rules.takeNothing();
		if (stroke != null && this.pen.draw(stroke.number(), this.wire::ping)) {
			advance(false);
		}
	}

	/**
	 * Throws away what waits, and writes one last message, if what is under way is
	 * written within this time; waits for it as long again.
	 * @return whether it was written, or at least begun
	 */
	public boolean writeLast(WebSocketMessage<?> message, Duration limit) throws InterruptedException {
		this.rules.shut();
		this.wire.drop();
		Stroke last = this.rules.takeLast(limit);
		if (last != null && !this.pen.draw(last.number(), (written) -> {
			this.sent.add(message, message.getPayloadLength());
			this.sent.strokeIsOver();
			this.wire.write(message, written);
		})) {
			this.rules.awaitPen(limit);
		}
		return last != null;
	}

	/**
	 * Takes nothing more, and has this run once what waits is written.
	 * @return false if there is nothing: then it is not run
	 */
	public boolean closeAfterLast(Runnable after) {
		return this.rules.closeAfterLast(after);
	}

	/** Returns whether nothing goes out any more but a {@linkplain #writeLast last}. */
	public boolean isClosed() {
		return this.rules.isShut();
	}

	/** Throws away what waits, and takes nothing more. */
	public void close() {
		this.rules.shut();
		this.rules.whatFollows().run();
	}

	/**
	 * Gets ready for the container's close: nothing is written any more, and soon the
	 * connection is broken off. The close itself may wait for a peer that does not read,
	 * and then the container for the answer of one that talks on.
	 */
	public void beforeClose() {
		this.lingering.begin();
		Telling.tell("Getting ready for a close", this.wire::beforeClose);
	}

	/**
	 * Keeps the container's close for when the peer can hear of it, though not long.
	 * @return false where it is to be closed now
	 */
	public boolean closesLater(Runnable close) {
		return this.wire.closesLater(close);
	}

	/**
	 * Answers a request that has come for messages.
	 * @return false, and does nothing, while another one is being answered
	 */
	public boolean answer(SocketLink.Step answer) throws Exception {
		return this.wire.answer(answer);
	}

	/**
	 * Closes, of a socket that is closed, and frees the thread that waits for the peer,
	 * if there is one; breaks the connection off soon if the peer still has not read
	 * then.
	 */
	public void abandon() {
		close();
		// Looked at before, as a thread that is freed lays the pen down.
		boolean reads = !this.pen.isUp();
		Telling.tell("Freeing a thread that writes", this.wire::free);
		if (!reads) {
			this.lingering.begin();
		}
	}

	/** Returns whether the thread that writes waits for the peer. */
	boolean isWaiting() {
		return this.wire.isWaiting();
	}

	/** Returns how many bytes wait. */
	public long waiting() {
		return this.rules.waiting();
	}

	/** Returns how many bytes wait, or waited when it was closed. */
	public long unwritten() {
		return this.rules.unwritten();
	}

	/** Returns whether something waits or is under way. */
	public boolean hasWork() {
		return this.rules.isBusy();
	}

	/** Waits until nothing waits or is under way, or until the time is over. */
	public boolean awaitWritten(Duration limit) throws InterruptedException {
		return this.rules.awaitEmpty(limit);
	}

}
