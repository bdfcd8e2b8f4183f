package org.sessionlink.inbound;

import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Refused;

/**
 * What is known of one socket's handled frames from one to the next. Changed while one of
 * them is handled, and by the socket's closing; never by two threads at once. That it is
 * refused any thread may say; who tells the client is decided in one atomic step.
 */
final class Incoming {

	private static final String ATTRIBUTE = Incoming.class.getName();

	private static final Runnable NOTHING = () -> {
	};

	private final Set<Refused> loggedReasons = EnumSet.noneOf(Refused.class);

	private final Pulse pulse = new Pulse();

	private volatile boolean disconnected;

	// Read by the thread that reads, too.
	private volatile boolean refused;

	private volatile @Nullable FrameRefusedException refusal;

	private final AtomicBoolean told = new AtomicBoolean();

	private @Nullable Fate fate;

	/** What is to be done once it is known whether a frame was sent. */
	private static final class Fate {

		private final @Nullable Fate outer;

		private Runnable ifSent = NOTHING;

		private Runnable ifNotSent = NOTHING;

		Fate(@Nullable Fate outer) {
			this.outer = outer;
		}

	}

	static Incoming in(Map<String, Object> attributes) {
		return (Incoming) attributes.computeIfAbsent(ATTRIBUTE, (key) -> new Incoming());
	}

	/** Returns what the socket's heart-beats are held against. */
	Pulse pulse() {
		return this.pulse;
	}

	/** Remembers that the client said DISCONNECT. */
	void disconnect() {
		this.disconnected = true;
	}

	boolean isDisconnected() {
		return this.disconnected;
	}

	/** Remembers that a frame was refused so that no other may follow, and why. */
	void refuseAll(FrameRefusedException why) {
		this.refusal = why;
		this.refused = true;
	}

	/** Returns why a frame was refused, or null where none was. */
	@Nullable FrameRefusedException refusal() {
		return this.refusal;
	}

	/**
	 * Remembers that, and that the client is told why: by whoever gets true, which one
	 * does, and nobody else.
	 */
	boolean refuseAllAndTell() {
		this.refused = true;
		return this.told.compareAndSet(false, true);
	}

	boolean isRefused() {
		return this.refused;
	}

	/** Hears that the client's next frame is handled. */
	void next() {
		// Where the application has made another message of one, nobody came to its end.
		this.fate = null;
	}

	/**
	 * Hears that a frame is looked at, which may be inside of another: an interceptor of
	 * the application may send more.
	 */
	void begin() {
		this.fate = new Fate(this.fate);
	}

	/** Remembers what to do if the frame that is being let through gets to be sent. */
	void ifSent(Runnable task) {
		fate().ifSent = task;
	}

	/** Remembers what to do if it does not, as the application stops it. */
	void ifNotSent(Runnable task) {
		fate().ifNotSent = task;
	}

	private Fate fate() {
		if (this.fate == null) {
			begin();
		}
		return Objects.requireNonNull(this.fate);
	}

	/** Does what is to be done now that the frame was sent, or not. */
	void done(boolean sent) {
		Fate done = this.fate;
		if (done != null) {
			this.fate = done.outer;
			(sent ? done.ifSent : done.ifNotSent).run();
		}
	}

	/** Returns whether this is the first time that this reason is to be logged. */
	boolean isNews(Refused reason) {
		return this.loggedReasons.add(reason);
	}

}
