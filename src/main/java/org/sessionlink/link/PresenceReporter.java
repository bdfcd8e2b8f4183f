package org.sessionlink.link;

import org.jspecify.annotations.Nullable;

/**
 * Tells other servers who is here (B37): what has changed is read anew when it is told.
 */
public interface PresenceReporter {

	/** Of a server that stands alone. */
	PresenceReporter NONE = new PresenceReporter() {

		@Override
		public @Nullable String name() {
			return null;
		}

		@Override
		public void changed(String destination) {
			// Nobody is to hear of it.
		}

	};

	/** Returns the name of this server among the others, or null where it is alone. */
	@Nullable String name();

	/**
	 * Takes note that somebody has come or gone at a destination by this server, or has
	 * other sockets; never waits.
	 */
	void changed(String destination);

}
