package org.sessionlink.link;

/**
 * What is known of links beyond this server, where several share their HTTP sessions. It
 * alone decides then whether a link has expired, as it may have been used elsewhere, and
 * hears of the end of each.
 *
 * <p>
 * Each call comes on a thread of a crew, and may wait for somebody else a little.
 */
public interface LinkStore {

	/** Of a server that stands alone. */
	LinkStore NONE = new LinkStore() {

		@Override
		public boolean isShared() {
			return false;
		}

		@Override
		public void ask(Link link) {
			// This server knows all.
		}

		@Override
		public void ended(Link link, EndCause cause) {
			// There is nobody to tell.
		}

	};

	/** Returns whether other servers know of the same links. */
	boolean isShared();

	/**
	 * Tells the link when it was used last, and ends it if that is too long ago; does
	 * neither where nobody can say.
	 */
	void ask(Link link);

	/**
	 * Takes note that a link has ended here, be it that it had ended elsewhere before.
	 */
	void ended(Link link, EndCause cause);

}
