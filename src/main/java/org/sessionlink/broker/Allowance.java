package org.sessionlink.broker;

/**
 * How many messages, and bytes of them, may be kept for one purpose. One may always be,
 * however large. Safe for use by any thread: each change is one step under the monitor.
 */
final class Allowance {

	private final int most;

	private final long mostBytes;

	private int count;

	private long bytes;

	/** Allows so many; 0 for any number. */
	Allowance(int most, long mostBytes) {
		this.most = most;
		this.mostBytes = mostBytes;
	}

	/** Takes room for one more; returns false where there is none. */
	synchronized boolean take(long size) {
		if (!hasRoom(size)) {
			return false;
		}
		this.count++;
		this.bytes += size;
		return true;
	}

	synchronized boolean hasRoom(long size) {
		boolean fits = (this.most == 0 || this.count < this.most)
				&& (this.mostBytes == 0 || this.bytes + size <= this.mostBytes);
		return this.count == 0 || fits;
	}

	/** Gives the room of one back. */
	synchronized void give(long size) {
		this.count--;
		this.bytes -= size;
	}

	/**
	 * Takes room for another size in the place of what somebody has.
	 * @param before what that is; 0 for nothing
	 * @return false where there is no room for more, and nothing changes
	 */
	synchronized boolean exchange(long before, long after) {
		int own = (before > 0) ? 1 : 0;
		boolean isFull = (this.most > 0 && this.count - own >= this.most)
				|| (this.mostBytes > 0 && this.bytes - before + after > this.mostBytes);
		if (after > before && isFull && this.count > own) {
			return false;
		}
		this.count += ((after > 0) ? 1 : 0) - own;
		this.bytes += after - before;
		return true;
	}

	synchronized int count() {
		return this.count;
	}

	synchronized long bytes() {
		return this.bytes;
	}

}
