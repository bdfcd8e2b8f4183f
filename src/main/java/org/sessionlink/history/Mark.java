package org.sessionlink.history;

/**
 * Up to where a server has the messages of a destination.
 *
 * @param epoch tells one count from another
 * @param last the number of the last message; 0 before the first
 * @param id tells that message from another of the same number; 0 before the first
 */
public record Mark(String epoch, long last, long id) {

	/** Of a copy of which nothing is known yet. */
	public static final Mark NOWHERE = new Mark("", 0, 0);

	boolean isNowhere() {
		return this.epoch.isEmpty();
	}

	boolean isOfSameCount(Mark other) {
		return this.epoch.equals(other.epoch);
	}

	/** Returns the position of a client that has all of it. */
	public Position position() {
		return new Position(this.epoch, this.last);
	}

}
