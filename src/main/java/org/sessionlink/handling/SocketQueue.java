package org.sessionlink.handling;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.sessionlink.inbound.Frame;
import org.sessionlink.inbound.FrameHandler;
import org.sessionlink.inbound.FrameQueue;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;
import org.sessionlink.link.Telling;

import org.springframework.core.NamedThreadLocal;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageHandlingRunnable;
import org.springframework.web.socket.handler.ExceptionWebSocketHandlerDecorator;

/**
 * The frames of one socket, one after the other (B33): on the thread that reads, until
 * one comes to a method that is {@link Blocking}. That call is parked, and a handler
 * thread makes it, and handles what comes behind; neither holds the socket's turn, which
 * closing and revoking need, while the method waits (B13).
 *
 * <p>
 * Worked for by one thread at a time, whose passing on to the next is a step of
 * {@link HeldFrames} or {@link HandlerThreads}; what is parked, and whether a handler has
 * failed, is that thread's alone. Any thread adds and closes.
 */
final class SocketQueue implements FrameQueue, HandlerThreads.Task {

	private static final Log logger = LogFactory.getLog(SocketQueue.class);

	private static final ThreadLocal<@Nullable SocketQueue> current = new NamedThreadLocal<>("Socket of the frame");

	private static final String TOO_MUCH = "The server has too much to do: connect again in a while.";

	private final FrameHandler handler;

	private final HandlerThreads threads;

	private final HeldFrames held;

	private final Pause pause;

	private final SignOfLife sign;

	private final List<Parked> parked = new ArrayList<>(0);

	// In one step to the thread that comes for the calls, or to who gives them up.
	private final AtomicReference<List<Afterwards>> afterwards = new AtomicReference<>(List.of());

	private final HandlingTime time;

	private boolean failed;

	/** A call of a method that may wait, for somebody who was let through. */
	private record Parked(MessageHandlingRunnable call, @Nullable Identity identity) {
	}

	/** What follows a frame whose calls are parked. */
	private record Afterwards(Runnable handled, Runnable otherwise) {
	}

	SocketQueue(FrameHandler handler, HandlerThreads threads, HeldFrames held, SignOfLife sign) {
		this.handler = handler;
		this.threads = threads;
		this.held = held;
		this.sign = sign;
		this.pause = new Pause(() -> Reading.of(handler.session()), held);
		SocketLink link = handler.link();
		this.time = new HandlingTime(link);
		if (link != null) {
			link.handledBy(this::afterFrame);
		}
	}

	/**
	 * Keeps a call for a handler thread, if it is part of handling a socket's frame.
	 * @return whether it is, and is made later
	 */
	static boolean park(MessageHandlingRunnable call) {
		SocketQueue queue = current.get();
		if (queue == null) {
			return false;
		}
		SocketLink link = queue.handler.link();
		queue.parked.add(new Parked(call, (link != null) ? link.identity() : null));
		return true;
	}

	/** Returns the queue whose frame this thread handles, or null where it does not. */
	static @Nullable SocketQueue current() {
		return current.get();
	}

	/** Remembers that a handler of the frame has failed: nothing comes after it. */
	void handlerFailed() {
		this.failed = true;
	}

	/** Remembers that a method has failed; returns whether its client was told why. */
	boolean methodFailed(Message<?> message, Exception failure) {
		handlerFailed();
		return this.handler.denied(message, failure);
	}

	private void afterFrame(Runnable handled, Runnable otherwise) {
		if (current.get() == this && !this.parked.isEmpty()) {
			Afterwards one = new Afterwards(handled, otherwise);
			this.afterwards.updateAndGet((all) -> Stream.concat(all.stream(), Stream.of(one)).toList());
		}
		else if (current.get() == this && this.failed) {
			otherwise.run();
		}
		else {
			handled.run();
		}
	}

