package org.sessionlink.link;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where code of others is called that wants to hear of something: once it
 * is so, and guarded, so that a fault of theirs hurts that call alone (B41).
 */
public final class Telling {

	private static final Logger logger = LoggerFactory.getLogger(Telling.class);

	private Telling() {
	}

	/** What may fail. */
	public interface Call {

		void run() throws Exception;

	}

	/**
	 * Calls somebody; what is thrown, errors included, goes to the log and no further.
	 * @param what whom, for the log
	 */
	public static void tell(String what, Call call) {
		try {
			call.run();
		}
		catch (Throwable ex) {
			report(what, ex);
		}
	}

	private static void report(String what, Throwable error) {
		try {
			logger.error("{} failed; nothing else is affected", what, error);
		}
		catch (Throwable ex) {
			// Not even that goes: there is no memory, or the log is at fault itself.
		}
	}

}
