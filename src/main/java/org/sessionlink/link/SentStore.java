package org.sessionlink.link;

/**
 * What other servers know of the messages that a link has sent, where several share their
 * HTTP sessions (B52). Asked of what this one sees for the first time; may wait for an
 * answer a little.
 */
public interface SentStore {

	/** Of a server that stands alone. */
	SentStore NONE = new SentStore() {

		@Override
		public SentIds.Turn take(Link link, String id, SentIds.Repeat repeat) {
			return SentIds.Turn.FIRST;
		}

		@Override
		public void handled(Link link, String id) {
			// There is nobody to tell.
		}

		@Override
		public void failed(Link link, String id) {
			// There is nobody to tell.
		}

	};

	/**
	 * Says what a message is; the first where nobody can say.
	 * @param repeat is told what becomes of it at another server, if that is under way
	 */
	SentIds.Turn take(Link link, String id, SentIds.Repeat repeat);

	/** Remembers that a message was handled. */
	void handled(Link link, String id);

	/** Forgets a message that was not handled: it may be sent again, to any server. */
	void failed(Link link, String id);

}