	@Override
	public boolean add(List<Frame> frames) {
		if (this.pause.isOn() ? this.held.isOver() : this.held.isFull()) {
			giveUp(Refused.TOO_MANY_WAITING,
					"Too many frames wait behind one that takes long: send fewer, and connect again in a while.");
			return false;
		}
		boolean free = this.held.add(frames);
		if (!free) {
			this.sign.of(this.handler.session());
			stopIfFull();
		}
		return free;
	}

	private void stopIfFull() {
		if (this.pause.look()) {
			this.sign.repeat(this.handler.session(), this.pause::isOn);
		}
	}

	/** Handles what waits on this thread, which is the container's. */
	@Override
	public void work() {
		SocketLink link = this.handler.link();
		if (link == null) {
			handleWhatIsRead();
			return;
		}
		link.busy(true);
		try {
			handleWhatIsRead();
		}
		finally {
			link.busy(false);
		}
	}

	// An executor of the application's may do it all on this thread.
	private void handleWhatIsRead() {
		if (!handleUntilParked()) {
			return;
		}
		if (this.threads.run(this)) {
			stopIfFull();
			return;
		}
		if (this.threads.isStopping()) {
			drop();
		}
		else {
			giveUp(Refused.QUEUE_FULL, TOO_MUCH);
		}
	}

	/**
	 * Makes the calls that are parked, and handles what waits, on this handler thread.
	 */
	@Override
	public void run() {
		do {
			callParked();
			if (this.threads.isStopped()) {
				drop();
			}
		}
		// Other sockets go before what may wait again.
		while (handleUntilParked() && !this.threads.runIfRoom(this));
	}

	/** Returns whether the last frame that was handled has a call that is parked. */
	private boolean handleUntilParked() {
		for (Frame frame = next(); frame != null; frame = next()) {
			handle(frame);
			if (!this.parked.isEmpty()) {
				return true;
			}
		}
		return false;
	}

	private @Nullable Frame next() {
		Frame next = this.held.next();
		if (this.pause.isOn()) {
			this.pause.look();
		}
		return next;
	}

	private void handle(Frame frame) {
		current.set(this);
		this.failed = false;
		this.time.begin(frame.isHeartbeat());
		try {
			this.handler.handle(frame);
		}
		catch (Throwable ex) {
			failed(ex);
		}
		finally {
			current.remove();
			this.time.stop(!this.parked.isEmpty());
		}
	}

	private void callParked() {
		List<Parked> calls = List.copyOf(this.parked);
		List<Afterwards> following = this.afterwards.getAndSet(List.of());
		this.parked.clear();
		this.time.goOn();
		try {
			calls.forEach(this::call);
		}
		catch (Throwable ex) {
			handlerFailed();
			failed(ex);
		}
		this.time.stop(false);
		following.forEach((one) -> follow(this.failed ? one.otherwise() : one.handled()));
	}

	private void follow(Runnable task) {
		try {
			task.run();
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	private void call(Parked parkedCall) {
		if (this.held.isClosed() || !this.handler.finish(parkedCall.call(), parkedCall.identity())) {
			handlerFailed();
		}
	}

	// Errors too: with this thread the socket would be stuck.
	private void failed(Throwable error) {
		ExceptionWebSocketHandlerDecorator.tryCloseWithError(this.handler.session(), error, logger);
	}

	@Override
	public void lost() {
		giveUp(Refused.QUEUE_FULL, TOO_MUCH);
	}

	private void giveUp(Refused reason, String sentence) {
		drop();
		this.handler.refuse(reason, sentence);
	}

	/** Drops what waits, and what comes. */
	@Override
	public void drop() {
		this.held.close();
		// Closed before: a call whose followers are taken here is not made any more.
		this.afterwards.getAndSet(List.of())
			.forEach((one) -> Telling.tell("What follows a frame that is dropped", one.otherwise()::run));
	}

	/** Drops it, and gives back the place in front of the handler threads. */
	@Override
	public void close() {
		drop();
		this.threads.remove(this);
	}

}
